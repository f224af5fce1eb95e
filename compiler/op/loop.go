package op

import (
	"errors"
	"fmt"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "Loop", Since: []int{1, 11, 13, 16, 19, 21, 23, 24, 25}, Tolerance: 4,
		Note: "unrolled, as Scan is; the number of rounds and the condition must be known at compile time, the " +
			"condition after each round too",
		New: takes(0, anyNumber, newLoop),
	})
}

// loop runs a body a number of times, or as long as a condition holds.
type loop struct{ unrolled }

// The first inputs of a Loop and of its body.
const (
	loopCount = iota // of the body: the number of the round
	loopCondition
	loopStates
)

func newLoop(n *graph.Node) (Op, error) {
	s := &loop{unrolled: unrolled{body: n.Attrs["body"].Body, head: 1}}
	if s.body == nil {
		return nil, errors.New("it has no body")
	}
	inputs := len(n.Inputs) - n.Captured
	s.states = max(0, inputs-loopStates)
	outs := len(s.body.Outputs) - s.head - s.states
	if len(s.body.Inputs) != loopStates+s.states || outs < 0 || len(n.Outputs) > s.states+outs {
		return nil, fmt.Errorf("%d inputs and %d outputs, and a body with %d and %d", inputs, len(n.Outputs),
			len(s.body.Inputs), len(s.body.Outputs))
	}
	round := func(t int) Arg { return known(graph.Int64, float64(t)) }
	holds := func(int) Arg { return known(graph.Bool, 1) }
	s.feeds = []feed{{counted: round}, {counted: holds}}
	for k := range s.states {
		s.feeds = append(s.feeds, feed{in: loopStates + k, state: true})
	}
	s.capture(n)
	s.outs = make([]scanned, outs)
	return s, nil
}

// known is a number that is known.
func known(d graph.DType, v float64) Arg {
	return Arg{Present: true, DType: d, Shape: []int{}, Const: tensor.Of([]float64{v})}
}

// Infer implements Op: it follows every round.
func (s *loop) Infer(in []Arg) ([]Out, error) {
	states := make([]Arg, s.states)
	for k := range states {
		if states[k] = in[loopStates+k]; !states[k].Present {
			return nil, fmt.Errorf("input %d is absent, but required", loopStates+k)
		}
	}
	most, err := s.given(in, loopCount, "the number of rounds", float64(farAway))
	if err != nil {
		return nil, err
	}
	goes, err := s.given(in, loopCondition, "the condition", 1)
	if err != nil {
		return nil, err
	}
	s.begin()
	for t := 0; float64(t) < most && goes != 0; t++ {
		if err := s.follow(in, states, t); err != nil {
			return nil, err
		}
		condition := s.runs[t].outs[0]
		if condition.Const == nil || len(condition.Const.Data) != 1 {
			return nil, fmt.Errorf("the condition after round %d depends on the model's input, but must be known at "+
				"compile time; export the model with a number of rounds that is fixed", t)
		}
		goes = condition.Const.Data[0]
	}
	return s.results(states)
}

// given reads an optional input of one number.
func (s *loop) given(in []Arg, i int, what string, missing float64) (float64, error) {
	if i >= len(in) || !in[i].Present || i >= loopStates+s.states {
		return missing, nil
	}
	return scalar(in, i, what)
}
