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
// cannot hold: Prove and Run take the nearest value that it holds, Commit and Sign
// refuse. Integers and booleans have none: what their format cannot hold is refused by
// all of them.
func Saturated(l visibility.Layout, x []float64) []int {
	in := l.Inputs()[0]
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

// Limited is a copy of an input in which every element that its format cannot hold is
// the nearest that it holds. Who hands it to Commit or Sign vouches for these values.
func Limited(l visibility.Layout, x []float64) []float64 {
	out := slices.Clone(x)
	lo, hi := realRange(l)
	for _, i := range Saturated(l, x) {
		out[i] = math.Min(math.Max(out[i], lo), hi)
	}
	return out
}

// InputRange says which real values the format of an input holds, in words.
func InputRange(l visibility.Layout) string {
	lo, hi := realRange(l)
	return fmt.Sprintf("the range of its %d-bit format, %.6g to %.6g", l.Inputs()[0].Bits, lo, hi)
}

// realRange is the least and the largest value that the format of an input holds.
func realRange(l visibility.Layout) (lo, hi float64) {
	in := l.Inputs()[0]
	return float64(float64(in.Lowest()) * in.Scale), float64(float64(in.Highest()) * in.Scale)
}

// shownElements is how many elements a message lists.
const shownElements = 10

// Elements names elements of an input by their positions, and never by their values:
// "elements 3, 7"; of a batch, by their positions in one of its inputs.
func Elements(l visibility.Layout, elements []int) string {
	perItem := l.Item().Inputs()[0].Count()
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

// vouched encodes an input for which somebody vouches, by a signature or a
// commitment: what the format cannot hold is refused.
func vouched(l visibility.Layout, x []float64) ([]int64, error) {
	if out := Saturated(l, x); len(out) > 0 {
		return nil, &problem.Error{
			Code: problem.Range, Place: "input",
			Got:       fmt.Sprintf("%s of %d outside %s", Elements(l, out), len(x), InputRange(l)),
			Supported: "nobody vouches for a value that the format cannot hold",
			Remedy:    "give values within the range, compile with samples like this one, or take the nearest values with ${Limited}",
		}
	}
	return encode(l, x)
}
