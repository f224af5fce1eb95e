package zkml

import (
	"math"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// Agreement says how well the integer model follows the float model on the samples.
type Agreement struct {
	Samples int  `json:"samples"`
	MadeUp  bool `json:"made_up"`
	// Top1 is the share of samples with the float model's class.
	Top1        float64 `json:"top1"`
	MaxAbsError float64 `json:"max_abs_error"` // 0 if the output is a class
	// Outputs has the same for each output: Top1 above is their minimum, MaxAbsError
	// their maximum.
	Outputs []OutputAgreement `json:"outputs"`
	// Limit names the node that limits the agreement, if the target was not met.
	Limit string `json:"limit,omitempty"`

	// SearchStopped says that the search for formats ran out of time.
	SearchStopped bool `json:"search_stopped,omitempty"`

	// Range is the range of made-up samples.
	Range [2]float64 `json:"-"`
}

// OutputAgreement says how well one output of the integer model follows the float model.
type OutputAgreement struct {
	Name string `json:"name"`
	// Top1 is nil if the output has no class, but one score per sample.
	Top1 *float64 `json:"top1,omitempty"`
	// MaxAbsError is nil if the output is a class.
	MaxAbsError *float64 `json:"max_abs_error,omitempty"`
}

func newOutputAgreement(name string, ranked, classes bool, top1, maxError float64) OutputAgreement {
	x := OutputAgreement{Name: name}
	if ranked {
		x.Top1 = &top1
	}
	if !classes {
		x.MaxAbsError = &maxError
	}
	return x
}

func agreementOf(r compiler.Report, o compiler.Options) Agreement {
	g := Agreement{Samples: r.Samples, MadeUp: r.Made, Top1: r.Top1, MaxAbsError: r.MaxAbsError, Limit: r.Limit,
		SearchStopped: r.Stopped}
	for _, x := range r.Outputs {
		g.Outputs = append(g.Outputs, newOutputAgreement(x.Name, x.Ranked(), x.Classes, x.Top1, x.MaxAbsError))
	}
	if r.Made {
		g.Range[0], g.Range[1] = o.MadeRange()
	}
	return g
}

// HasClass reports whether an output has a class, whether or not the circuit computes
// it. A single score has none.
func HasClass(l visibility.Layout, output *visibility.Port) bool {
	return output.Classes || output.Count() > l.Items()
}

// asClasses reads the output of a float model that itself ends in an argmax.
func asClasses(y []float64, groups int) (verifier.Classes, bool) {
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

// classesOf returns the class of each of a number of equal groups of scores.
func classesOf(y []float64, groups int) verifier.Classes {
	n := len(y) / groups
	out := make(verifier.Classes, groups)
	for i := range out {
		out[i] = int64(compiler.ArgMax(y[i*n : (i+1)*n]))
	}
	return out
}
