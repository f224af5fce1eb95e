package op

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "Scan", Since: []int{9, 11, 16, 19, 21, 23, 24, 25}, Tolerance: 4,
		Note: "unrolled; what the rounds compute apart from each other is computed together; the body reads nothing " +
			"but its inputs, and has no body inside",
		New: takes(1, anyNumber, newScan),
	})
}

// scan runs a body for each slice of some inputs.
type scan struct {
	body          *graph.Graph
	states, scans int
	ins, outs     []scanned // of the inputs and of the outputs that are sliced
	rounds        []round
	shapes        [][]int // of the outputs
}

// scanned is how an input or an output is sliced.
type scanned struct {
	axis int
	back bool
}

// round is one run of the body.
type round struct {
	nodes []bodyNode
	outs  []Arg // what the body gives
}

// bodyNode is a node of the body with what is known of its inputs in one round.
type bodyNode struct {
	*graph.Node
	op   Op
	args []Arg
	outs []Out
	know []*tensor.Float // outputs that are known
}

func newScan(n *graph.Node) (Op, error) {
	s := &scan{body: n.Attrs["body"].Body, scans: n.Int("num_scan_inputs", 0)}
	if s.body == nil {
		return nil, errors.New("it has no body")
	}
	s.states = len(n.Inputs) - s.scans
	outs := len(s.body.Outputs) - s.states
	if s.scans < 1 || s.states < 0 || len(s.body.Inputs) != len(n.Inputs) || outs < 0 ||
		len(n.Outputs) > len(s.body.Outputs) {
		return nil, fmt.Errorf("num_scan_inputs is %d, for %d inputs and %d outputs, and a body with %d and %d",
			s.scans, len(n.Inputs), len(n.Outputs), len(s.body.Inputs), len(s.body.Outputs))
	}
	var err error
	if s.ins, err = slicing(n, "input", s.scans); err != nil {
		return nil, err
	}
	s.outs, err = slicing(n, "output", outs)
	return s, err
}

// slicing reads how inputs or outputs are sliced.
func slicing(n *graph.Node, what string, count int) ([]scanned, error) {
	axes, back := n.Ints("scan_"+what+"_axes"), n.Ints("scan_"+what+"_directions")
	out := make([]scanned, count)
	for k := range out {
		if axes != nil && len(axes) == count {
			out[k].axis = axes[k]
		}
		if back != nil && len(back) == count {
			out[k].back = back[k] != 0
		}
	}
	if axes != nil && len(axes) != count || back != nil && len(back) != count {
		return nil, fmt.Errorf("%d axes and %d directions for %d %ss that are scanned", len(axes), len(back), count,
			what)
	}
	return out, nil
}

// Infer implements Op: it follows every round.
func (s *scan) Infer(in []Arg) ([]Out, error) {
	rounds, err := s.count(in)
	if err != nil {
		return nil, err
	}
	s.rounds = make([]round, rounds)
	states := slices.Clone(in[:s.states])
	for t := range s.rounds {
		args := slices.Clone(states)
		for k := range s.scans {
			args = append(args, s.slice(in[s.states+k], k, t))
		}
		if err := s.rounds[t].infer(s.body, args); err != nil {
			return nil, fmt.Errorf("round %d: %w", t, err)
		}
		for k, out := range s.rounds[t].outs {
			if k < s.states && !slices.Equal(out.Shape, states[k].Shape) ||
				!slices.Equal(out.Shape, s.rounds[0].outs[k].Shape) {
				return nil, fmt.Errorf("the output %d of the body has another shape in round %d, %v", k, t, out.Shape)
			}
		}
		copy(states, s.rounds[t].outs)
	}
	return s.results()
}

// count is the number of rounds.
func (s *scan) count(in []Arg) (int, error) {
	rounds := -1
	for k := range s.ins {
		shape := in[s.states+k].Shape
		a, err := axis(s.ins[k].axis, len(shape))
		if err != nil {
			return 0, err
		}
		if s.ins[k].axis = a; rounds >= 0 && shape[a] != rounds {
			return 0, fmt.Errorf("its inputs have %d and %d slices", rounds, shape[a])
		}
		rounds = shape[a]
	}
	if most := int(budget.Nodes.Most); rounds < 1 || rounds > most/max(len(s.body.Nodes), 1) {
		return 0, fmt.Errorf("%d rounds of %d nodes: one round or more, and %d nodes in all are supported", rounds,
			len(s.body.Nodes), most)
	}
	return rounds, nil
}

