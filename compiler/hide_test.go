package compiler

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/visibility"
)

// hiddenWood is an ensemble over four features, with its structure hidden if there is a hiding.
func hiddenWood(t *testing.T, seed int64, trees, depth, outputs int, h *Hiding) *ir.Program {
	t.Helper()
	w := newWood(seed, 4, 6, decimal(1, 10))
	p := w.program(trees, depth, outputs, func(r *rand.Rand) float64 { return float64(r.Intn(9) - 4) })
	if h != nil {
		o := &Options{Private: visibility.Private{Model: true}, Hide: h}
		if _, err := o.hide(p); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// TestHiddenTreesComputeTheSame: full trees give what the model's own give, in reals and in
// integers, and integers of a public model.
func TestHiddenTreesComputeTheSame(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	for _, c := range []struct{ trees, depth, outputs int }{{1, 1, 1}, {3, 2, 2}, {5, 3, 1}, {4, 4, 3}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			public := hiddenWood(t, 7, c.trees, c.depth, c.outputs, nil)
			hidden := hiddenWood(t, 7, c.trees, c.depth, c.outputs, &Hiding{Depth: 4, Trees: 5})
			if trees := hidden.Steps[1].Kind.(*ir.Trees); len(trees.Nodes) != 5*15 || len(trees.Leaves) != 5*16 {
				t.Fatalf("%s", trees)
			}
			var points []Sample
			for range 200 {
				x := make([]float64, 4)
				for j := range x {
					x[j] = decimal(1, 10)(r, j)
				}
				points = append(points, Sample{x})
			}
			given := map[int]InputFormat{}
			(&Result{IR: public}).grids(given, points)
			quantised := func(p *ir.Program, w Weights) *Quantised {
				q, err := Choose(p, Calibrate(p, points, func(int) {}), Knobs{Given: given}, w)
				if err != nil {
					t.Fatal(err)
				}
				return q
			}
			a, b := quantised(public, PublicWeights), quantised(hidden, KeyWeights)
			for _, x := range points {
				want, got := public.Run(x...)[public.Outputs[0]], hidden.Run(x...)[hidden.Outputs[0]]
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Fatalf("%v: %v, want %v", x, got, want)
				}
				in := a.Formats.encode(x)
				if fmt.Sprint(b.Program.Eval(in...)) != fmt.Sprint(a.Program.Eval(in...)) {
					t.Fatalf("%v: integers %v, want %v", x, b.Program.Eval(in...), a.Program.Eval(in...))
				}
			}
		})
	}
}

// TestHiddenTreesAreOneArchitecture: ensembles of different shapes, features and thresholds, which
// are declared to be of one size, publish the same.
func TestHiddenTreesAreOneArchitecture(t *testing.T) {
	formats := &Formats{Input: &InputFormat{Bits: 7, Scale: 0.1}, Steps: []StepFormat{{}, {Sum: []float64{1},
		Limit: 64}}}
	publish := func(p *ir.Program) (out []byte) {
		q, err := Quantise(p, formats, KeyWeights)
		if err != nil {
			t.Fatal(err)
		}
		if out, err = program.Encode(q.Program.Filled(0)); err != nil {
			t.Fatal(err)
		}
		return append(out, strings.Join(q.Program.Words(), "\n")...)
	}
	h := Hiding{Depth: 3, Trees: 4}
	first := publish(hiddenWood(t, 1, 4, 3, 2, &h))
	for seed := range int64(12) {
		p := hiddenWood(t, seed, 1+int(seed)%4, 1+int(seed)%3, 2, &h)
		if !bytes.Equal(publish(p), first) {
			t.Errorf("ensemble %d is told from others", seed)
		}
	}
}

// TestHiddenFeaturesDoNotShow: the format of the input is the same whichever features the tests
// read, of which one is far wider, and finer, than the others.
func TestHiddenFeaturesDoNotShow(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	var points []Sample
	for range 100 {
		x := make([]float64, 4)
		for j := range x {
			x[j] = decimal(1, 10)(r, j)
		}
		x[3] = decimal(3, 900)(r, 3)
		points = append(points, Sample{x})
	}
	var formats [2]map[int]InputFormat
	for k := range formats {
		p := hiddenWood(t, 7, 3, 3, 1, &Hiding{Depth: 3, Trees: 3})
		p.Secret = true
		if splits := p.Steps[0].Kind.(*ir.Splits); k == 1 {
			for i := range splits.Index {
				splits.Index[i] = 0
			}
		}
		formats[k] = map[int]InputFormat{}
		(&Result{IR: p}).grids(formats[k], points)
	}
	if len(formats[0]) != 1 || !reflect.DeepEqual(formats[0], formats[1]) {
		t.Errorf("%v where the tests read all features, %v where they read one", formats[0], formats[1])
	}
}

