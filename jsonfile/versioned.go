// Package jsonfile owns the reading and the writing of the project's own JSON
// files: one object with a version. It must not know what is in them. verifier,
// signature, conformance and chain import it.
package jsonfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Read reads one JSON object of at most limit bytes into v. Another version
// than the given one, and what Decode refuses, are errors: these files are written by
// zkml only, so a surprise is a mistake or an attempt to hide something.
func Read(r io.Reader, limit int64, version int, v any) error {
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return err
	}
	if int64(len(text)) > limit {
		return fmt.Errorf("longer than %d bytes", limit)
	}
	if err := checkVersion(text, version); err != nil {
		return err
	}
	return Decode(text, v)
}

// checkVersion comes before the strict reading, so that a file of a later
// version is refused as that and not for a field it adds.
func checkVersion(text []byte, version int) error {
	var head struct {
		Version int `json:"version"`
	}
	err := json.NewDecoder(bytes.NewReader(text)).Decode(&head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file is empty or ends too early")
	}
	if err != nil {
		return err
	}
	if head.Version != version {
		return fmt.Errorf("version %d; this zkml reads version %d", head.Version, version)
	}
	return nil
}

// Write writes v, indented, with a final newline; the same value gives the
// same bytes.
func Write(w io.Writer, v any) (int64, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return 0, err
	}
	return text.WriteTo(w)
}
