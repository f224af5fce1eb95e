package compiler

import (
	"fmt"
	"math/rand"
	"strings"
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

// TestOutOfReach: where no uniform number of bits meets a target, the error shows the
// one that comes nearest to it, judged on all samples.
func TestOutOfReach(t *testing.T) {
	rng := rand.New(rand.NewSource(5))
	samples := uniformSamples(rng, 300, 12)
	f := newFinder(t, perceptron(rng, 12, 8, 4), samples, Target{Top1: 1.01}) // more than there is
	most, tries := 0.0, 0
	for _, bits := range []int{8, 10, 12, 14} {
		for _, perChannel := range []bool{false, true} {
			k := f.uniformKnobs(bits)
			k.PerChannel = perChannel
			if q, err := Choose(f.r.IR, f.cal, k, f.o.weights()); err == nil {
				most = max(most, f.judge.compare(q, Target{}).Top1)
				tries++
			}
		}
	}
	if tries < 4 || most < 0.9 {
		t.Fatalf("%d candidates, the best with %v", tries, most)
	}
	_, err := f.start()
	want := fmt.Sprintf("the samples give top1 %.2f%%", 100*most)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %q", err, want)
	}
}

// TestNearer compares reports by what a target asks for.
func TestNearer(t *testing.T) {
	agrees, exact := Report{Top1: 0.9, MaxAbsError: 2}, Report{Top1: 0.8, MaxAbsError: 1}
	for _, c := range []struct {
		target Target
		want   bool
	}{{Target{Top1: 1}, true}, {Target{Top1: 1, Error: 0.1}, true}, {Target{Error: 0.1}, false}} {
		if got := c.target.nearer(agrees, exact); got != c.want || c.target.nearer(exact, agrees) == c.want {
			t.Errorf("%s: %v", c.target, got)
		}
	}
	same := Report{Top1: 0.9, MaxAbsError: 1}
	if target := (Target{Top1: 1}); !target.nearer(same, agrees) || target.nearer(same, same) {
		t.Error("of reports that agree as often, the more exact is not the nearer")
	}
}
