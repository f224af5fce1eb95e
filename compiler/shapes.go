package compiler

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/problem"
)

// sizes are those of symbolic dimensions: one for each name, whichever inputs have it.
type sizes map[string]size

type size struct {
	n    int
	from string // the input that decides it
}

// inputShapes are the shapes of inputs: the given ones, and of the others what the file
// says, with what the given ones decide of its symbolic sizes. A symbolic batch size,
// the first of several sizes, is 1 where nothing else decides it.
func inputShapes(inputs []graph.Value, given map[string][]int) ([][]int, error) {
	known, err := knownSizes(inputs, given)
	if err != nil {
		return nil, err
	}
	out := make([][]int, len(inputs))
	for k, in := range inputs {
		if out[k], err = known.shape(in, given); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// OpenSizes are the inputs that proved outputs may depend on, with what the given shapes decide of
// their sizes; none where all sizes are known. A batch size counts as known, and keeps its name.
func OpenSizes(g *graph.Graph, o ModelOptions) ([]graph.Value, error) {
	read, err := withMaps(g)
	if err != nil {
		return nil, nil // compiling says so
	}
	m := unboundModel(fused(read))
	if err := m.chooseOutputs(o.Outputs); err != nil {
		return nil, err
	}
	needed := m.needed()
	inputs := slices.DeleteFunc(slices.Clone(m.Graph.Inputs), func(v graph.Value) bool { return !needed[v.Name] })
	known, err := knownSizes(inputs, o.Shapes)
	if err != nil {
		return nil, err
	}
	named, err := givenSizes(inputs, o.Shapes)
	if err != nil {
		return nil, err
	}
	open := false
	for k, in := range inputs {
		if shape, ok := o.Shapes[in.Name]; ok {
			inputs[k].Dims = nil
			for _, d := range shape {
				inputs[k].Dims = append(inputs[k].Dims, graph.Dim{Size: d})
			}
			continue
		}
		_, err := known.shape(in, nil)
		open = open || err != nil
		inputs[k] = named.resolve(in)
	}
	if !open {
		return nil, nil
	}
	return inputs, nil
}

// knownSizes are what the given shapes decide of the symbolic sizes of inputs, and batch sizes.
func knownSizes(inputs []graph.Value, given map[string][]int) (sizes, error) {
	known, err := givenSizes(inputs, given)
	if err == nil {
		known.batch(inputs)
	}
	return known, err
}

// givenSizes are what the given shapes decide.
func givenSizes(inputs []graph.Value, given map[string][]int) (sizes, error) {
	known := sizes{}
	for _, in := range inputs {
		if shape, ok := given[in.Name]; ok {
			if err := known.take(in, shape); err != nil {
				return nil, err
			}
		}
	}
	return known, nil
}

// shape is that of an input, if it is known.
func (s sizes) shape(in graph.Value, given map[string][]int) ([]int, error) {
	if shape, ok := given[in.Name]; ok {
		return shape, nil
	}
	return s.resolve(in).Shape()
}

// take checks a given shape, and learns the symbolic sizes from it.
func (s sizes) take(v graph.Value, given []int) error {
	if len(v.Dims) == 1 && v.Dims[0].Name == graph.OpenRank {
		v.Dims = nil
	}
	if len(given) != len(v.Dims) && len(v.Dims) > 0 {
		return badShape(v.Name, "%d sizes given, the model has %d", len(given), len(v.Dims))
	}
	for i, d := range given {
		if d < 1 {
			return badShape(v.Name, "size %d is not positive", d)
		}
		if i >= len(v.Dims) {
			continue
		}
		dim := v.Dims[i]
		if dim.Name == "" && dim.Size != d && i != 0 {
			return badShape(v.Name, "size %d of the model is %d, not %d", i, dim.Size, d)
		}
		if dim.Name == "" || dim.Name == graph.OpenSize {
			continue
		}
		if other, ok := s[dim.Name]; ok && other.n != d {
			return badShape(v.Name, "size %d is %d, and its name %q is %d in input %s", i, d, dim.Name, other.n,
				other.from)
		}
		s[dim.Name] = size{d, v.Name}
	}
	return nil
}

// batch makes 1 of the symbolic sizes that come first in inputs of several sizes, and
// nowhere else than first.
func (s sizes) batch(inputs []graph.Value) {
	inside := map[string]bool{}
	for _, v := range inputs {
		for i, d := range v.Dims {
			if i > 0 {
				inside[d.Name] = true
			}
		}
	}
	for _, v := range inputs {
		if len(v.Dims) < 2 {
			continue
		}
		d := v.Dims[0]
		if _, ok := s[d.Name]; !ok && d.Name != "" && d.Name != graph.OpenSize && !inside[d.Name] {
			s[d.Name] = size{1, v.Name}
		}
	}
}

// resolve puts the known sizes in the place of names.
func (s sizes) resolve(v graph.Value) graph.Value {
	v.Dims = slices.Clone(v.Dims)
	for i, d := range v.Dims {
		switch known, ok := s[d.Name]; {
		case ok:
			v.Dims[i] = graph.Dim{Size: known.n}
		case i == 0 && len(v.Dims) > 1 && (d.Name == graph.OpenSize || d.Name == "" && d.Size == 0):
			v.Dims[i] = graph.Dim{Size: 1}
		}
	}
	return v
}

// badShape refuses a shape that was given for an input.
func badShape(name, format string, args ...any) error {
	return &problem.Error{
		Code: problem.Shape, Option: "${Shapes}", Place: name, Got: fmt.Sprintf(format, args...),
	}
}
