package onnx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/zkml-go/zkml/budget"
)

// maxExternal bounds the bytes that one model may take from external files:
// any number of tensors may point into the same one.
var maxExternal = budget.ExternalBytes.Most

// Inline copies data that a model keeps in other files of the folder dir into the
// model: raw_data in place of external_data, in every tensor of its graph and its functions. A model
// without external data is returned unchanged, byte for byte.
func Inline(model []byte, dir string) ([]byte, error) {
	out, err := (&source{dir: dir, left: maxExternal}).inline(model, modelMessage)
	if err == nil && int64(len(out)) > maxFile {
		err = fmt.Errorf("with its external data the model has %d bytes, more than a protobuf file can hold", len(out))
	}
	return out, err
}

// holder is a kind of message that contains tensors.
type holder int

const (
	modelMessage holder = iota
	functionMessage
	graphMessage
	nodeMessage
	attributeMessage
	tensorMessage
)

// tensorsIn lists the fields of each message that lead to tensors.
var tensorsIn = map[holder]map[protowire.Number]holder{
	modelMessage:     {7: graphMessage, 25: functionMessage},
	functionMessage:  {7: nodeMessage, 11: attributeMessage},
	graphMessage:     {1: nodeMessage, 5: tensorMessage},
	nodeMessage:      {5: attributeMessage},
	attributeMessage: {5: tensorMessage, 6: graphMessage, 10: tensorMessage, 11: graphMessage},
}

// maxDepth bounds messages within messages, as protobuf does.
var maxDepth = int(budget.Nesting.Most)

// inline copies a message, with the data of the tensors in it.
func (s *source) inline(msg []byte, h holder) ([]byte, error) {
	if h == tensorMessage {
		return s.inlineTensor(msg)
	}
	if s.depth++; s.depth > maxDepth {
		return nil, fmt.Errorf("its messages are nested more than %d deep; the file is damaged", maxDepth)
	}
	defer func() { s.depth-- }()
	var out []byte
	err := eachField(msg, func(num protowire.Number, f field, whole []byte) error {
		inner, ok := tensorsIn[h][num]
		if !ok || f.wire != protowire.BytesType {
			out = append(out, whole...)
			return nil
		}
		data, err := s.inline(f.data, inner)
		if err != nil || bytes.Equal(data, f.data) {
			out = append(out, whole...)
			return err
		}
		out = appendBytes(out, num, data)
		return nil
	})
	return out, err
}

// inlineTensor puts a tensor's external data into the tensor.
func (s *source) inlineTensor(msg []byte) ([]byte, error) {
	t, err := readTensor(msg)
	if err != nil || t.location != 1 {
		return msg, nil // the decoder will report it
	}
	data, err := s.dataOf(t)
	if err != nil {
		return nil, fmt.Errorf("tensor %q: %w", t.name, err)
	}
	var out []byte
	err = eachField(msg, func(num protowire.Number, _ field, whole []byte) error {
		if num != externalField && num != locationField {
			out = append(out, whole...)
		}
		return nil
	})
	return appendBytes(out, rawField, data), err
}

// dataOf reads a tensor's external data.
func (s *source) dataOf(t *tensorProto) ([]byte, error) {
	e, _, n, err := t.form()
	if err == nil {
		err = t.checkFields(e)
	}
	if err != nil {
		return nil, err
	}
	return s.read(t.external, e.bytes(n))
}

// source is the folder from which external data may be read. It keeps count of the
// bytes that may still be read.
type source struct {
	dir   string
	left  int64
	depth int // of messages
}

// read returns the need bytes that the entries (key, value, key, value...)
// of a tensor's external_data point to. The file must lie inside the folder:
// absolute paths, "..", and links that lead outside are refused.
func (s *source) read(entries []string, need int) ([]byte, error) {
	at, err := parseExternal(entries, need)
	if err != nil {
		return nil, err
	}
	if !filepath.IsLocal(filepath.FromSlash(at.file)) {
		return nil, fmt.Errorf("its external file %q is not inside the model's folder; "+
			"give a relative path without \"..\"", at.file)
	}
	if s.left -= int64(need); s.left < 0 {
		return nil, fmt.Errorf("the model has more than %d bytes of external data, too much for a circuit", maxExternal)
	}
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return nil, fmt.Errorf("its data is in the external file %q: %w", at.file, err)
	}
	defer root.Close()
	return at.read(root, need)
}

// extent is a run of bytes in an external file.
type extent struct {
	file   string
	offset int64
}

// read checks that the file holds the run before it allocates.
func (at extent) read(root *os.Root, need int) ([]byte, error) {
	info, err := root.Stat(filepath.FromSlash(at.file))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("its external data file %q is missing; put it beside the model", at.file)
	}
	if err != nil {
		return nil, fmt.Errorf("external data: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("its external file %q is not a regular file", at.file)
	}
	f, err := root.Open(filepath.FromSlash(at.file))
	if err != nil {
		return nil, fmt.Errorf("external data: %w", err)
	}
	defer f.Close()
	if isPointer(f) {
		return nil, fmt.Errorf("its external file %q is a Git LFS pointer in place of the data; fetch the data with "+
			"`git lfs pull`", at.file)
	}
	if at.offset > info.Size() || info.Size()-at.offset < int64(need) {
		return nil, fmt.Errorf("its external file %q has %d bytes, too few for %d at offset %d; copy it again",
			at.file, info.Size(), need, at.offset)
	}
	data := make([]byte, need)
	if _, err := io.ReadFull(io.NewSectionReader(f, at.offset, int64(need)), data); err != nil {
		return nil, fmt.Errorf("external file %q: %w", at.file, err)
	}
	return data, nil
}

// isPointer reports whether Git left a pointer in place of a file.
func isPointer(f io.ReaderAt) bool {
	start := make([]byte, len(pointer))
	_, err := f.ReadAt(start, 0)
	return err == nil && string(start) == pointer
}

// parseExternal reads location, offset and length. If a length is given, it must be
// what the tensor's shape needs.
func parseExternal(entries []string, need int) (at extent, err error) {
	length := int64(need)
	for i := 0; i < len(entries); i += 2 {
		key, val := entries[i], entries[i+1]
		switch key {
		case "location":
			at.file = val
		case "offset":
			at.offset, err = parseCount(key, val)
		case "length":
			length, err = parseCount(key, val)
		}
		if err != nil {
			return at, err
		}
	}
	if at.file == "" {
		return at, errors.New("its external data has no location; export the model again")
	}
	if length != int64(need) {
		return at, fmt.Errorf("its shape needs %d bytes, its external data has length %d", need, length)
	}
	return at, nil
}

func parseCount(key, val string) (int64, error) {
	n, err := strconv.ParseInt(val, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("its external %s %q is not a byte count", key, val)
	}
	return n, nil
}
