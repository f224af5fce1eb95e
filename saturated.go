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
	lo, hi := float64(in.Lowest()), float64(in.Highest())
	var out []int
	for i, v := range x {
		if n := math.Floor(v/in.Scale + 0.5); !(n >= lo && n <= hi) {
			out = append(out, i)
		}
	}
	return out
}

// Limited returns a copy of an input in which every element is clamped to its format.
// Whoever passes it to Commit or Sign vouches for the clamped values.
func Limited(in *visibility.Port, x []float64) []float64 {
	out := slices.Clone(x)
	lo, hi := realRange(in)
	for _, i := range Saturated(in, x) {
		out[i] = math.Min(math.Max(out[i], lo), hi)
	}
	return out
}

// InputRange says, in words, which real values the format of an input can hold.
func InputRange(in *visibility.Port) string {
	lo, hi := realRange(in)
	return fmt.Sprintf("the range of its %d-bit format, %.6g to %.6g", in.Bits, lo, hi)
}

// realRange returns the smallest and the largest value that the format of an input holds.
func realRange(in *visibility.Port) (lo, hi float64) {
	return float64(float64(in.Lowest()) * in.Scale), float64(float64(in.Highest()) * in.Scale)
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
			Got:       fmt.Sprintf("%s of %d outside %s", Elements(l, in, out), len(x), InputRange(in)),
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
