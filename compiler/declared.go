package compiler

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/problem"
)

// checkDeclared refuses an output of another type or shape than the file declares. What
// the file leaves open is not declared; nor are shapes where it leaves a size of an input
// open, or where an input was given another shape.
func (m *Model) checkDeclared(name string) error {
	is := func(v graph.Value) bool { return v.Name == name }
	declared := m.Graph.Outputs[slices.IndexFunc(m.Graph.Outputs, is)]
	got := m.info[name]
	e := &problem.Error{
		Code: problem.Node, Place: "output " + name, Remedy: "export the model again, or repair what the file declares",
	}
	switch {
	case declared.DType == graph.Maps: // read as the tensor that they are made of
	case declared.DType != "" && got.DType != "" && declared.DType != got.DType:
		e.Got = fmt.Sprintf("the file declares the type %s, and its nodes compute %s", declared.DType, got.DType)
	case m.inputsAsDeclared() && !fitsDims(got.Shape, declared.Dims):
		e.Got = fmt.Sprintf("the file declares the shape %s, and its nodes compute %v", dimsText(declared.Dims),
			got.Shape)
	}
	if e.Got == "" {
		return nil
	}
	return e
}

// inputsAsDeclared tells whether every input has the shape that the file declares, all of
// it.
func (m *Model) inputsAsDeclared() bool {
	for _, p := range m.Inputs {
		k := slices.IndexFunc(m.Graph.Inputs, func(v graph.Value) bool { return v.Name == p.Name })
		shape, err := m.Graph.Inputs[k].Shape()
		if err != nil || !slices.Equal(shape, p.Shape) {
			return false
		}
	}
	return true
}

// fitsDims tells whether a shape is what a file declares, as far as it does.
func fitsDims(shape []int, dims []graph.Dim) bool {
	if dims == nil || len(dims) == 1 && dims[0].Name == graph.OpenRank {
		return true
	}
	if len(dims) != len(shape) {
		return false
	}
	for i, d := range dims {
		if d.Name == "" && d.Size != shape[i] {
			return false
		}
	}
	return true
}

// dimsText is a declared shape as Go prints a known one.
func dimsText(dims []graph.Dim) string {
	out := make([]any, len(dims))
	for i, d := range dims {
		out[i] = d.Size
		if d.Name != "" {
			out[i] = d.Name
		}
	}
	return fmt.Sprint(out)
}
