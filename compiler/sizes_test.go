package compiler

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/visibility"
)

// TestSearchIsMonotone: a stricter error takes no fewer rows, and no more than what a looser one
// found that meets it too.
func TestSearchIsMonotone(t *testing.T) {
	type found struct {
		target, reached float64
		rows            int
	}
	for seed := range int64(3) {
		rng := rand.New(rand.NewSource(seed))
		g, samples := perceptron(rng, 12, 16, 3), uniformSamples(rng, 20, 12)
		var looser []found
		sizes := map[int]bool{}
		for _, target := range []float64{2, 0.3, 0.1, 0.07, 0.03, 0.003} {
			r, err := Compile(g, Options{Target: Target{Error: target}, Reveal: visibility.Scores, Samples: samples})
			if err != nil {
				t.Fatal(err)
			}
			now := found{target, r.Report.MaxAbsError, r.Cost.Rows()}
			if now.reached > target {
				t.Errorf("seed %d: error %g for a target of %g", seed, now.reached, target)
			}
			for _, l := range looser {
				if now.rows < l.rows || l.reached <= target && now.rows > l.rows {
					t.Errorf("seed %d: %d rows for an error of %g; %d for one of %g, which reach %g", seed, now.rows,
						target, l.rows, l.target, l.reached)
				}
			}
			looser, sizes[r.Cost.PaddedRows()] = append(looser, now), true
		}
		if len(sizes) < 2 {
			t.Errorf("seed %d: all targets took one size", seed)
		}
	}
}

// TestClosestIsReported: where an error is out of reach, the one that is shown can be met.
func TestClosestIsReported(t *testing.T) {
	rng := rand.New(rand.NewSource(5))
	g, samples := perceptron(rng, 12, 8, 4), uniformSamples(rng, 30, 12)
	compile := func(target float64) error {
		_, err := Compile(g, Options{Target: Target{Error: target}, Reveal: visibility.Scores, Samples: samples})
		return err
	}
	err := compile(1e-9)
	if err == nil || !strings.Contains(err.Error(), "out of reach") {
		t.Fatalf("%v, want one that is out of reach", err)
	}
	_, text, _ := strings.Cut(err.Error(), "largest error ")
	var closest float64
	if _, err := fmt.Sscan(strings.TrimSuffix(strings.Fields(text)[0], ";"), &closest); err != nil {
		t.Fatal(err)
	}
	if err := compile(closest * 1.01); err != nil {
		t.Errorf("the error %g that is shown is not met: %v", closest, err)
	}
}

// TestExchangesFit: what is planned near a candidate is of its size, and no candidate comes twice.
func TestExchangesFit(t *testing.T) {
	rng := rand.New(rand.NewSource(5))
	f := newFinder(t, perceptron(rng, 20, 12, 5), uniformSamples(rng, 50, 20), Target{Error: 0.1})
	at, err := f.plan(f.uniformKnobs(6))
	if err != nil {
		t.Fatal(err)
	}
	f.sampled(at)
	seen := map[digest]bool{at.is: true}
	fits, better := f.exchanges(at, at.cost.PaddedRows()), 0
	for i, n := range fits {
		if seen[n.is] || n.cost.PaddedRows() != at.cost.PaddedRows() || i > 0 && n.few < fits[i-1].few {
			t.Errorf("%s: %d rows near %d, noise %g", n.knobs, n.cost.Rows(), at.cost.Rows(), n.few)
		}
		if seen[n.is] = true; n.few < at.few {
			better++
		}
	}
	if better == 0 {
		t.Error("nothing near 6 bits is less noisy")
	}
}
