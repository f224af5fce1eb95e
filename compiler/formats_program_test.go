package compiler

import (
	"math/rand"
	"testing"
)

// TestFormatsGiveTheProgram: whatever knobs chose formats, the formats alone give the same
// program: keys are derived from them again.
func TestFormatsGiveTheProgram(t *testing.T) {
	programs := 0
	for seed := range int64(60) {
		r := rand.New(rand.NewSource(seed))
		p := everyKind(r)
		var samples []Sample
		for range 8 {
			x, n := make([]float64, 4), make([]float64, 4)
			for j := range x {
				x[j], n[j] = r.Float64(), float64(r.Intn(7)-3)
			}
			samples = append(samples, Sample{x, n})
		}
		w, cal := Weights(r.Intn(3)), Calibrate(p, samples, func(int) {})
		k := Knobs{Input: 5, Weight: 5, Activation: 6, Table: 7}
		for range 20 {
			k = randomKnobs(r, k, len(p.Steps))
			q, err := Choose(p, cal, k, w)
			if err != nil {
				continue
			}
			programs++
			again, err := Quantise(p, q.Formats, w)
			if err != nil {
				t.Fatal(err)
			}
			sameQuantised(t, again, q)
		}
	}
	if programs < 600 {
		t.Errorf("only %d programs were made", programs)
	}
}
