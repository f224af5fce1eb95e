package onnx

import (
	"errors"
	"fmt"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
)

// maxSize bounds a single size of a shape.
var maxSize = budget.Size.Most

// value is a ValueInfoProto.
type value struct {
	name    string
	kind    string // "tensor", "sequence", ..., "" if the file gives no type
	element int64  // ONNX's number of the element type, for tensors
	dims    []graph.Dim
}

func readValue(b []byte) (value, error) {
	var v value
	err := fields{1: text(&v.name), 2: message(v.readType)}.read(b)
	if err == nil && v.name == "" {
		err = errors.New("it has no name")
	}
	return v, err
}

// readType reads a TypeProto, which is a oneof.
func (v *value) readType(b []byte) error {
	other := func(kind string) func(field) error {
		return message(func([]byte) error {
			v.kind = kind
			return nil
		})
	}
	err := fields{
		1: message(v.readTensorType),
		4: message(v.readSequence),
		5: other("map"),
		7: other("opaque"),
		8: other("sparse_tensor"),
		9: other("optional"),
	}.read(b)
	if err != nil {
		return fmt.Errorf("%q: %w", v.name, err)
	}
	return nil
}

// readSequence reads the type of a sequence: what its elements are where they are maps
// from labels to floats, as ZipMap makes them.
func (v *value) readSequence(b []byte) error {
	v.kind = "sequence"
	key, of := int64(0), value{}
	err := fields{1: message(fields{5: message(fields{
		1: number(&key),
		2: message(fields{1: message(fields{1: number(&of.element)}.read)}.read),
	}.read)}.read)}.read(b)
	if of.element == floatType && (key == int64Type || key == stringType) {
		v.kind = string(graph.Maps)
	}
	return err
}

func (v *value) readTensorType(b []byte) error {
	v.kind = "tensor"
	v.dims = []graph.Dim{{Name: graph.OpenRank}}
	return fields{1: number(&v.element), 2: message(v.readShape)}.read(b)
}

func (v *value) readShape(b []byte) error {
	v.dims = []graph.Dim{}
	return fields{1: message(v.addDim)}.read(b)
}

// addDim reads one size: a number, a name, or neither. Some exporters write an open
// size as a negative number.
func (v *value) addDim(b []byte) error {
	size, open := int64(-1), ""
	if err := (fields{1: number(&size), 2: text(&open)}).read(b); err != nil {
		return err
	}
	if len(v.dims) == maxRank {
		return fmt.Errorf("more than %d axes", maxRank)
	}
	switch {
	case size > maxSize:
		return fmt.Errorf("size %d is too large", size)
	case size >= 0:
		v.dims = append(v.dims, graph.Dim{Size: int(size)})
	case open != "":
		v.dims = append(v.dims, graph.Dim{Name: open})
	default:
		v.dims = append(v.dims, graph.Dim{Name: "?"})
	}
	return nil
}

// asInput accepts tensors of numbers and of texts.
func (v value) asInput() (graph.Value, error) {
	if v.kind == "" {
		return graph.Value{}, fmt.Errorf("input %q has no type; export the model again", v.name)
	}
	if v.kind != "tensor" {
		return graph.Value{}, fmt.Errorf("input %q is of kind %s; only tensors are supported", v.name, v.kind)
	}
	if v.element == stringType {
		return graph.Value{Name: v.name, DType: graph.Text, Dims: v.dims}, nil
	}
	e, err := elementOf(v.element)
	if err != nil {
		return graph.Value{}, fmt.Errorf("input %q: %w", v.name, err)
	}
	return graph.Value{Name: v.name, DType: e.dtype, Dims: v.dims}, nil
}

// asOutput accepts anything: for what is not a tensor of numbers, DType is its kind.
func (v value) asOutput() graph.Value {
	out := graph.Value{Name: v.name, DType: graph.DType(v.kind), Dims: v.dims}
	if v.kind == "tensor" {
		out.DType = graph.DType(elementName(v.element))
	}
	return out
}
