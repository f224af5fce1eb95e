package app

import (
	"math"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// HasClass tells whether an output has a class, found by the circuit or not: one
// score alone has none.
func HasClass(l visibility.Layout) bool { return l.Classes || l.Item().Output.Count() > 1 }

// AsClasses reads the outputs of a float model that ends in an argmax itself.
func AsClasses(y []float64, groups int) (verifier.Classes, bool) {
	if len(y) != groups {
		return nil, false
	}
	out := make(verifier.Classes, len(y))
	for i, v := range y {
		if v != math.Trunc(v) {
			return nil, false
		}
		out[i] = int64(v)
	}
	return out, true
}

// ClassesOf gives the class of each of a number of equal groups of scores.
func ClassesOf(y []float64, groups int) verifier.Classes {
	n := len(y) / groups
	out := make(verifier.Classes, groups)
	for i := range out {
		out[i] = int64(compiler.ArgMax(y[i*n : (i+1)*n]))
	}
	return out
}
