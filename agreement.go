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
	// Top1 is the share of samples with the float model's class: the least of Outputs,
	// nil if none has one.
	Top1 *float64 `json:"top1"`
	// MaxAbsError is the largest of Outputs, 0 if they are classes.
	MaxAbsError Real              `json:"max_abs_error"`
	Outputs     []OutputAgreement `json:"outputs"`
	// Exact says that the model was quantised before, and the integers compute the model itself for
	// every input that is a number of its codes.
	Exact bool `json:"exact,omitempty"`
	// Unrounded is how many layers take numbers as they are that the file rounds to codes of 8 bits,
	// by scales that follow from the input.
	Unrounded int `json:"unrounded,omitempty"`
	// Limit names the node that limits the agreement, if the target was not met.
	Limit string `json:"limit,omitempty"`

	// Sides are the inputs in whose formats samples lie on other sides of thresholds than
	// the float model has them on.
	Sides []compiler.ChangedSides `json:"changed_sides,omitempty"`

	// Coarse are elements of inputs whose formats stand in the way: the worst three of those whose
	// rounding alone makes half of the largest error, or half of the other classes.
	Coarse []compiler.CoarseFeature `json:"coarse_features,omitempty"`

	// Ties are the decisions that sums of leaves make, with the samples that are so close to
	// another one that the rounding of the sums could decide.
	Ties []compiler.Ties `json:"ties,omitempty"`

	// SearchStopped says that the search for formats ran out of time.
	SearchStopped bool `json:"search_stopped,omitempty"`

	// Range is the range of made-up samples.
	Range [2]float64 `json:"-"`
}

// OutputAgreement says how well one output of the integer model follows the float model.
type OutputAgreement struct {
	Name string `json:"name"`
	// Top1 is nil if the output is not a class and nothing says that its largest score
	// stands for one, as a target or labels do: the scores may be those of a regression.
	Top1 *float64 `json:"top1,omitempty"`
	// MaxAbsError is nil if the output is a class.
	MaxAbsError *Real `json:"max_abs_error,omitempty"`
}

func newOutputAgreement(name string, ranked, classes bool, top1, maxError float64) OutputAgreement {
	x := OutputAgreement{Name: name}
	if ranked {
		x.Top1 = &top1
	}
	if !classes {
		e := Real(maxError)
		x.MaxAbsError = &e
	}
	return x
}

// leastTop1 is the least share of outputs that have one; nil where none has.
func leastTop1(outputs []OutputAgreement) *float64 {
	var least *float64
	for _, x := range outputs {
		if x.Top1 != nil && (least == nil || *x.Top1 < *least) {
			least = x.Top1
		}
	}
	return least
}

func agreementOf(r compiler.Report, o compiler.Options) Agreement {
	g := Agreement{Samples: r.Samples, MadeUp: r.MadeUp, MaxAbsError: Real(r.MaxAbsError), Limit: r.Limit,
		Exact: r.Exact, Unrounded: r.Unrounded,
		Sides: r.Sides, Coarse: r.Coarse, Ties: r.Ties, SearchStopped: r.Stopped}
	for _, x := range r.Outputs {
		ranked := x.Classes || x.Elements > 1 && o.Target.Top1 > 0
		g.Outputs = append(g.Outputs, newOutputAgreement(x.Name, ranked, x.Classes, x.Top1, x.MaxAbsError))
	}
	g.Top1 = leastTop1(g.Outputs)
	if r.MadeUp {
		g.Range[0], g.Range[1] = o.MadeRange()
	}
	return g
}

// decisionOf makes the class of a model's score under a layout's threshold; nil where
// there is none.
func decisionOf(out *visibility.Port, of compiler.Port) *compiler.Decision {
	if out.Threshold == nil {
		return nil
	}
	d := of.Decision(*out.Threshold)
	return &d
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
