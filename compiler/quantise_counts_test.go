package compiler

import (
	"math"
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/program"
)

// roundings are the functions that counts make up.
var roundings = []struct {
	name   string
	f      func(float64) float64
	counts []ir.Count
}{
	{"ceil", math.Ceil, []ir.Count{{Every: 1}}},
	{"floor", math.Floor, []ir.Count{{At: 1, Every: 1, OrAt: true}}},
	{"round", math.RoundToEven, []ir.Count{{At: 0.5, Every: 2}, {At: 1.5, Every: 2, OrAt: true}}},
	{"trunc", math.Trunc, []ir.Count{{At: 1, Every: 1, OrAt: true, Side: 1}, {Every: 1, Side: -1}}},
}

// TestCountsMakeUp: the counts of a function are the function.
func TestCountsMakeUp(t *testing.T) {
	for _, f := range roundings {
		for i := -40; i <= 40; i++ {
			x, sum := float64(i)/8, 0.0
			for _, c := range f.counts {
				sum += c.Of(x)
			}
			if sum != f.f(x) {
				t.Errorf("%s(%g) is %g, by counts %g", f.name, x, f.f(x), sum)
			}
		}
	}
}

// scalesOfCounts are powers of two, decimals, others, large and tiny ones.
func scalesOfCounts() []float64 {
	scales := []float64{1, 2, 0.5, 1.0 / 16, 1.0 / 1024, math.Ldexp(1, -40), 0.1, 0.01, 0.001, 1.0 / 3, 1.0 / 255, 1.7,
		3, 300, 1e-9, 1e-30, 0.001 / 64, math.Ldexp(0.7, -9)}
	r := rand.New(rand.NewSource(1))
	for range 60 {
		scales = append(scales, math.Ldexp(1+r.Float64(), r.Intn(16)-14))
	}
	return scales
}

// TestCounting: multiples and shifts count as the function does, at scales of every kind, but
// for arguments that lie as near to a place as numbers of their size in single precision.
func TestCounting(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	for _, f := range roundings {
		for _, scale := range scalesOfCounts() {
			for _, iv := range []program.Interval{{Lo: -2000, Hi: 2000}, {Hi: 255}, {Lo: 1 - 1<<24, Hi: 1<<24 - 1}} {
				for n := range int64(4001) {
					v := iv.Lo + (iv.Hi-iv.Lo)*n/4000
					if near := math.Round(float64(v)*scale*2) / 2 / scale; n%2 == 0 && math.Abs(near) < 1e7 {
						v = max(iv.Lo, min(iv.Hi, int64(near)+int64(r.Intn(3)-1)))
					}
					x := float64(float64(v) * scale)
					got, want := counted(t, f.counts, scale, iv, v), f.f(x)
					away := math.Abs(x - math.Round(2*x)/2)
					if got != want && (away == 0 || away > float64(iv.Hi)*scale/(1<<24)) {
						t.Fatalf("%s, scale %g, %v: %d is %g, not %g", f.name, scale, iv, v, got, want)
					}
				}
			}
		}
	}
}

// counted is the sum of counts as the program computes them.
func counted(t *testing.T, counts []ir.Count, scale float64, iv program.Interval, v int64) float64 {
	sum := int64(0)
	for _, c := range counts {
		k := count(c).counting(scale, iv.Lo, iv.Hi)
		farthest := float64(k.multiple)*float64(max(iv.Hi, -iv.Lo)) + math.Abs(float64(k.constant))
		if farthest > 1<<circuits.MaxBits {
			t.Fatalf("scale %g: %+v reaches 2^%.1f", scale, k, math.Log2(farthest))
		}
		y := (v*k.multiple + k.constant) >> k.shift
		switch {
		case c.Side > 0:
			y = max(y, 0)
		case c.Side < 0:
			y = min(y, 0)
		}
		sum += y
	}
	return float64(sum)
}
