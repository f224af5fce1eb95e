package compiler

import (
	"fmt"
	"maps"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/program"
)

// integerPart is what of a program gives integers, as the operators lowered it: passes
// change the steps afterwards, and with them which values there are to be held against
// their types. What is computed from real numbers are inputs of it.
type integerPart struct {
	*ir.Program
	from []ir.Integers // by input beyond those of the whole program
	// counted are the inputs, by number, that count in real numbers: how far, samples show
	// on the whole program.
	counted map[int]*ir.Func
	whole   *ir.Program
}

// integers is the integer part of a program.
func integers(p *ir.Program) *integerPart {
	part := &integerPart{Program: &ir.Program{
		Shapes: slices.Clone(p.Shapes), Names: p.Names, Integers: maps.Clone(p.Integers),
	}}
	for _, id := range p.Inputs {
		if p.Whole(id) {
			part.Inputs = append(part.Inputs, id)
		}
	}
	for _, s := range p.Steps {
		if !p.Whole(s.Out) {
			continue
		}
		if !slices.ContainsFunc(s.In, func(id ir.ID) bool { return !p.Whole(id) }) {
			step := *s
			part.Steps = append(part.Steps, &step)
			continue
		}
		part.Inputs = append(part.Inputs, s.Out)
		if f, ok := s.Kind.(*ir.Func); ok && f.Whole != nil {
			part.from = append(part.from, *f.Whole)
			continue
		} else if ok {
			part.count(p, f)
		}
		most := int64(1)
		if a, ok := s.Kind.(*ir.ArgMax); ok {
			for _, g := range a.Groups {
				most = max(most, int64(len(g)-1))
			}
		}
		part.from = append(part.from, ir.Integers{Lo: 0, Hi: most})
	}
	return part
}

// count notes that the last input counts in real numbers.
func (part *integerPart) count(p *ir.Program, f *ir.Func) {
	if part.whole == nil {
		part.counted = map[int]*ir.Func{}
		part.whole = &ir.Program{Inputs: p.Inputs, Shapes: part.Shapes, Names: p.Names}
		for _, s := range p.Steps {
			step := *s
			part.whole.Steps = append(part.whole.Steps, &step)
		}
	}
	part.counted[len(part.Inputs)-1] = f
}

// show takes the ranges of what counts in real numbers from samples.
func (part *integerPart) show(samples []Sample) error {
	if part.whole == nil {
		return nil
	}
	c := Calibrate(part.whole, samples, func(int) {})
	for k, f := range part.counted {
		id := part.Inputs[k]
		limits, err := countLimits(c.Lo[id], c.Hi[id], f.F)
		if err != nil {
			return err
		}
		part.from[k-len(part.Inputs)+len(part.from)] = ir.Integers{Lo: limits.Base, Hi: limits.top()}
	}
	return nil
}

// check holds every integer value against its type, from the formats of the whole
// program's integer inputs.
func (part *integerPart) check(formats []InputFormat) error {
	q := &quantiser{
		p: part.Program, cal: &Calibration{}, formats: &Formats{Steps: make([]StepFormat, len(part.Steps))},
		out: &program.Program{}, values: make([]quantised, len(part.Shapes)),
	}
	for k, id := range part.Inputs {
		if k < len(formats) {
			q.takeInput(id, formats[k])
		} else {
			r := part.from[k-len(formats)]
			q.take(id, slices.Repeat([]program.Interval{{Lo: r.Lo, Hi: r.Hi}}, q.p.Size(id)), []float64{1}, nil)
		}
		if err := q.fits(id); err != nil {
			return fmt.Errorf("input %q: %w", part.Names[id], err)
		}
	}
	for i, s := range part.Steps {
		q.step = i
		err := q.quantise(s)
		if err == nil {
			err = q.fits(s.Out)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.Node, err)
		}
	}
	return nil
}

// checkIntegers holds the integers of the model against their types, before any search:
// it changes nothing of their formats. What is wrong with samples is for others to say.
func (r *Result) checkIntegers(o Options) error {
	given, all := r.given(o), []InputFormat(nil)
	if o.Formats != nil {
		all = o.Formats.inputs()
		if err := o.Formats.checkInputs(r.IR); err != nil {
			return err
		}
	}
	samples, _ := r.samples(o)
	for _, x := range samples {
		if x.check(r.Model.Inputs) != nil || x.checkIntegers(r.IR) != nil {
			return nil
		}
	}
	if err := r.integers.show(samples); err != nil {
		return err
	}
	seen := unseen(r.IR)
	seen.integers(r.IR, samples)
	var formats []InputFormat
	for k, id := range r.IR.Inputs {
		whole, ok := r.IR.Integers[id]
		if !ok {
			continue
		}
		f, fixed := given[k]
		var err error
		switch {
		case all != nil:
			f = all[k]
		case !fixed:
			f, err = wholeFormat(whole, seen, id)
		}
		if err != nil {
			return fmt.Errorf("input %q: %w", r.IR.Names[id], err)
		}
		formats = append(formats, f)
	}
	return r.integers.check(formats)
}