// results are the outputs: the last states, then the slices of all rounds, side by side.
func (s *scan) results() ([]Out, error) {
	var outs []Out
	s.shapes = nil
	for k, out := range s.rounds[0].outs {
		shape := slices.Clone(out.Shape)
		if k >= s.states {
			a, err := axis(s.outs[k-s.states].axis, len(shape)+1)
			if err != nil {
				return nil, err
			}
			s.outs[k-s.states].axis = a
			shape = slices.Insert(shape, a, len(s.rounds))
		}
		if err := checkSize(shape); err != nil {
			return nil, err
		}
		s.shapes = append(s.shapes, shape)
		outs = append(outs, Out{DType: out.DType, Shape: slices.Clone(shape)})
	}
	return outs, nil
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

// slice is what is known of the slice of an input in a round.
func (s *scan) slice(a Arg, k, t int) Arg {
	c := s.ins[k]
	out := Arg{Present: true, DType: a.DType, Shape: slices.Delete(slices.Clone(a.Shape), c.axis, c.axis+1)}
	if a.Const != nil {
		out.Const = picked(a.Const, c.at(a.Shape, t), out.Shape)
	}
	return out
}

func picked(x *tensor.Float, at, shape []int) *tensor.Float {
	out := tensor.New[float64](shape...)
	for i, j := range at {
		out.Data[i] = x.Data[j]
	}
	return out
}

// infer follows one round.
func (r *round) infer(body *graph.Graph, args []Arg) error {
	known := map[string]Arg{}
	for name, c := range body.Consts {
		known[name] = Arg{Present: true, DType: c.DType, Shape: c.Shape, Const: c.Float}
	}
	for k, in := range body.Inputs {
		known[in.Name] = args[k]
	}
	for _, n := range body.Nodes {
		b, err := bindBody(n, known)
		if err != nil {
			return err
		}
		r.nodes = append(r.nodes, b)
	}
	for _, out := range body.Outputs {
		r.outs = append(r.outs, known[out.Name])
	}
	return nil
}

// bindBody infers a node, and computes what is known of its outputs.
func bindBody(n *graph.Node, known map[string]Arg) (bodyNode, error) {
	o, err := Bind(n)
	if err != nil {
		return bodyNode{}, err
	}
	b := bodyNode{Node: n, op: o, args: make([]Arg, len(n.Inputs))}
	constant := true
	for i, name := range n.Inputs {
		if b.args[i] = known[name]; b.args[i].DType == graph.Text {
			return b, n.Errorf("input %s is text, which no body takes", name)
		}
		constant = constant && (name == "" || b.args[i].Const != nil)
	}
	if b.outs, err = o.Infer(b.args); err != nil {
		return b, n.Errorf("%w", err)
	}
	if constant {
		if err = Exactly(o, b.args); err == nil {
			b.know, err = o.Float(consts(b.args))
		}
		if err != nil {
			return b, n.Errorf("%w", err)
		}
	} else if static, ok := o.(Static); ok {
		b.know = static.Static()
	}
	for k, name := range n.Outputs {
		if err := Refusal(o, k); err != nil {
			return b, n.Errorf("output %s: %w", name, err)
		}
		if name == "" || k >= len(b.outs) {
			continue
		}
		out := Arg{Present: true, DType: b.outs[k].DType, Shape: b.outs[k].Shape}
		if out.Shape == nil {
			out.Shape = []int{}
		}
		if k < len(b.know) {
			out.Const = b.know[k]
		}
		known[name] = out
	}
	return b, nil
}

func consts(args []Arg) []*tensor.Float {
	out := make([]*tensor.Float, len(args))
	for i, a := range args {
		out[i] = a.Const
	}
	return out
}

// Float implements Op.
func (s *scan) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	states := slices.Clone(in[:s.states])
	outs := make([]*tensor.Float, len(s.shapes))
	for k := s.states; k < len(outs); k++ {
		outs[k] = tensor.New[float64](s.shapes[k]...)
	}
	for t := range s.rounds {
		values := map[string]*tensor.Float{}
		for k, name := range s.body.Inputs {
			if k < s.states {
				values[name.Name] = states[k]
				continue
			}
			x, c := in[k], s.ins[k-s.states]
			values[name.Name] = picked(x, c.at(x.Shape, t), slices.Delete(slices.Clone(x.Shape), c.axis, c.axis+1))
		}
		if err := s.rounds[t].float(values, s.body); err != nil {
			return nil, err
		}
		for k, out := range s.body.Outputs {
			v := values[out.Name]
			if k < s.states {
				states[k] = v
				continue
			}
			for i, j := range s.outs[k-s.states].at(s.shapes[k], t) {
				outs[k].Data[j] = v.Data[i]
			}
		}
	}
	copy(outs, states)
	return outs, nil
}

func (r *round) float(values map[string]*tensor.Float, body *graph.Graph) error {
	for name, c := range body.Consts {
		values[name] = c.Float
	}
	for i := range r.nodes {
		b := &r.nodes[i]
		in := make([]*tensor.Float, len(b.Inputs))
		for k, name := range b.Inputs {
			if name != "" {
				in[k] = values[name]
			}
		}
		outs, err := b.op.Float(in)
		if err != nil {
			return b.Errorf("%w", err)
		}
		for k, name := range b.Outputs {
			if name != "" && k < len(outs) {
				values[name] = outs[k]
			}
		}
	}
	return nil
}

// Work implements Worker.
func (s *scan) Work() Work {
	var sum Work
	for _, r := range s.rounds {
		for i := range r.nodes {
			w := WorkOf(r.nodes[i].op, r.nodes[i].outs)
			sum.Multiplications = budget.Sum(sum.Multiplications, w.Multiplications)
			sum.Terms, sum.Indices = budget.Sum(sum.Terms, w.Terms), budget.Sum(sum.Indices, w.Indices)
		}
	}
	return sum
}
