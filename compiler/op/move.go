package op

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
	"github.com/zkml-go/zkml/tensor"
)

// movement is an operator that only copies elements. plan gives the source of each
// element of each output.
type movement struct {
	plan  func(in []Arg) ([]moved, error)
	parts []moved
}

// moved is one output of a movement. Elements without a source are fill.
type moved struct {
	dtype graph.DType
	shape []int
	from  []source
	fill  float64
	// labels are what the columns are named, where this is not what they were.
	labels []string
}

// source names element index of input in; in is negative for a filled element.
type source struct{ in, index int32 }

// Infer implements Op.
func (m *movement) Infer(in []Arg) ([]Out, error) {
	parts, err := m.plan(in)
	if err != nil {
		return nil, err
	}
	m.parts = parts
	outs := make([]Out, len(parts))
	for i, p := range parts {
		outs[i] = Out{DType: p.dtype, Shape: slices.Clone(p.shape)}
		if outs[i].Meaning, err = p.meaning(in); err != nil {
			return nil, err
		}
		outs[i].Lowest = p.lowest(in)
	}
	return outs, nil
}

// Float implements Op.
func (m *movement) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	outs := make([]*tensor.Float, len(m.parts))
	for k, p := range m.parts {
		outs[k] = tensor.New[float64](p.shape...)
		for i, s := range p.from {
			outs[k].Data[i] = p.fill
			if s.in >= 0 {
				outs[k].Data[i] = in[s.in].Data[s.index]
			}
		}
	}
	return outs, nil
}

// Lower implements Op.
func (m *movement) Lower(l *Lowering) ([]ir.ID, error) {
	ids, number := l.variables()
	outs := make([]ir.ID, len(m.parts))
	for k, p := range m.parts {
		name := l.Name
		if k > 0 {
			name = fmt.Sprintf("%s.%d", l.Name, k)
		}
		outs[k] = l.Emit(l.Node, name, p.shape, p.kind(l.In, number), ids...)
	}
	return outs, nil
}

// kind is a Move if every element comes from a variable, else an Affine whose biases
// are the constants. The Affine is Fixed unless a constant of the model is among them,
// which may be secret.
func (p moved) kind(in []Arg, number []int) ir.Kind {
	move := &ir.Move{In: make([]int32, len(p.from)), Index: make([]int32, len(p.from))}
	affine := &ir.Affine{Bias: make([]float64, len(p.from)), Group: make([]int, len(p.from)), Fixed: true}
	rows := sparse.NewBuilder[float64]()
	part := sparse.Part{Pattern: rows.Pattern([]int32{0}, nil, nil), Kernel: rows.Kernel([]float64{1})}
	constants := 0
	for i, s := range p.from {
		switch {
		case s.in < 0:
			constants++
			affine.Bias[i] = finite(p.fill)
			rows.Add()
		case number[s.in] < 0:
			constants++
			affine.Bias[i] = finite(in[s.in].Const.Data[s.index])
			affine.Fixed = false
			rows.Add()
		default:
			move.In[i], move.Index[i] = int32(number[s.in]), s.index
			part.In, part.First = int32(number[s.in]), s.index
			rows.Add(part)
		}
	}
	if constants == 0 {
		return move
	}
	affine.Rows = rows.Matrix()
	return affine
}

// rearranged is the single output of a movement of input 0: element i of shape
// is its element index[i], or 0 where that is negative.
func rearranged(in []Arg, shape, index []int) moved {
	p := moved{dtype: in[0].DType, shape: shape, from: make([]source, len(index))}
	for i, x := range index {
		p.from[i] = source{index: int32(x)}
		if x < 0 {
			p.from[i].in = -1
		}
	}
	return p
}

// reshaped is input 0, whole and in order, under another shape.
func reshaped(in []Arg, shape []int) []moved {
	return []moved{rearranged(in, shape, indices(tensor.Size(shape)))}
}

// indices lists 0 to n-1.
func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// grid picks, along each axis of a tensor of shape, the positions in picks, and
// returns the flat indices of all combinations in row-major order. An element
// is -1 where one of its positions is.
func grid(shape []int, picks [][]int) []int {
	out := []int{0}
	for axis, d := range shape {
		next := make([]int, 0, len(out)*len(picks[axis]))
		for _, base := range out {
			for _, p := range picks[axis] {
				if base < 0 || p < 0 {
					next = append(next, -1)
					continue
				}
				next = append(next, base*d+p)
			}
		}
		out = next
	}
	return out
}

// whole picks every position of every axis of shape.
func whole(shape []int) [][]int {
	picks := make([][]int, len(shape))
	for i, d := range shape {
		picks[i] = indices(d)
	}
	return picks
}

// maxElements bounds an output that is larger than the operator's inputs.
var maxElements = int(budget.LayoutElements.Most)

// checkSize refuses shapes that are negative or implausibly large.
func checkSize(shape []int) error {
	n := 1
	for _, d := range shape {
		if d < 0 {
			return fmt.Errorf("shape %v has a negative size", shape)
		}
		if d > maxElements || d > 0 && n > maxElements/d {
			return fmt.Errorf("shape %v has more than %d elements; a circuit cannot hold it", shape, maxElements)
		}
		n *= d
	}
	return nil
}

// whole numbers beyond this stand for "as far as it goes".
const farAway = math.MaxInt/2 + 1

// integers reads a constant input of whole numbers, flat, with the int64 limits
// of ONNX's open-ended slices cut to ±farAway. what names the input in errors.
func integers(in []Arg, i int, what string) ([]int, error) {
	if i >= len(in) || !in[i].Present {
		return nil, fmt.Errorf("input %d (%s) is absent", i, what)
	}
	if in[i].Const == nil {
		return nil, fmt.Errorf("%s depends on the model's input, but must be known at compile time; "+
			"export the model with it fixed", what)
	}
	out := make([]int, len(in[i].Const.Data))
	for k, v := range in[i].Const.Data {
		if v != math.Trunc(v) {
			return nil, fmt.Errorf("%s: element %d is not a whole number", what, k)
		}
		out[k] = int(max(-farAway, min(farAway, v)))
	}
	return out, nil
}

// scalar reads a constant input of one element.
func scalar(in []Arg, i int, what string) (float64, error) {
	if in[i].Const == nil {
		return 0, fmt.Errorf("%s depends on the model's input, but must be known at compile time; "+
			"export the model with it fixed", what)
	}
	if len(in[i].Const.Data) != 1 {
		return 0, fmt.Errorf("%s has shape %v, but must be one number", what, in[i].Shape)
	}
	return in[i].Const.Data[0], nil
}

// given tells whether optional input i is present.
func given(in []Arg, i int) bool { return i < len(in) && in[i].Present }

// takes guards a constructor: the node must have least to most inputs, the
// first least of them present, and an output.
func takes(least, most int, bind func(*graph.Node) (Op, error)) func(*graph.Node) (Op, error) {
	return func(n *graph.Node) (Op, error) {
		if len(n.Inputs) < least || len(n.Inputs) > most {
			return nil, fmt.Errorf("%d inputs, but the operator takes %d to %d", len(n.Inputs), least, most)
		}
		if i := slices.Index(n.Inputs[:least], ""); i >= 0 {
			return nil, fmt.Errorf("input %d is absent, but required", i)
		}
		if len(n.Outputs) == 0 {
			return nil, fmt.Errorf("the node has no outputs")
		}
		return bind(n)
	}
}

// anyNumber is the most inputs of a variadic operator.
const anyNumber = math.MaxInt32
