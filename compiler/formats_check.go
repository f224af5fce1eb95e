package compiler

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/program"
)

// checkInputs holds formats against the inputs of a program.
func (f *Formats) checkInputs(p *ir.Program) error {
	names := inputNames(p)
	list := f.inputs()
	switch {
	case f.Input != nil && len(f.Inputs) > 0:
		return errors.New("the formats have both an input and inputs: the only input is input, several are inputs")
	case len(list) != len(names) || len(list) == 1 && f.Input == nil:
		return fmt.Errorf("the formats are of %d inputs, the model has %d: %q", len(list), len(names), names)
	}
	for k, in := range list {
		if want := names[k]; f.Input == nil && in.Name != want || f.Input != nil && in.Name != "" {
			return fmt.Errorf("the formats call input %d %q, the model %q", k, in.Name, want)
		}
		var whole *ir.Integers
		if r, ok := p.Integers[p.Inputs[k]]; ok {
			whole = &r
		}
		if err := in.checkFor(names[k], p.Size(p.Inputs[k]), whole); err != nil {
			return err
		}
	}
	return nil
}

// checkNodes refuses formats whose steps are those of other nodes than the program's: the
// kinds of two models' steps can be the same. A format that names no node is of any.
func (f *Formats) checkNodes(p *ir.Program) error {
	if len(f.Steps) != len(p.Steps) {
		return nil // Quantise says so
	}
	for k, s := range p.Steps {
		if node := f.Steps[k].Node; node != "" && node != s.Node {
			return &problem.Error{
				Code: problem.Format, Place: fmt.Sprintf("step %d", k),
				Got:    fmt.Sprintf("the formats are of the node %q, the model has %q there", node, s.Node),
				Remedy: "give the formats of this model",
			}
		}
	}
	return nil
}

// check refuses a format that no quantisation could have chosen.
func (f InputFormat) check() error {
	if f.Bits < 1 || f.Bits > 32 || !(f.Scale > 0) || math.IsInf(f.Scale, 0) || f.Zero < 0 || f.Zero >= 1<<f.Bits {
		return fmt.Errorf("the formats give the input %d bits of scale %g with zero at %d", f.Bits, f.Scale, f.Zero)
	}
	return nil
}

// checkFor is check for an input of the given name and so many elements, which are integers
// where whole is not nil.
func (f InputFormat) checkFor(name string, elements int, whole *ir.Integers) error {
	if f.Elements != nil {
		if err := f.checkElements(elements, whole); err != nil {
			return fmt.Errorf("input %q: %w", name, err)
		}
		return nil
	}
	if err := f.check(); err != nil {
		return err
	}
	if whole == nil {
		return nil
	}
	if f.Scale != 1 {
		return fmt.Errorf("the formats give the input %q, of integers, the scale %g: it is 1", name, f.Scale)
	}
	if e := f.Element(0); *whole == boolean && (e.Lowest() != 0 || e.Highest() != 1) {
		return fmt.Errorf("the formats give the input %q, of booleans, the range %d to %d", name, e.Lowest(),
			e.Highest())
	}
	return nil
}

// boolean is the range of booleans.
var boolean = ir.Integers{Lo: 0, Hi: 1}

// check fails where given formats hold what no quantisation could have chosen.
func (f *StepFormat) check() error {
	if f.Limit < 0 {
		return fmt.Errorf("the formats declare the negative limit %d", f.Limit)
	}
	if f.WeightBits < 0 || f.WeightBits > program.MaxWeightBits || f.BiasBits < 0 || f.BiasBits > program.MaxBiasBits {
		return fmt.Errorf("the formats declare weights of %d bits and biases of %d: at most %d and %d are supported",
			f.WeightBits, f.BiasBits, program.MaxWeightBits, program.MaxBiasBits)
	}
	for _, s := range append(slices.Clone(f.Sum), f.Out) {
		if s < 0 || math.IsInf(s, 0) || math.IsNaN(s) {
			return fmt.Errorf("the formats hold the scale %g", s)
		}
	}
	for _, n := range []*NarrowFormat{f.Limits, f.Rescale} {
		if n != nil && (n.Bits < 0 || n.Bits > 32 || !(n.Scale > 0) || math.IsInf(n.Scale, 0) || n.Base < -(1<<40) ||
			n.Base > 1<<40) {
			return fmt.Errorf("the formats hold a rescale to %d bits of scale %g from %d on", n.Bits, n.Scale, n.Base)
		}
	}
	return nil
}
