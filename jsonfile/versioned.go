// Package jsonfile owns reading and writing of the project's own JSON files: one
// object with a version. It must not know what they contain. verifier, signature,
// conformance and chain import it.
package jsonfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Read reads one JSON object of at most limit bytes into v. A version other than the
// given one, and anything that Decode refuses, is an error: only zkml writes these
// files, so anything unexpected is a mistake or an attempt to hide something.
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

// checkVersion runs before the strict decoding, so that a file of a later version is
// refused for its version and not for a new field.
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
