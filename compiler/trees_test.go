package compiler

import (
	"fmt"
	"math"
	"math/rand"
	"reflect"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// wood makes random ensembles.
type wood struct {
	r        *rand.Rand
	features int
	cuts     [][]float64 // of each feature, to choose from
	splits   ir.Splits
	trees    ir.Trees
	bits     map[string]int32
}

func newWood(seed int64, features, cuts int, cut func(r *rand.Rand, feature int) float64) *wood {
	w := &wood{r: rand.New(rand.NewSource(seed)), features: features, bits: map[string]int32{}}
	w.splits.Single = true
	for j := range features {
		list := make([]float64, cuts)
		for i := range list {
			list[i] = float64(float32(cut(w.r, j)))
		}
		w.cuts = append(w.cuts, list)
	}
	return w
}

// bit is the number of a split.
func (w *wood) bit(feature int, at float64, orAt bool) int32 {
	key := fmt.Sprint(feature, at, orAt)
	if _, ok := w.bits[key]; !ok {
		w.bits[key] = int32(len(w.splits.At))
		w.splits.Index, w.splits.At = append(w.splits.Index, int32(feature)), append(w.splits.At, at)
		w.splits.OrAt = append(w.splits.OrAt, orAt)
	}
	return w.bits[key]
}

func (w *wood) grow(depth, outputs int, leaf func(r *rand.Rand) float64) int32 {
	if depth == 0 {
		values := make([]float64, outputs)
		for k := range values {
			values[k] = leaf(w.r)
		}
		w.trees.Leaves = append(w.trees.Leaves, values)
		return -int32(len(w.trees.Leaves))
	}
	j := w.r.Intn(w.features)
	bit := w.bit(j, w.cuts[j][w.r.Intn(len(w.cuts[j]))], w.r.Intn(2) == 0)
	high, low := w.grow(depth-1, outputs, leaf), w.grow(depth-1, outputs, leaf)
	w.trees.Nodes = append(w.trees.Nodes, ir.TreeNode{Bit: bit, High: high, Low: low})
	return int32(len(w.trees.Nodes) - 1)
}

// program is the forest as a program of one input and one output.
func (w *wood) program(trees, depth, outputs int, leaf func(r *rand.Rand) float64) *ir.Program {
	for range trees {
		w.trees.Roots = append(w.trees.Roots, w.grow(depth, outputs, leaf))
	}
	w.trees.Bias = make([]float64, outputs)
	p := &ir.Program{}
	p.Inputs = []ir.ID{p.Value("x", []int{1, w.features})}
	bits := p.Emit("trees", "bits", []int{len(w.splits.At)}, &w.splits, p.Inputs[0])
	p.SetIntegers(bits, ir.AllIntegers)
	p.Outputs = []ir.ID{p.Emit("trees", "y", []int{1, outputs}, &w.trees, bits)}
	return p
}

func decimal(places int, most float64) func(*rand.Rand, int) float64 {
	unit := math.Pow10(-places)
	return func(r *rand.Rand, _ int) float64 { return math.Floor(float64(r.Float64()*most/unit)) * unit }
}

// TestGridsKeepSides: on samples in decimals, thresholds at the very same decimals and
// between them, the integer program gives what the float model gives, to the last bit of
// the leaves' scale.
func TestGridsKeepSides(t *testing.T) {
	votes := func(r *rand.Rand) float64 { return float64(r.Intn(9) - 4) }
	for name, c := range map[string]struct {
		value  func(*rand.Rand, int) float64
		leaf   func(*rand.Rand) float64
		exact  bool
		within int
	}{
		"integers":   {decimal(0, 100), votes, true, 8},
		"hundredths": {decimal(2, 100), votes, true, 15},
		"millionths": {decimal(6, 30), votes, true, 26},
		"reals":      {func(r *rand.Rand, _ int) float64 { return r.NormFloat64() }, votes, true, 32},
		"real leaves": {decimal(1, 10), func(r *rand.Rand) float64 { return float64(float32(r.NormFloat64())) }, false,
			8},
		"of unlike ranges": {func(r *rand.Rand, j int) float64 { return decimal(2, math.Pow10(j))(r, j) }, votes, true,
			32},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWood(1, 5, 12, c.value)
			p := w.program(7, 4, 3, c.leaf)
			var samples []Sample
			for range 400 {
				x := make([]float64, w.features)
				for j := range x {
					if x[j] = c.value(w.r, j); w.r.Intn(4) == 0 {
						x[j] = w.cuts[j][w.r.Intn(len(w.cuts[j]))]
					}
				}
				samples = append(samples, Sample{x})
			}
			r := &Result{IR: p}
			given := map[int]InputFormat{}
			r.grids(given, samples)
			if given[0].Bits > c.within {
				t.Errorf("%d bits", given[0].Bits)
			}
			q, err := Choose(p, Calibrate(p, samples, func(int) {}), Knobs{Given: given}, PublicWeights)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range samples {
				want, got := p.Run(x...)[p.Outputs[0]], q.Program.Eval(q.Formats.encode(x)...)[0]
				scale := q.Program.Values[q.Program.Outputs[0]].Scale
				for k := range want {
					bound := 0.0
					if !c.exact {
						bound = 7 * scale / 2
					}
					if d := math.Abs(float64(float64(got[k])*scale) - want[k]); d > bound {
						t.Fatalf("output %d is %g off, of the scale %g", k, d, scale)
					}
				}
			}
		})
	}
}

