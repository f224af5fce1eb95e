package compiler

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/visibility"
)

// common is a format of all elements.
func common(e visibility.Element) InputFormat {
	return InputFormat{Bits: e.Bits, Zero: e.Zero, Scale: e.Scale}
}

// each is the format of elements that have these; where all are the same it is a common one.
func each(list []visibility.Element) InputFormat {
	first := list[0]
	zeroInside := first.Zero >= 0 && first.Highest() >= 0
	differs := func(e visibility.Element) bool { return e != first }
	if first.Bits > 0 && zeroInside && first.Missing == nil && !slices.ContainsFunc(list, differs) {
		return common(first)
	}
	return InputFormat{Elements: list}
}

// Element is the format of element i.
func (f InputFormat) Element(i int) visibility.Element {
	if len(f.Elements) > 0 {
		return f.Elements[i]
	}
	return visibility.Element{Bits: f.Bits, Zero: f.Zero, Scale: f.Scale}
}

// Encode rounds a real input to the format. NaN, which says that an element is missing, is for
// formats alone that have an integer for it.
func (f InputFormat) Encode(x []float64) []int64 {
	out := make([]int64, len(x))
	for i, v := range x {
		e := f.Element(i)
		if out[i] = e.Nearest(v); math.IsNaN(v) && e.Missing != nil {
			out[i] = *e.Missing
		}
	}
	return out
}

// decoded is what a format makes of a real number.
func decoded(e visibility.Element, x float64) float64 { return e.Decode(e.Nearest(x)) }

// intervals are the ranges of the integers of so many elements.
func (f InputFormat) intervals(elements int) []program.Interval {
	out := make([]program.Interval, elements)
	for i := range out {
		e := f.Element(i)
		out[i] = program.Interval{Lo: e.Lowest(), Hi: e.Highest()}
	}
	return out
}

// scales lists the scales of so many elements, each once, and which of them each element
// has; no list where there is one scale.
func (f InputFormat) scales(elements int) (scales []float64, group []int32) {
	at := map[float64]int32{}
	for i := range elements {
		s := f.Element(i).Scale
		n, ok := at[s]
		if !ok {
			n = int32(len(scales))
			at[s], scales = n, append(scales, s)
		}
		group = append(group, n)
	}
	if len(scales) == 1 {
		group = nil
	}
	return scales, group
}

// farZero bounds the zero of an element, so that its integers are those of programs.
const farZero = 1 << 45

// checkElements refuses formats of single elements that no quantisation could have chosen.
func (f InputFormat) checkElements(elements int, whole *ir.Integers) error {
	switch {
	case len(f.Elements) != elements:
		return fmt.Errorf("the formats are of %d elements, the input has %d", len(f.Elements), elements)
	case f.Bits != 0 || f.Zero != 0 || f.Scale != 0:
		return errors.New("the formats give the input one for all of its elements, and one for each")
	case whole != nil && *whole == boolean:
		return errors.New("the formats give booleans a format for each element")
	}
	widest := 0
	for i, e := range f.Elements {
		widest = max(widest, e.Bits)
		switch {
		case e.Bits < 0 || e.Bits > maxInputBits || !(e.Scale > 0) || math.IsInf(e.Scale, 0) || e.Zero < -farZero ||
			e.Zero > farZero:
			return fmt.Errorf("the formats give element %d of the input %d bits of scale %g with zero at %d", i,
				e.Bits, e.Scale, e.Zero)
		case whole != nil && e.Scale != 1:
			return fmt.Errorf("the formats give element %d of the input, of integers, the scale %g: it is 1", i,
				e.Scale)
		case e.Missing != nil && (e.Bits == 0 || whole != nil || *e.Missing != e.Lowest() && *e.Missing != e.Highest()):
			return fmt.Errorf("the formats give element %d of the input the integer %d for a missing value: it must "+
				"be the lowest or the highest, of a real number", i, *e.Missing)
		}
	}
	if widest == 0 {
		return errors.New("the formats give every element of the input 0 bits")
	}
	return nil
}
