package program

import (
	"fmt"

	"github.com/zkml-go/zkml/circuits"
)

// Bounded is a program with the ranges of its values, which are found once for all
// that is asked of them, such as the costs of the circuit at several digit sizes. The
// kernels' techniques may change, and nothing else of the program.
type Bounded struct {
	*Program
	ranges [][]Interval
}

// Bound finds the program's ranges. The error names the node whose integers may become
// too large.
func (p *Program) Bound() (*Bounded, error) {
	ranges, err := p.Ranges()
	return &Bounded{p, ranges}, err
}

// Within takes the ranges from a caller who found them step by step, as Ranges does.
func (p *Program) Within(ranges [][]Interval) (*Bounded, error) {
	for _, s := range p.Steps {
		if err := s.bounded(ranges[s.Out]); err != nil {
			return nil, err
		}
	}
	return &Bounded{p, ranges}, nil
}

// RangeOf lists the intervals of a value's elements.
func (p *Bounded) RangeOf(value int) []Interval { return p.ranges[value] }

// Ranges propagates intervals through the program. The error names the node
// whose integers can become too large.
func (p *Program) Ranges() ([][]Interval, error) {
	out := make([][]Interval, len(p.Values))
	for k := range p.Inputs {
		out[k] = p.InputRange(k)
	}
	for _, s := range p.Steps {
		in := make([][]Interval, len(s.In))
		for k, v := range s.In {
			in[k] = out[v]
		}
		r, err := s.Kernel.Range(in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Node, err)
		}
		if err := s.bounded(r); err != nil {
			return nil, err
		}
		out[s.Out] = r
	}
	return out, nil
}

// bounded tells whether all of the step's outputs are integers of MaxBits.
func (s *Step) bounded(ranges []Interval) error {
	for i, iv := range ranges {
		if iv.Lo < -(1<<circuits.MaxBits) || iv.Hi > 1<<circuits.MaxBits || iv.Lo > iv.Hi {
			return fmt.Errorf("%s: element %d %w", s.Node, i, errWide)
		}
	}
	return nil
}

// Define implements circuits.Model.
func (p *Program) Define(b *circuits.Builder, in [][]*circuits.Value, step func(string)) ([][]*circuits.Value, error) {
	bounded, err := p.Bound()
	if err != nil {
		return nil, err
	}
	return bounded.Define(b, in, step)
}

// Define implements circuits.Model. Several items are a batch: the program is defined
// once for each, and tables, range checks and the weights of a hashed model serve all
// of them.
//
// Soundness: the items share no wires except constants, tables and weights, so that
// each item's output is a function of its own inputs, for the same reasons as in a
// program of one item. The bounds of every step's outputs are compared with the ranges,
// from which the windows of other steps follow.
func (p *Bounded) Define(b *circuits.Builder, in [][]*circuits.Value, step func(string)) ([][]*circuits.Value, error) {
	windows := p.windows(b, p.ranges)
	batch, err := p.batch(in)
	if err != nil {
		return nil, err
	}
	last := p.lastReads()
	for i, s := range p.Steps {
		step(s.Node)
		in := make([][][]*circuits.Value, len(batch))
		for k, values := range batch {
			for _, v := range s.In {
				in[k] = append(in[k], values[v])
			}
		}
		out, err := s.define(b, in, p.ranges[s.Out], windows[s.Out])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Node, err)
		}
		for k, values := range batch {
			values[s.Out] = out[k]
			for _, v := range last[i] {
				values[v] = nil
			}
		}
	}
	out := make([][]*circuits.Value, len(p.Outputs))
	for _, values := range batch {
		for k, v := range p.Outputs {
			out[k] = append(out[k], values[v]...)
		}
	}
	return out, nil
}

// within tells whether the circuit's values are in the intervals that the program has
// for them.
func within(vs []*circuits.Value, ranges []Interval) error {
	for i, v := range vs {
		if v.Lo < ranges[i].Lo || v.Hi > ranges[i].Hi {
			return fmt.Errorf("element %d may be in [%d, %d], the program has [%d, %d]", i, v.Lo, v.Hi, ranges[i].Lo,
				ranges[i].Hi)
		}
	}
	return nil
}
