package compiler

import (
	"math"
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/visibility"
)

// tailOf is what n numbers show.
func tailOf(n int, draw func() float64) (t tail, largest float64) {
	largest = math.Inf(-1)
	for range n {
		x := draw()
		t.show(x)
		largest = max(largest, x)
	}
	return t, largest
}

// TestMarginReachesAsFarAsManySamples draws few numbers of several distributions: with the margin
// they reach about as far as the largest of calibrationSamples does, and none goes far beyond.
func TestMarginReachesAsFarAsManySamples(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for _, of := range []struct {
		name string
		draw func() float64
		most float64 // of the mean reach, as a part of what many samples reach
	}{
		{"normal", rng.NormFloat64, 1.25},
		{"exponential", rng.ExpFloat64, 1.1},
		{"uniform", rng.Float64, 1.25},
		{"often at its end", func() float64 { return min(rng.Float64(), 0.5) }, 1 + 1e-9},
	} {
		for _, n := range []int{40, 64, 200, 500} {
			const times = 200
			few, many, plain := 0.0, 0.0, 0.0
			for range times {
				short, largest := tailOf(n, of.draw)
				few += (largest + short.margin(n, 100)) / times
				plain += largest / times
				_, largest = tailOf(calibrationSamples, of.draw)
				many += largest / times
			}
			if few < 0.93*many || few > of.most*many || plain > few {
				t.Errorf("%s: %d samples reach %g, with the margin %g, many samples %g", of.name, n, plain, few, many)
			}
		}
	}
}

// TestMarginsThatAreNone: many samples need none, nor do constants; one sample doubles the size.
func TestMarginsThatAreNone(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	many, _ := tailOf(calibrationSamples, rng.NormFloat64)
	constant, _ := tailOf(20, func() float64 { return 3 })
	one, _ := tailOf(1, rng.NormFloat64)
	two, _ := tailOf(2, rng.NormFloat64)
	for _, of := range []struct {
		name      string
		t         tail
		n         int
		size, has float64
	}{
		{"many", many, calibrationSamples, 5, 0},
		{"constant", constant, 20, 3, 0},
		{"one", one, 1, 3, 3},
		{"two that differ much", two, 2, 1e-6, 1e-6},
		{"infinite", two, 2, math.Inf(1), 0},
		{"never seen", nil, 20, math.Inf(1), 0},
	} {
		if got := of.t.margin(of.n, of.size); got != of.has {
			t.Errorf("%s: margin %g, not %g", of.name, got, of.has)
		}
	}
}

// TestWidenedRanges: margins do not cross zero, and integers have none.
func TestWidenedRanges(t *testing.T) {
	p := &ir.Program{}
	in := p.Value("x", []int{2})
	p.Inputs = []ir.ID{in}
	whole := p.Value("n", []int{1})
	p.SetIntegers(whole, ir.Integers{Lo: 0, Hi: 9})
	p.Inputs = append(p.Inputs, whole)
	positive := p.Emit("exp", "y", []int{2}, &ir.Func{Name: "exp", F: math.Exp}, in)
	compared := p.Emit("compare", "z", []int{2}, &ir.Compare{}, in)
	p.Outputs = []ir.ID{positive, compared}
	samples := []Sample{{{-2, 1}, {3}}, {{-1, 4}, {5}}, {{0, 2}, {7}}}
	shown, ends := unseen(p), newTails(p)
	c := calibrate(p, samples, func(n int, values [][]float64) { ends.show(values) })
	copy(shown.Lo, c.Lo)
	copy(shown.Hi, c.Hi)
	c.widen(ends, len(samples))
	for id, margin := range map[ir.ID][2]bool{
		in: {true, true}, whole: {}, positive: {true, true}, compared: {},
	} {
		if below, above := c.Lo[id] < shown.Lo[id], c.Hi[id] > shown.Hi[id]; below != margin[0] || above != margin[1] {
			t.Errorf("value %d: %g to %g became %g to %g", id, shown.Lo[id], shown.Hi[id], c.Lo[id], c.Hi[id])
		}
	}
	if c.Lo[positive] != 0 {
		t.Errorf("positive values reach %g", c.Lo[positive])
	}
}

// TestUnseenSamples compiles gates with few samples: on others, too, they are near the model, as
// the ends of the samples' range are not the ends of the function's.
func TestUnseenSamples(t *testing.T) {
	for seed := range int64(8) {
		rng := rand.New(rand.NewSource(seed))
		g := perceptron(rng, 6, 4, 2)
		for i, op := range []string{"Exp", "Sigmoid"} {
			last := g.Outputs[0].Name
			g.Nodes = append(g.Nodes, &graph.Node{
				Name: op, Op: op, Opset: 17, Inputs: []string{last}, Outputs: []string{op},
			})
			if i == 0 { // of small numbers
				for k := range g.Consts["w"].Float.Data {
					g.Consts["w"].Float.Data[k] /= 4
				}
			}
			g.Outputs[0].Name = op
		}
		draw := func(n int) []Sample {
			out := uniformSamples(rng, n, 6)
			for _, x := range out {
				for k := range x[0] {
					x[0][k] = rng.NormFloat64()
				}
			}
			return out
		}
		r, err := Compile(g, Options{Reveal: visibility.Scores, Samples: draw(64), Target: Target{Near: true}})
		if err != nil {
			t.Fatal(err)
		}
		others := draw(64)
		j, err := r.newJudge(Options{Reveal: visibility.Scores, Progress: func(string, int, int) {}}, others)
		if err != nil {
			t.Fatal(err)
		}
		if far := j.compare(r.Quantised, Target{}).distance(j.ranges()); far > 2 {
			t.Errorf("seed %d: %.1f %% from the model on other samples", seed, far)
		}
	}
}
