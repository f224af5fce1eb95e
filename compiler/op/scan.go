package op

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
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
	unrolled
	ins []scanned
}

func newScan(n *graph.Node) (Op, error) {
	s := &scan{unrolled: unrolled{body: n.Attrs["body"].Body}}
	if s.body == nil {
		return nil, errors.New("it has no body")
	}
	scans, inputs := n.Int("num_scan_inputs", 0), len(n.Inputs)-n.Captured
	s.states = inputs - scans
	outs := len(s.body.Outputs) - s.states
	if scans < 1 || s.states < 0 || len(s.body.Inputs) != inputs || outs < 0 ||
		len(n.Outputs) > len(s.body.Outputs) {
		return nil, fmt.Errorf("num_scan_inputs is %d, for %d inputs and %d outputs, and a body with %d and %d",
			scans, inputs, len(n.Outputs), len(s.body.Inputs), len(s.body.Outputs))
	}
	for k := range inputs {
		s.feeds = append(s.feeds, feed{in: k, state: k < s.states, sliced: k >= s.states})
	}
	s.capture(n)
	var err error
	if s.ins, err = slicing(n, "input", scans); err != nil {
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
	for k, c := range s.ins {
		s.feeds[s.states+k].scanned = c
	}
	s.begin()
	states := slices.Clone(in[:s.states])
	for t := range rounds {
		before := slices.Clone(states)
		if err := s.follow(in, states, t); err != nil {
			return nil, err
		}
		for k, out := range states {
			if !slices.Equal(out.Shape, before[k].Shape) {
				return nil, fmt.Errorf("the output %d of the body has another shape in round %d, %v", k, t, out.Shape)
			}
		}
	}
	return s.results(states)
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