// TestPrivateFeatures: trees whose structure is public have a grid for each feature, without an
// integer for a missing value; those whose structure is hidden share one.
func TestPrivateFeatures(t *testing.T) {
	r := rand.New(rand.NewSource(6))
	var points []Sample
	for range 100 {
		points = append(points, Sample{{decimal(1, 10)(r, 0), decimal(0, 1)(r, 1), decimal(3, 900)(r, 2),
			decimal(0, 1)(r, 3)}})
	}
	for _, hidden := range []bool{false, true} {
		p := hiddenWood(t, 7, 3, 3, 1, &Hiding{Depth: 3, Trees: 3})
		p.Secret = true
		splits := p.Steps[0].Kind.(*ir.Splits)
		splits.Hidden, splits.Missing = hidden, slices.Repeat([]ir.Missing{ir.MissingBeyond}, len(splits.Index))
		formats := map[int]InputFormat{}
		(&Result{IR: p}).grids(formats, points)
		if f := formats[0]; (len(f.Elements) == 0) != hidden {
			t.Errorf("hidden %t: %+v", hidden, f)
		} else if slices.ContainsFunc(f.Elements, func(e visibility.Element) bool { return e.Missing != nil }) {
			t.Errorf("an element of %+v may be missing", f)
		}
	}
}

// TestHidingRefused lists what cannot be hidden.
func TestHidingRefused(t *testing.T) {
	private := Options{Private: visibility.Private{Model: true}}
	for want, c := range map[string]struct {
		hide  Hiding
		given *Formats
		o     Options
		bare  bool
	}{
		"the model is public":              {hide: Hiding{Depth: 3}},
		"has 2 trees, the deepest of":      {hide: Hiding{Depth: 2}, o: private},
		"trees beyond what is declared":    {hide: Hiding{Trees: 1}, o: private},
		"or deeper than 20":                {hide: Hiding{Depth: 21}, o: private},
		"depth=20,trees=1048576 have more": {hide: Hiding{Depth: 20, Trees: 1 << 20}, o: private},
		"of another structure":             {hide: Hiding{Depth: 3}, o: private, given: &Formats{}},
		"the formats are of trees": {hide: Hiding{Depth: 3}, o: private,
			given: &Formats{HideStructure: &Hiding{Depth: 4, Trees: 2}}},
		"has no trees": {o: private, bare: true},
	} {
		t.Run(want, func(t *testing.T) {
			p := hiddenWood(t, 1, 2, 3, 1, nil)
			if c.bare {
				p.Steps = p.Steps[:1]
			}
			c.o.Hide, c.o.Formats = &c.hide, c.given
			if _, err := c.o.hide(p); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want an error with %q", err, want)
			}
		})
	}
	p := hiddenWood(t, 1, 2, 3, 1, nil)
	p.Steps[1].In[0] = p.Inputs[0]
	private.Hide = &Hiding{}
	if _, err := private.hide(p); err == nil || !strings.Contains(err.Error(), "do not read tests") {
		t.Errorf("trees that read other numbers than tests: %v", err)
	}
}

// TestParseHiding reads sizes, and refuses others with all forms.
func TestParseHiding(t *testing.T) {
	for text, want := range map[string]Hiding{
		"own": {}, "depth=6": {Depth: 6}, "trees=9,depth=1": {Depth: 1, Trees: 9}, "trees=100": {Trees: 100},
	} {
		if h, err := ParseHiding(text); err != nil || *h != want {
			t.Errorf("%s: %v, %v", text, h, err)
		}
	}
	for _, text := range []string{
		"", "own,depth=3", "depth=0", "depth=-1", "depth=2,depth=3", "leaves=4", "depth", "6",
	} {
		if _, err := ParseHiding(text); err == nil || !strings.Contains(err.Error(), "or own for both") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestHiddenRows holds the table of docs/private-models.md against the rows of random ensembles
// with hidden structure.
func TestHiddenRows(t *testing.T) {
	page, err := os.ReadFile("../docs/private-models.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ trees, depth, features, cuts, outputs int }{
		{5, 4, 14, 30, 1}, {10, 4, 4, 30, 3}, {20, 3, 10, 255, 1}, {100, 6, 10, 255, 1},
	} {
		grow := func() *wood { return newWood(1, c.features, c.cuts, decimal(2, 100)) }
		public, private := rowsOf(t, grow(), c.trees, c.depth, c.outputs, nil)
		_, hidden := rowsOf(t, grow(), c.trees, c.depth, c.outputs, &Hiding{Depth: c.depth, Trees: c.trees})
		line := fmt.Sprintf("| %d trees of depth %d over %d features, outputs: %d | %d | %d | %d |\n", c.trees, c.depth,
			c.features, c.outputs, public, private, hidden)
		if !strings.Contains(string(page), line) {
			t.Errorf("docs/private-models.md has not the line\n%s", line)
		}
	}
}
