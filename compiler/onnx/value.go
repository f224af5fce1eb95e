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
	key     int64 // ONNX's number of the type of keys, for maps
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
		5: message(v.readMap),
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

// readMap reads the type of a map: those of its keys and its values.
func (v *value) readMap(b []byte) error {
	v.kind = "map"
	return fields{1: number(&v.key), 2: message(fields{1: message(fields{1: number(&v.element)}.read)}.read)}.read(b)
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
		v.dims = append(v.dims, graph.Dim{Name: graph.OpenSize})
	}
	return nil
}

// asInput accepts tensors of numbers and of texts, and maps from integers or texts to numbers.
func (v value) asInput() (graph.Value, error) {
	if v.kind == "" {
		return graph.Value{}, fmt.Errorf("input %q has no type; export the model again", v.name)
	}
	if v.kind == "map" {
		return v.asMap()
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

// asMap reads a map as a row of numbers. How many they are is for its readers to say.
func (v value) asMap() (graph.Value, error) {
	key, ok := map[int64]graph.DType{int64Type: graph.Int64, stringType: graph.Text}[v.key]
	if !ok {
		return graph.Value{}, fmt.Errorf("input %q is a map whose keys are of type %s; supported are int64 and string",
			v.name, elementName(v.key))
	}
	if v.element == stringType {
		return graph.Value{}, fmt.Errorf("input %q is a map to texts; only those to numbers are supported", v.name)
	}
	e, err := elementOf(v.element)
	if err != nil {
		return graph.Value{}, fmt.Errorf("input %q: %w", v.name, err)
	}
	row := []graph.Dim{{Size: 1}, {Name: graph.OpenSize}}
	return graph.Value{Name: v.name, DType: e.dtype, Dims: row, Key: key}, nil
}

// asOutput accepts anything: for what is not a tensor of numbers, DType is its kind.
func (v value) asOutput() graph.Value {
	out := graph.Value{Name: v.name, DType: graph.DType(v.kind), Dims: v.dims}
	if v.kind == "tensor" {
		out.DType = graph.DType(elementName(v.element))
	}
	return out
}
