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

// missing counts what the readers of an element say of a missing value: thresholds that are below
// it or beyond it, numbers in its place, and how many readers say nothing.
type missing struct {
	below, beyond, filled, never int

	with  float64 // the last of the numbers
	shown bool    // samples lack the element
}

// lacking lists what the readers of an input's elements say of missing values. Thresholds of a
// private model say nothing: where a missing value goes would show something of them.
func lacking(p *ir.Program, id ir.ID) []missing {
	out := make([]missing, p.Size(id))
	never := func() {
		for j := range out {
			out[j].never++
		}
	}
	for _, s := range p.Steps {
		if !slices.Contains(s.In, id) {
			continue
		}
		switch k := s.Kind.(type) {
		case *ir.Splits:
			if k.Hidden {
				never()
			}
			for i, j := range k.Index {
				out[j].compared(k.WhenMissing(i), p.Secret)
			}
		case *ir.Fill:
			for i, j := range k.Index {
				out[j].fill(k.With[i])
			}
		case *ir.Affine:
			weighed(k, int32(slices.Index(s.In, id)), func(j int32, _ float64) { out[j].never++ })
		default:
			never()
		}
	}
	if slices.Contains(p.Outputs, id) {
		never()
	}
	return out
}

// compared takes a threshold.
func (m *missing) compared(is ir.Missing, secret bool) {
	switch {
	case is == ir.NeverMissing || secret:
		m.never++
	case is == ir.MissingBelow:
		m.below++
	default:
		m.beyond++
	}
}

// fill takes a number that stands in the element's place.
func (m *missing) fill(with float64) {
	if math.IsNaN(with) {
		m.never++
		return
	}
	m.filled, m.with = m.filled+1, with
}

// possible tells whether an element can be missing: every reader says what then is.
func (m missing) possible() bool { return m.never == 0 && m.below+m.beyond+m.filled > 0 }

// unread tells whether nothing reads the element.
func (m missing) unread() bool { return m.never+m.below+m.beyond+m.filled == 0 }

// reserve widens a format by an integer for a missing value, at the end that is nearer to the
// number in its place, or where it is on the right side of more thresholds: each other one takes a
// gate. last is the last of the format's integers that stands for a number, counted from 0.
func (m missing) reserve(e visibility.Element, last int64) visibility.Element {
	lowest := m.below > m.beyond
	if m.filled > 0 {
		lowest = m.with/e.Scale < float64(e.Lowest()+last/2)
	}
	if last >= 1<<e.Bits-1 {
		e.Bits++
	}
	at := e.Highest()
	if lowest {
		e.Zero++
		at = e.Lowest()
	}
	e.Missing = &at
	return e
}

// checkMissing refuses samples that lack an element which has to be there: by the formats that are
// given, and else by what the element's readers say.
func checkMissing(p *ir.Program, given map[int]InputFormat, lacks map[int][]missing, samples []Sample) error {
	for i, x := range samples {
		for k, id := range p.Inputs {
			f, known := given[k]
			may := func(j int) bool { return lacks[k] != nil && lacks[k][j].possible() }
			if known {
				may = func(j int) bool { return f.Element(j).Missing != nil }
			}
			for j, v := range x[k] {
				if math.IsNaN(v) && !may(j) {
					return &problem.Error{
						Code: problem.Missing, Place: fmt.Sprintf("sample %d", i),
						Got: fmt.Sprintf("element %d of input %q is missing (NaN)", j, p.Names[id]),
						Supported: "an element may be missing whose readers all say what then is: an " +
							"Imputer, or trees of a public model",
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

// neverMissing takes from readers what they say of missing values.
func neverMissing(p *ir.Program) {
	for _, s := range p.Steps {
		switch k := s.Kind.(type) {
		case *ir.Splits:
			k.Missing = nil
		case *ir.Fill:
			k.With = slices.Repeat([]float64{math.NaN()}, len(k.With))
		}
	}
}

// lackInputs lists for each real input with elements that can be missing what their readers say.
func lackInputs(p *ir.Program) map[int][]missing {
	out := map[int][]missing{}
	for k, id := range p.Inputs {
		if list := lacking(p, id); !p.Whole(id) && slices.ContainsFunc(list, missing.possible) {
			out[k] = list
		}
	}
	return out
}

// reserved is a format with an integer for each element that can be missing.
func reserved(f InputFormat, lacks []missing) InputFormat {
	if lacks == nil {
		return f
	}
	list := make([]visibility.Element, len(lacks))
	for i, m := range lacks {
		if list[i] = f.Element(i); m.possible() {
			list[i] = m.reserve(list[i], 1<<list[i].Bits-1)
		}
	}
	return each(list)
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