// TestSplitsLookThrough: thresholds take in what scales, limits and bends single elements
// before them, and still tell the same; what turns an element about stays.
func TestSplitsLookThrough(t *testing.T) {
	for name, c := range map[string]struct {
		weight float64
		steps  int
	}{"scaled": {0.25, 2}, "turned about": {-0.25, 3}} {
		t.Run(name, func(t *testing.T) {
			w := newWood(2, 3, 4, func(r *rand.Rand, _ int) float64 { return 2*r.Float64() - 1 })
			p := w.program(3, 3, 2, func(r *rand.Rand) float64 { return r.Float64() })
			x, splits := p.Inputs[0], p.Steps[0]
			p.Steps = nil
			rows := [][]ir.Term{{{Index: 2, W: c.weight}}, {{Index: 0, W: 0.5}}, {{Index: 2, W: 0.125}}}
			scaled := p.Emit("scale", "s", []int{1, 3}, &ir.Affine{
				Rows: sparse.Rows(rows), Bias: []float64{0.1, -0.2, 0}, Group: make([]int, 3),
			}, x)
			limited := p.Emit("limit", "l", []int{1, 3}, &ir.Clamp{Lo: -2, Hi: 0.75}, scaled)
			bent := p.Emit("bend", "b", []int{1, 3}, &ir.Func{Name: "cube", Monotone: true,
				F: func(x float64) float64 { return float64(float64(x*x) * x) }}, limited)
			splits.In = []ir.ID{bent}
			p.Steps = append(p.Steps, splits, &ir.Step{Node: "trees", Kind: &w.trees, In: []ir.ID{splits.Out},
				Out: p.Outputs[0]})
			samples := make([]Sample, 200)
			want := make([][]float64, len(samples))
			for i := range samples {
				samples[i] = Sample{{4 * w.r.NormFloat64(), 0, 4 * w.r.NormFloat64()}}
				want[i] = p.Run(samples[i]...)[p.Outputs[0]]
			}
			if err := Optimise(p); err != nil {
				t.Fatal(err)
			}
			if len(p.Steps) != c.steps {
				t.Errorf("%d steps are left:\n%s", len(p.Steps), p.Text())
			}
			for i, x := range samples {
				if got := p.Run(x...)[p.Outputs[0]]; !slices.Equal(got, want[i]) {
					t.Fatalf("%v in place of %v", got, want[i])
				}
			}
			given := map[int]InputFormat{}
			(&Result{IR: p}).grids(given, samples)
			if c.steps > 2 {
				return
			}
			q, err := Choose(p, Calibrate(p, samples, func(int) {}), Knobs{Given: given}, PublicWeights)
			if err != nil {
				t.Fatal(err)
			}
			for i, x := range samples {
				got := q.Program.Eval(q.Formats.encode(x)...)[0]
				scale := q.Program.Values[q.Program.Outputs[0]].Scale
				if d := math.Abs(float64(float64(got[0])*scale) - want[i][0]); d > 2*scale {
					t.Errorf("sample %d is %g off", i, d)
				}
			}
		})
	}
}

