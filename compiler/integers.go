package compiler

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/program"
)

// integerTypes are the ranges of the integer types.
var integerTypes = map[graph.DType]ir.Integers{
	graph.Bool:   boolean,
	graph.Int8:   {Lo: math.MinInt8, Hi: math.MaxInt8},
	graph.Int16:  {Lo: math.MinInt16, Hi: math.MaxInt16},
	graph.Int32:  {Lo: math.MinInt32, Hi: math.MaxInt32},
	graph.Int64:  ir.AllIntegers,
	graph.Uint8:  {Lo: 0, Hi: math.MaxUint8},
	graph.Uint16: {Lo: 0, Hi: math.MaxUint16},
	graph.Uint32: {Lo: 0, Hi: math.MaxUint32},
	graph.Uint64: {Lo: 0, Hi: math.MaxInt64},
}

// integersOf is the range of an integer type; nil for a real one.
func integersOf(d graph.DType) *ir.Integers {
	if d.IsFloat() || d == "" {
		return nil
	}
	r, ok := integerTypes[d]
	if !ok {
		r = ir.AllIntegers
	}
	return &r
}

// markIntegers says which of the values that a node's steps make are integers: the
// node's outputs by their types, others by how they are made. It fails where an output
// of an integer type is not computed from integers alone.
func markIntegers(p *ir.Program, steps []*ir.Step, ids []ir.ID, outs []op.Out) error {
	for _, s := range steps {
		whole := p.GivesIntegers(s)
		k := slices.Index(ids, s.Out)
		if k < 0 {
			if whole {
				p.SetIntegers(s.Out, ir.AllIntegers)
			}
			continue
		}
		switch r := integersOf(outs[k].DType); {
		case r == nil:
		case !whole:
			return fmt.Errorf("its output is of type %s, and not computed from integers alone; "+
				"put a Cast to float before", outs[k].DType)
		default:
			p.SetIntegers(s.Out, *r)
		}
	}
	return nil
}

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
		if f, ok := s.Kind.(*ir.Func); ok {
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
