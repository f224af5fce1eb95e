// Package onnx turns an ONNX file into a plain graph. It owns the wire format,
// versions, tensors and their element types, external data, and the checks that
// make a graph sound (every value defined once, no cycles, finite weights). It
// must not know what operators mean, except that it refuses a string as the value of
// a Constant. The compiler's import pass and the readers of .pb tensors may import
// it.
//
// Two decoders read each file. onnx-go decodes its structure: operators,
// edges, scalar and list attributes. This package's own reader, on protowire,
// reads what onnx-go drops or refuses: versions, domains, names, symbolic sizes,
// tensors of every element type. Both see operators and edges, and a file on which
// they disagree is refused.
package onnx

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/printable"
)

// pointer is how a Git LFS pointer begins: the file that replaces a large one in Git.
const pointer = "version https://git-lfs.github.com/spec/"

// maxFile is the size in bytes above which no protobuf message is valid.
var maxFile = budget.ModelBytes.Most

// Load reads the ONNX file at path, with its external data (see Inline). See Decode
// for what it accepts. The bytes are the whole model: Decode makes the same graph from
// them. Errors begin with path.
func Load(path string) (*graph.Graph, []byte, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, nil, err
	}
	if err := checkKind(data); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	if data, err = Inline(data, filepath.Dir(path)); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	g, err := Decode(data)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return g, data, nil
}

// readFile reads a whole regular file no larger than a protobuf message.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file; give the path of an .onnx file", path)
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("%s: %d bytes, more than a protobuf file can hold; "+
			"export the weights as external data", path, info.Size())
	}
	return os.ReadFile(path)
}

// checkKind refuses an empty file and a Git LFS pointer.
func checkKind(data []byte) error {
	switch {
	case len(data) == 0:
		return errors.New("the file is empty; give an ONNX model")
	case bytes.HasPrefix(data, []byte(pointer)):
		return errors.New("the file is a Git LFS pointer in place of the model; fetch the model with `git lfs pull`")
	}
	return nil
}

// Decode reads a model from bytes. It refuses external data.
//
// It accepts IR versions and opsets as listed in opset.go. An initialiser that
// is also an input becomes a constant. A size that the file leaves open has
// the symbolic name that the file gives it, or "?"; if even the rank is open,
// the input has the single size graph.OpenRank. An input that is a map is a row of numbers with
// the type of its keys. An output that is not a numeric
// tensor has its kind ("sequence", "map", "string") as DType; one of ZipMap's type has
// graph.Maps.
// Errors name the node, value or tensor at fault. No input makes it panic, and it
// allocates no more than a small multiple of the data that it reads.
func Decode(data []byte) (*graph.Graph, error) {
	if err := checkKind(data); err != nil {
		return nil, err
	}
	m, err := readModel(data)
	if err != nil {
		return nil, err
	}
	return link(m, nil)
}

// TensorName is the name of a serialised TensorProto; empty where it has none or is damaged.
func TensorName(data []byte) string {
	t, err := readTensor(data)
	if err != nil || printable.Check(t.name) != nil {
		return ""
	}
	return t.name
}

// ReadTensor reads a serialised TensorProto, as in the .pb files of ONNX's test
// data. Its values may be NaN or infinite; external data is refused.
func ReadTensor(data []byte) (*graph.Const, error) {
	if len(data) == 0 {
		return nil, errors.New("the file is empty; give a serialised ONNX tensor")
	}
	t, err := readTensor(data)
	if err != nil {
		return nil, fmt.Errorf("not an ONNX tensor: %w", err)
	}
	if t.element == stringType {
		return t.texts()
	}
	return t.decode()
}
