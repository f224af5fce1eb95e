package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

// unrolled runs a body a number of times that is known. The body's outputs are what a round
// hands to the next, the states, and then what it adds to the outputs of all rounds.
type unrolled struct {
	body   *graph.Graph
	head   int // outputs of the body before the states, which are known
	states int
	feeds  []feed    // by input of the body, and by what it reads outside
	outs   []scanned // of the outputs of all rounds
	runs   []run
	last   []Arg   // the states in the end
	shapes [][]int // of the outputs: the states, then those of all rounds
	meter  *budget.Meter
}

// feed is where a body's input comes from.
type feed struct {
	in      int // an input of the node
	state   bool
	sliced  bool
	scanned                 // how it is sliced
	counted func(t int) Arg // it is known by the number of the round
}

// scanned is how an input or an output is sliced.
type scanned struct {
	axis int
	back bool
}

// capture adds feeds for what the body reads of the graph around the node.
func (s *unrolled) capture(n *graph.Node) {
	for _, k := range captured(n, s.body) {
		s.feeds = append(s.feeds, feed{in: k})
	}
}

// captured are the numbers of the node's inputs that a body reads by their names.
func captured(n *graph.Node, body *graph.Graph) []int {
	first := len(n.Inputs) - n.Captured
	out := make([]int, len(body.Outer))
	for i, name := range body.Outer {
		out[i] = first + slices.Index(n.Inputs[first:], name)
	}
	return out
}

// begin forgets rounds.
func (s *unrolled) begin() { s.runs, s.meter = nil, budget.NewMeter("") }

// follow infers one more round, and puts its states in the place of those before.
func (s *unrolled) follow(in, states []Arg, t int) error {
	if err := s.meter.Take(budget.Nodes, inside); err != nil { // for the round itself
		return err
	}
	args, state := make([]Arg, len(s.feeds)), 0
	for k, f := range s.feeds {
		switch {
		case f.counted != nil:
			args[k] = f.counted(t)
		case f.state:
			args[k] = states[state]
			state++
		case f.sliced:
			args[k] = f.slice(in[f.in], t)
		default:
			args[k] = in[f.in]
		}
	}
	s.runs = append(s.runs, run{Graph: s.body})
	r := &s.runs[len(s.runs)-1]
	if err := r.infer(args, s.meter); err != nil {
		return fmt.Errorf("round %d: %w", t, err)
	}
	for k, out := range r.outs[s.head+s.states:] {
		if want := s.runs[0].outs[s.head+s.states+k].Shape; !slices.Equal(out.Shape, want) {
			return fmt.Errorf("the output %d of the body has another shape in round %d, %v", s.head+s.states+k, t,
				out.Shape)
		}
	}
	for k, out := range r.outs {
		if out.lowest() != nil {
			return fmt.Errorf("the output %d of the body holds -Inf, which no round may give", k)
		}
	}
	copy(states, r.outs[s.head:])
	return nil
}

// slice is what is known of the slice of an input in a round.
func (c scanned) slice(a Arg, t int) Arg {
	out := Arg{Present: true, DType: a.DType, Shape: slices.Delete(slices.Clone(a.Shape), c.axis, c.axis+1)}
	at := c.at(a.Shape, t)
	if a.Const != nil {
		out.Const = picked(a.Const, at, out.Shape)
	}
	if a.Lowest != nil {
		out.Lowest = make([]bool, len(at))
		for i, j := range at {
			out.Lowest[i] = a.Lowest[j]
		}
	}
	return out
}

// at lists the elements of slice t of a shape, in order.
func (c scanned) at(shape []int, t int) []int {
	picks := whole(shape)
	if c.back {
		t = shape[c.axis] - 1 - t
	}
	picks[c.axis] = []int{t}
	return grid(shape, picks)
}

func picked(x *tensor.Float, at, shape []int) *tensor.Float {
	out := tensor.New[float64](shape...)
	for i, j := range at {
		out.Data[i] = x.Data[j]
	}
	return out
}

// results are the outputs: the last states, then the slices of all rounds, side by side.
func (s *unrolled) results(states []Arg) ([]Out, error) {
	var outs []Out
	s.last, s.shapes = states, nil
	for _, a := range states {
		s.shapes = append(s.shapes, a.Shape)
		outs = append(outs, Out{DType: a.DType, Shape: slices.Clone(a.Shape)})
	}
	for k := range s.outs {
		if len(s.runs) == 0 {
			return nil, fmt.Errorf("output %d is of all rounds, and there is no round", len(s.shapes))
		}
		out := s.runs[0].outs[s.head+len(s.shapes)]
		shape := slices.Clone(out.Shape)
		a, err := axis(s.outs[k].axis, len(shape)+1)
		if err != nil {
			return nil, err
		}
		s.outs[k].axis = a
		shape = slices.Insert(shape, a, len(s.runs))
		if err := checkSize(shape); err != nil {
			return nil, err
		}
		s.shapes = append(s.shapes, shape)
		outs = append(outs, Out{DType: out.DType, Shape: slices.Clone(shape)})
	}
	return outs, nil
}

// Float implements Op.
func (s *unrolled) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	var states []*tensor.Float
	for _, f := range s.feeds {
		if f.state {
			states = append(states, in[f.in])
		}
	}
	outs := make([]*tensor.Float, len(s.shapes))
	for k := s.states; k < len(outs); k++ {
		outs[k] = tensor.New[float64](s.shapes[k]...)
	}
	for t := range s.runs {
		values, err := s.runs[t].float(s.floats(in, states, t))
		if err != nil {
			return nil, err
		}
		values = values[s.head:]
		copy(states, values)
		for k, v := range values[s.states:] {
			for i, j := range s.outs[k].at(s.shapes[s.states+k], t) {
				outs[s.states+k].Data[j] = v.Data[i]
			}
		}
	}
	copy(outs, states)
	return outs, nil
}

// floats are what a round reads.
func (s *unrolled) floats(in, states []*tensor.Float, t int) []*tensor.Float {
	out, state := make([]*tensor.Float, len(s.feeds)), 0
	for k, f := range s.feeds {
		switch {
		case f.counted != nil:
			out[k] = f.counted(t).Const
		case f.state:
			out[k] = states[state]
			state++
		case f.sliced:
			x := in[f.in]
			out[k] = picked(x, f.at(x.Shape, t), slices.Delete(slices.Clone(x.Shape), f.axis, f.axis+1))
		default:
			out[k] = in[f.in]
		}
	}
	return out
}

// Static implements Static: of states that are known, and of slices that are known in all
// rounds.
func (s *unrolled) Static() []*tensor.Float {
	out := make([]*tensor.Float, len(s.shapes))
	for k, a := range s.last {
		out[k] = a.Const
	}
	for k := range s.outs {
		whole := tensor.New[float64](s.shapes[s.states+k]...)
		for t := range s.runs {
			v := s.runs[t].outs[s.head+s.states+k].Const
			if v == nil {
				whole = nil
				break
			}
			for i, j := range s.outs[k].at(whole.Shape, t) {
				whole.Data[j] = v.Data[i]
			}
		}
		out[s.states+k] = whole
	}
	return out
}

// Work implements Worker.
func (s *unrolled) Work() Work {
	var sum Work
	for i := range s.runs {
		sum = sum.plus(s.runs[i].work())
	}
	return sum
}
