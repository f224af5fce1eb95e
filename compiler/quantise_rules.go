package compiler

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/program"
)

func init() {
	addRule(&ir.Affine{}, func(k *ir.Affine) rule { return affineRule{k} })
	addRule(&ir.Clamp{}, func(k *ir.Clamp) rule { return clampRule{k} })
	addRule(&ir.Func{}, func(k *ir.Func) rule {
		switch {
		case k.Whole != nil:
			return stairsRule{k}
		case len(k.Counts) > 0:
			return countsRule{k}
		}
		return functionRule{k}
	})
	addRule(&ir.Softmax{}, func(k *ir.Softmax) rule { return softmaxRule{k} })
	addRule(&ir.Max{}, func(k *ir.Max) rule { return maxRule{k} })
	addRule(&ir.Product{}, func(k *ir.Product) rule { return productRule{&program.Product{A: k.A, B: k.B}} })
	addRule(&ir.Dot{}, func(k *ir.Dot) rule {
		return productRule{&program.Dot{N: k.N, K: k.K, M: k.M, A: k.A, B: k.B}}
	})
	addRule(&ir.ArgMax{}, func(k *ir.ArgMax) rule { return argMaxRule{k} })
	addRule(&ir.Move{}, func(k *ir.Move) rule { return moveRule{k} })
}

// clampRule is the rule of limits.
type clampRule struct{ *ir.Clamp }

func (r clampRule) quantise(q *quantiser, s *ir.Step) error { return q.clamp(s, r.Clamp) }

func (clampRule) checkFormat(f *StepFormat) error {
	if f.Limits == nil {
		return errors.New("the formats do not say how the value is limited")
	}
	return nil
}

func (clampRule) tunes() tuning { return tuning{activation: true} }

// levels: a ReLU rescales each channel by itself, as do two limits that set the scales of the sums
// before them.
func (r clampRule) levels(q *quantiser, _ *ir.Step, id ir.ID) bool {
	if r.Lo == 0 && math.IsInf(r.Hi, 1) {
		return true
	}
	_, c := q.limiting(id)
	return c == r.Clamp
}

// functionRule is the rule of functions.
type functionRule struct{ *ir.Func }

func (r functionRule) quantise(q *quantiser, s *ir.Step) error { return q.function(s, r.Func) }

func (functionRule) checkFormat(f *StepFormat) error {
	if (f.Out == 0) == (f.Limits == nil) {
		return errors.New("the formats need either limits or a scale for the function's values")
	}
	return nil
}

func (functionRule) tunes() tuning { return tuning{activation: true} }

func (functionRule) looksUp() {}

func (functionRule) levels(*quantiser, *ir.Step, ir.ID) bool { return true }

// maxRule is the rule of maxima.
type maxRule struct{ *ir.Max }

func (r maxRule) quantise(q *quantiser, s *ir.Step) error { return q.max(s, r.Max) }

// levels: a maximum within channels leaves their scales to its own readers.
func (r maxRule) levels(q *quantiser, s *ir.Step, id ir.ID) bool {
	return q.channelsMayDiffer(s.Out) && q.windowsKeepChannels(id, r.Max)
}

// productRule is the rule of products of variables.
type productRule struct{ kernel program.Kernel }

func (r productRule) quantise(q *quantiser, s *ir.Step) error { return q.product(s, r.kernel) }

func (productRule) levels(*quantiser, *ir.Step, ir.ID) bool { return true }

// argMaxRule is the rule of classes: their readers compare channels as they are.
type argMaxRule struct{ *ir.ArgMax }

func (r argMaxRule) quantise(q *quantiser, s *ir.Step) error {
	return q.ranked(s, &program.ArgMax{Groups: r.Groups, Last: r.Last})
}

func (argMaxRule) classifies() {}

// moveRule is the rule of data movement, which mixes channels.
type moveRule struct{ *ir.Move }

func (r moveRule) quantise(q *quantiser, s *ir.Step) error { return q.move(s, r.Move) }

// separates: elements of one input are copied as they are.
func (moveRule) separates(s *ir.Step) bool { return len(s.In) == 1 }

// affineRule is the rule of linear steps.
type affineRule struct{ *ir.Affine }

func (r affineRule) quantise(q *quantiser, s *ir.Step) error { return q.affine(s, r.Affine) }

func (r affineRule) checkFormat(f *StepFormat) error {
	groups := 1
	for _, g := range r.Group {
		groups = max(groups, g+1)
	}
	if n := len(f.Sum); n != 1 && n != groups || slices.Contains(f.Sum, 0) {
		return fmt.Errorf("the formats have %d scales of sums, the layer has %d channels", n, groups)
	}
	return nil
}

// separates: the scale of an element is a factor of its weights.
func (affineRule) separates(*ir.Step) bool { return true }

func (affineRule) tunes() tuning { return tuning{weights: true} }

func (affineRule) levels(*quantiser, *ir.Step, ir.ID) bool { return true }

// softmaxRule is the rule of softmaxes.
type softmaxRule struct{ *ir.Softmax }

func (r softmaxRule) quantise(q *quantiser, s *ir.Step) error { return q.softmax(s, r.Softmax) }

func (r softmaxRule) checkFormat(f *StepFormat) error {
	if frac, exp := math.Frexp(f.Out); !r.Log && (frac != 0.5 || exp > 1 || exp < -40) {
		return fmt.Errorf("the formats' scale %g for a softmax is no negative power of two", f.Out)
	}
	return nil
}

func (softmaxRule) looksUp() {}

func (softmaxRule) levels(*quantiser, *ir.Step, ir.ID) bool { return true }
