package compiler_test

import (
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/visibility"
)

// TestTies counts samples that rounding could decide: on 0.5, beside it by less than the
// rounding of float32 sums, and between the largest of three sums.
func TestTies(t *testing.T) {
	threeClasses := func(left, right []float64) map[string]any {
		return map[string]any{
			"classlabels_int64s": []int{0, 1, 2}, "class_ids": []int{0, 1, 2, 0, 1, 2},
			"class_treeids": make([]int, 6), "class_nodeids": []int{1, 1, 1, 2, 2, 2},
			"class_weights": append(left, right...),
		}
	}
	two := func(weights ...float64) map[string]any {
		return map[string]any{"classlabels_int64s": []int{0, 1}, "class_weights": weights}
	}
	const below = 0.5 - 1.0/(1<<25) // the float32 before 0.5
	for name, c := range map[string]struct {
		changes map[string]any
		want    int // of one sample on each side
	}{
		"votes":          {two(0.25, 0.75), 0},
		"on the edge":    {two(0.5, 0.75), 1},
		"beside it":      {two(below, 0.75), 1},
		"near":           {two(0.4999, 0.5001), 0},
		"both":           {two(below, 0.5), 2},
		"about zero":     {two(-1, 1e-9), 1},
		"three, equal":   {threeClasses([]float64{0.1, 0.3, 0.3}, []float64{0.1, 0.2, 0.3}), 1},
		"three, apart":   {threeClasses([]float64{0.1, 0.2, 0.3}, []float64{0.3, 0.2, 0.1}), 0},
		"lower ones tie": {threeClasses([]float64{0.1, 0.1, 0.3}, []float64{0.3, 0.2, 0.2}), 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := mustCompile(t, stumpModel(c.changes), compiler.Options{Reveal: visibility.Scores,
				Target: compiler.Target{Bits: 8}, Samples: compiler.Samples([][]float64{{1}, {2}}),
				Model: compiler.ModelOptions{Outputs: []string{"label"}}})
			ties := r.Report.Ties
			if len(ties) != 1 || ties[0].Samples != c.want || ties[0].Node != "trees (TreeEnsembleClassifier)" {
				t.Errorf("%+v, want %d samples", ties, c.want)
			}
			if len(ties) == 1 && !(ties[0].Bound > 0 && ties[0].Bound < 1e-5) {
				t.Errorf("the bound is %g", ties[0].Bound)
			}
		})
	}
}

// TestTiesOfWholeNumbers: sums of whole numbers are exact, so that no rounding decides, also
// where classes are equal; beyond the whole numbers that float32 holds it does.
func TestTiesOfWholeNumbers(t *testing.T) {
	for weight, want := range map[float64]int{1: 0, 5000: 0, 1 << 25: 1} {
		g := stumpModel(map[string]any{"classlabels_int64s": []int{0, 1, 2}, "class_ids": []int{0, 1, 2, 0, 1, 2},
			"class_treeids": make([]int, 6), "class_nodeids": []int{1, 1, 1, 2, 2, 2},
			"class_weights": []float64{weight, 3, weight, 0, 0, weight}})
		r := mustCompile(t, g, compiler.Options{Reveal: visibility.Scores, Target: compiler.Target{Bits: 8},
			Samples: compiler.Samples([][]float64{{1}, {2}}), Model: compiler.ModelOptions{Outputs: []string{"label"}}})
		if len(r.Report.Ties) != want {
			t.Errorf("leaves of %g: %+v", weight, r.Report.Ties)
		}
	}
}

// TestTiesOfGivenFormats: a coarser scale of the leaves has a larger bound. Where no class is
// decided, there are no ties.
func TestTiesOfGivenFormats(t *testing.T) {
	g := stumpModel(map[string]any{"classlabels_int64s": []int{0, 1}, "class_weights": []float64{0.4999, 0.5001}})
	o := compiler.Options{Reveal: visibility.Scores, Target: compiler.Target{Bits: 8},
		Model: compiler.ModelOptions{Outputs: []string{"label"}}, Samples: compiler.Samples([][]float64{{1}, {2}})}
	o.Formats = mustCompile(t, g, o).Formats
	for name := range o.Formats.Steps {
		if f := &o.Formats.Steps[name]; len(f.Sum) == 1 {
			f.Sum[0] = 1.0 / 64
		}
	}
	ties := mustCompile(t, g, o).Report.Ties
	if len(ties) != 1 || ties[0].Samples != 2 || ties[0].Bound < 1e-4 || ties[0].Bound > 1.0/128 {
		t.Errorf("%+v", ties)
	}
	o.Formats, o.Model.Outputs = nil, []string{"scores"}
	if ties := mustCompile(t, g, o).Report.Ties; len(ties) != 0 {
		t.Errorf("scores alone have %+v", ties)
	}
}
