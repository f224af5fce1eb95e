package compiler

import (
	"math/rand"
	"testing"
)

// TestSearchStops ends a search after so many questions whether its time is over: what
// was found by then meets the target, and later ends find nothing worse.
func TestSearchStops(t *testing.T) {
	rng := rand.New(rand.NewSource(5))
	samples := uniformSamples(rng, 60, 12)
	g := perceptron(rng, 12, 8, 4)
	search := func(asked int) *finder {
		f := newFinder(t, g, samples, Target{Top1: 0.9})
		f.late = func() bool { asked--; return asked < 0 }
		if asked < 0 {
			f.late = nil
		}
		if err := f.find(); err != nil {
			t.Fatal(err)
		}
		if !f.o.Target.Met(f.best.report) {
			t.Errorf("the best after %d questions misses the target", asked)
		}
		return f
	}
	whole := search(-1)
	if whole.stopped.Load() {
		t.Error("a search without a limit says that it was stopped")
	}
	before := 0
	for i, asked := range []int{0, 5, 60} {
		f := search(asked)
		if !f.stopped.Load() {
			t.Errorf("the search that ends after %d questions does not say so", asked)
		}
		if rows := f.best.cost.PaddedRows(); i > 0 && rows > before || rows < whole.best.cost.PaddedRows() {
			t.Errorf("after %d questions %d rows, before %d, of the whole search %d", asked, rows, before,
				whole.best.cost.PaddedRows())
		}
		before = f.best.cost.PaddedRows()
	}
}
