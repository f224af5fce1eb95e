package compiler

import (
	"fmt"
	"math/rand"
	"os"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/visibility"
)

// TestTreeRows holds the table of docs/classical.md against the rows of random ensembles
// with a public input and scores, at the digit size that suits each best.
func TestTreeRows(t *testing.T) {
	page, err := os.ReadFile("../docs/classical.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ trees, depth, features, cuts, outputs int }{
		{5, 4, 14, 30, 1}, {10, 4, 4, 30, 3}, {100, 6, 10, 255, 1}, {100, 6, 10, 2000, 1}, {100, 8, 14, 255, 2},
	} {
		w := newWood(1, c.features, c.cuts, decimal(2, 100))
		rows, secret := rowsOf(t, w, c.trees, c.depth, c.outputs, nil)
		what := fmt.Sprintf("%d trees of depth %d over %d features", c.trees, c.depth, c.features)
		if c.outputs > 1 {
			what += fmt.Sprintf(", %d outputs", c.outputs)
		}
		if 4*secret > 5*rows {
			t.Errorf("%s: a private model has %d rows, a public one %d", what, secret, rows)
		}
		line := fmt.Sprintf("| %s | %d | %d | %d |", what, len(w.splits.At), rows, secret)
		if !strings.Contains(string(page), line+"\n") {
			t.Errorf("docs/classical.md has not the line\n%s", line)
		}
	}
}

// rowsOf counts a forest's rows as a public and as a private model, whose structure may be hidden.
func rowsOf(t *testing.T, w *wood, trees, depth, outputs int, h *Hiding) (public, private uint64) {
	t.Helper()
	p := w.program(trees, depth, outputs, func(r *rand.Rand) float64 { return float64(float32(r.NormFloat64())) })
	samples := make([]Sample, 50)
	for i := range samples {
		x := make([]float64, w.features)
		for j := range x {
			x[j] = decimal(2, 100)(w.r, j)
		}
		samples[i] = Sample{x}
	}
	given := map[int]InputFormat{}
	(&Result{IR: p}).grids(given, samples)
	count := func(weights Weights) uint64 {
		q, err := Choose(p, Calibrate(p, samples, func(int) {}), Knobs{Given: given}, weights)
		if err != nil {
			t.Fatal(err)
		}
		return leastRows(t, q, given[0], w.features, outputs, weights)
	}
	public = count(PublicWeights)
	if h != nil {
		if err := hideTrees(p, *h); err != nil {
			t.Fatal(err)
		}
	}
	return public, count(KeyWeights)
}

// leastRows counts the rows at the digit size that suits best.
func leastRows(t *testing.T, q *Quantised, f InputFormat, features, outputs int, weights Weights) uint64 {
	t.Helper()
	out := q.Program.Outputs[0]
	plan := visibility.Plan{
		Reveal: visibility.Scores, Private: visibility.Private{Model: weights != PublicWeights},
		Inputs: []visibility.Tensor{
			{Name: "x", Shape: []int{1, features}, Bits: f.Bits, Zero: f.Zero, Scale: f.Scale},
		},
		Outputs: []visibility.Tensor{outputTensor("y", []int{1, outputs}, q.Program.Values[out].Scale,
			q.bounded.RangeOf(out), false, "")},
	}
	l, err := plan.Layout()
	if err != nil {
		t.Fatal(err)
	}
	least := uint64(0)
	for digit := 4; digit <= 10; digit++ {
		cost, err := (&circuits.Statement{Model: q.bounded, Layout: l, Digit: digit}).Count()
		if err != nil {
			t.Fatal(err)
		}
		if rows := uint64(cost.Rows()); least == 0 || rows < least {
			least = rows
		}
	}
	return least
}