// TestFarThresholds: thresholds that are far away from all samples take no bits from the
// others, and none so large that no scale reaches it is an input's format.
func TestFarThresholds(t *testing.T) {
	for _, most := range []float64{1e30, math.MaxFloat64} {
		p := &ir.Program{}
		p.Inputs = []ir.ID{p.Value("x", []int{1, 1})}
		splits := &ir.Splits{Index: make([]int32, 3), At: []float64{-most, 0.25, most}, OrAt: make([]bool, 3)}
		p.Outputs = []ir.ID{p.Emit("trees", "bits", []int{3}, splits, p.Inputs[0])}
		given := map[int]InputFormat{}
		(&Result{IR: p}).grids(given, Samples([][]float64{{0.2}, {0.3}, {-1}}))
		if want := (InputFormat{Bits: 4, Zero: 11, Scale: 0.1}); !reflect.DeepEqual(given[0], want) {
			t.Errorf("thresholds of %g: %+v, want %+v", most, given[0], want)
		}
		given = map[int]InputFormat{}
		(&Result{IR: p}).grids(given, Samples([][]float64{{0.2}, {most}}))
		if f, ok := given[0]; ok && f.check() != nil {
			t.Errorf("thresholds of %g and samples: %+v", most, f)
		}
	}
}

// TestChangedSides: a format that is given and too coarse is used, and the report says how
// many samples it has on other sides, and in which elements; a grid has none.
func TestChangedSides(t *testing.T) {
	w := newWood(4, 3, 5, decimal(2, 10))
	p := w.program(4, 3, 1, func(r *rand.Rand) float64 { return r.Float64() })
	samples := make([]Sample, 100)
	for i := range samples {
		samples[i] = Sample{{decimal(2, 10)(w.r, 0), decimal(2, 10)(w.r, 1), decimal(2, 10)(w.r, 2)}}
	}
	r := &Result{IR: p, Quantised: &Quantised{Formats: &Formats{Input: &InputFormat{Bits: 5, Scale: 0.5}}},
		Model: &Model{Graph: &graph.Graph{}, Inputs: []Port{{Name: "x"}}}}
	got := r.sides(samples)
	if len(got) != 1 || got[0].Input != "x" || got[0].Samples == 0 || got[0].Samples > len(samples) ||
		len(got[0].Elements) == 0 {
		t.Errorf("%+v", got)
	}
	n := 0
	for _, x := range samples {
		q := r.Formats.encode(x)[0]
		if !slices.Equal(w.splits.Eval(x, len(w.splits.At)), w.splits.Eval([][]float64{{
			float64(q[0]) / 2, float64(q[1]) / 2, float64(q[2]) / 2}}, len(w.splits.At))) {
			n++
		}
	}
	if len(got) == 1 && n != got[0].Samples {
		t.Errorf("%d samples, not %d", got[0].Samples, n)
	}
	given := map[int]InputFormat{}
	r.grids(given, samples)
	f := given[0]
	r.Formats.Input = &f
	if got := r.sides(samples); len(got) != 0 {
		t.Errorf("a grid has %+v", got)
	}
}
