package compiler

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/visibility"
)

// missing counts what the thresholds of an element say of a missing value: what lies below
// them, beyond them, and how many of them say nothing.
type missing struct {
	below, beyond, never int
	shown                bool // samples lack the element
}

// add takes threshold i of a step.
func (m *missing) add(s *ir.Splits, i int) {
	switch s.WhenMissing(i) {
	case ir.MissingBelow:
		m.below++
	case ir.MissingBeyond:
		m.beyond++
	default:
		m.never++
	}
}

// possible tells whether an element can be missing: every threshold says what then is.
func (m missing) possible() bool { return m.never == 0 && m.below+m.beyond > 0 }

// reserve widens a format by an integer for a missing value, at the end where it is on the
// right side of more thresholds: each other one takes a gate. last is the last of the format's
// integers that stands for a number, counted from 0.
func (m missing) reserve(e visibility.Element, last int64) visibility.Element {
	if last >= 1<<e.Bits-1 {
		e.Bits++
	}
	at := e.Highest()
	if m.below > m.beyond {
		e.Zero++
		at = e.Lowest()
	}
	e.Missing = &at
	return e
}

// checkMissing refuses samples that lack an element which has to be there.
func checkMissing(p *ir.Program, formats map[int]InputFormat, samples []Sample) error {
	for i, x := range samples {
		for k, id := range p.Inputs {
			for j, v := range x[k] {
				if math.IsNaN(v) && formats[k].Element(j).Missing == nil {
					return &problem.Error{
						Code: problem.Missing, Place: fmt.Sprintf("sample %d", i),
						Got: fmt.Sprintf("element %d of input %q is missing (NaN)", j, p.Names[id]),
						Supported: "an element may be missing that only trees of a public model read, which say " +
							"where it goes then, or read a number that is imputed",
						Remedy: "give a number there", Err: &MissingElement{Input: p.Names[id], Element: j},
					}
				}
			}
		}
	}
	return nil
}

// MissingElement is the cause of the error for a sample that lacks an element of an input, which
// has to be there.
type MissingElement struct {
	Input   string
	Element int
}

func (e *MissingElement) Error() string {
	return fmt.Sprintf("element %d of input %q is missing", e.Element, e.Input)
}

// asksMissing tells whether the model asks whether a value is missing, which is folded as if none
// were.
func (m *Model) asksMissing() bool {
	return slices.ContainsFunc(m.Graph.Nodes, func(n *graph.Node) bool { return n.Op == "IsNaN" })
}

// neverMissing takes from thresholds what they say of missing values.
func neverMissing(p *ir.Program) {
	for _, s := range p.Steps {
		if splits, ok := s.Kind.(*ir.Splits); ok {
			splits.Missing = nil
		}
	}
}

// missing lists the integers for missing values, by element; nil where there are none.
func (f InputFormat) missing() []*int64 {
	if !slices.ContainsFunc(f.Elements, func(e visibility.Element) bool { return e.Missing != nil }) {
		return nil
	}
	out := make([]*int64, len(f.Elements))
	for i, e := range f.Elements {
		out[i] = e.Missing
	}
	return out
}

// missingAt is the integer that stands for a missing value of an element; nil for none.
func (v quantised) missingAt(element int32) *int64 {
	if v.missing == nil {
		return nil
	}
	return v.missing[element]
}

// errMissing refuses formats in which an element may be missing that something reads which
// does not say what then is.
func errMissing(input string, element int) error {
	return &problem.Error{
		Code: problem.Format, Option: "${InputFormats}",
		Got: fmt.Sprintf("the format of element %d of %s has an integer for a missing value, and it reads the "+
			"element as a number", element, input),
		Remedy: "give the element a format without one",
	}
}
