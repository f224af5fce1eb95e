package op

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
)

// TestConvertIntegers compares conversions with those of Go's own types.
func TestConvertIntegers(t *testing.T) {
	tests := map[graph.DType]func(v int64) float64{
		graph.Int8:   func(v int64) float64 { return float64(int8(v)) },
		graph.Int16:  func(v int64) float64 { return float64(int16(v)) },
		graph.Int32:  func(v int64) float64 { return float64(int32(v)) },
		graph.Uint8:  func(v int64) float64 { return float64(uint8(v)) },
		graph.Uint16: func(v int64) float64 { return float64(uint16(v)) },
		graph.Uint32: func(v int64) float64 { return float64(uint32(v)) },
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for to, want := range tests {
		t.Run(string(to), func(t *testing.T) {
			for range 1000 {
				v := rng.Int64N(1<<50) - 1<<49
				if got := convert(float64(v), graph.Int64, to); got != want(v) {
					t.Fatalf("%d becomes %v, want %v", v, got, want(v))
				}
			}
		})
	}
}

func TestConvertReals(t *testing.T) {
	tests := []struct {
		name     string
		x        float64
		from, to graph.DType
		want     float64
	}{
		{"half, tie to even", 2049, graph.Float32, graph.Float16, 2048},
		{"half, largest", 65504, graph.Float32, graph.Float16, 65504},
		{"half, overflow", -65520, graph.Float32, graph.Float16, math.Inf(-1)},
		{"half, subnormal", math.Ldexp(3, -25), graph.Float32, graph.Float16, math.Ldexp(2, -24)},
		{"half, underflow", math.Ldexp(1, -25), graph.Float32, graph.Float16, 0},
		{"bfloat16", 257, graph.Float32, graph.BFloat16, 256},
		{"infinity", math.Inf(1), graph.Float32, graph.Float16, math.Inf(1)},
		{"nothing", 0, graph.Float32, graph.Float16, 0},
		{"towards zero", -2.9, graph.Float32, graph.Int64, -2},
		{"saturates", 1e30, graph.Float32, graph.Uint8, 255},
		{"not a number", math.NaN(), graph.Float32, graph.Int8, 0},
		{"truth", -0.5, graph.Float32, graph.Bool, 1},
		{"falsehood", 0, graph.Float32, graph.Bool, 0},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			if got := convert(c.x, c.from, c.to); got != c.want {
				t.Errorf("%v becomes %v, want %v", c.x, got, c.want)
			}
		})
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		x := math.Float64frombits(rng.Uint64())
		if got, want := convert(x, graph.Float64, graph.Float32), float64(float32(x)); got != want &&
			!math.IsNaN(want) {
			t.Fatalf("%v becomes %v, want %v", x, got, want)
		}
	}
}
