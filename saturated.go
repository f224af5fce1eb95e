package zkml

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/visibility"
)

// Saturated lists, in ascending order, the elements of a real input that its format
// cannot hold: Prove and Run clamp them, Commit and Sign refuse them. For integers and
// booleans the list is empty: all four functions refuse what their format cannot hold.
func Saturated(in *visibility.Port, x []float64) []int {
	if in.Type != visibility.Real {
		return nil
	}
	var out []int
	for i, v := range x {
		if !in.Element(i).Holds(v) {
			out = append(out, i)
		}
	}
	return out
}

// Limited returns a copy of an input in which every element is clamped to its format.
// Whoever passes it to Commit or Sign vouches for the clamped values.
func Limited(in *visibility.Port, x []float64) []float64 {
	out := slices.Clone(x)
	for _, i := range Saturated(in, x) {
		lo, hi := realRange(in.Element(i))
		out[i] = math.Min(math.Max(out[i], lo), hi)
	}
	return out
}

// InputRange says, in words, which real values the format of an input can hold: that of the
// given element, where each has its own.
func InputRange(in *visibility.Port, element int) string {
	e := in.Element(element)
	lo, hi := realRange(e)
	if n := len(in.Elements); n > 0 {
		return fmt.Sprintf("the ranges of their formats, which is %.6g to %.6g for element %d", lo, hi, element%n)
	}
	return fmt.Sprintf("the range of its %d-bit format, %.6g to %.6g", e.Bits, lo, hi)
}

// realRange returns the smallest and the largest number that a format holds.
func realRange(e visibility.Element) (lo, hi float64) {
	lowest, highest := e.Numbers()
	return e.Decode(lowest), e.Decode(highest)
}

// shownElements is the number of elements that a message lists.
const shownElements = 10

// Elements names elements of an input by position, never by value: "elements 3, 7"; in a
// batch, by their position in one of its inputs.
func Elements(l visibility.Layout, in *visibility.Port, elements []int) string {
	perItem := in.Count() / l.Items()
	var words []string
	for i, e := range elements {
		switch {
		case i == shownElements:
			words = append(words, fmt.Sprintf("and %d more", len(elements)-i))
		case i > shownElements:
		case l.Items() > 1:
			words = append(words, fmt.Sprintf("%d of input %d", e%perItem, e/perItem))
		default:
			words = append(words, fmt.Sprint(e))
		}
	}
	if len(elements) == 1 {
		return "element " + words[0]
	}
	return "elements " + strings.Join(words, ", ")
}

// vouched encodes an input that is to be signed or committed to: what the format cannot
// hold is refused.
func vouched(l visibility.Layout, in *visibility.Port, x []float64) ([]int64, error) {
	if out := Saturated(in, x); len(out) > 0 {
		return nil, &problem.Error{
			Code: problem.Range, Place: inputPlace(l, in),
			Got:       fmt.Sprintf("%s of %d outside %s", Elements(l, in, out), len(x), InputRange(in, out[0])),
			Supported: "only values that the format can hold are signed or committed to",
			Remedy: "give values within the range, compile with samples like this one, " +
				"or take the nearest values with ${Limited}",
		}
	}
	return encodeInput(in, x)
}

// inputPlace names an input if there are several.
func inputPlace(l visibility.Layout, in *visibility.Port) string {
	if len(l.Inputs()) == 1 {
		return "input"
	}
	return fmt.Sprintf("input %q", in.Name)
}
