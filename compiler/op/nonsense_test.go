package op_test

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/op"
	. "github.com/zkml-go/zkml/testkit/optest"
)

// attributes are the names that the operators read.
var attributes = []string{
	"alpha", "auto_pad", "axes", "axis", "beta", "ceil_mode", "count_include_pad", "dilations", "end", "ends",
	"epsilon", "group", "keepdims", "kernel_shape", "mode", "num_outputs", "pads", "perm", "split", "start",
	"starts", "strides", "to", "transA", "transB", "value",
	"antialias", "batch_axis", "batch_dims", "blocksize", "dtype", "k", "time_axis", "upper",
}

// TestNoPanic gives every operator nonsense: an error is fine, a panic is not,
// and what is accepted must agree with itself.
func TestNoPanic(t *testing.T) {
	for _, s := range op.Specs() {
		t.Run(s.Name, func(t *testing.T) {
			name := fnv.New64()
			name.Write([]byte(s.Domain + s.Name))
			rng := rand.New(rand.NewPCG(5, name.Sum64())) // no other operator's cases change these
			for range 300 {
				c := nonsense(rng, s)
				defer func(c Case) {
					if p := recover(); p != nil {
						t.Fatalf("panic: %v\n%s", p, c.Graph().Text())
					}
				}(c)
				if err := c.Consistent(); err != nil {
					t.Fatalf("%v\n%s", err, c.Graph().Text())
				}
			}
		})
	}
}

// nonsense is a node with random inputs and attributes, small ones mostly.
func nonsense(rng *rand.Rand, s op.Spec) Case {
	c := Case{Op: s.Name, Domain: s.Domain, Opset: 7 + rng.IntN(18), Outputs: 1 + rng.IntN(2),
		Attrs: map[string]graph.Attr{}}
	for _, name := range attributes {
		if rng.IntN(4) > 0 {
			continue
		}
		values := map[string]any{
			"Int":    small(rng),
			"Ints":   []int{small(rng), small(rng)},
			"Float":  float64(small(rng)),
			"String": []string{"SAME_LOWER", "VALID", "edge", "tanh", ""}[rng.IntN(5)],
			"Tensor": Ints(1).Const,
		}
		kinds := []string{"Int", "Int", "Ints", "Ints", "Float", "String", "Tensor"}
		c.Attrs[name] = Attrs(map[string]any{"a": values[kinds[rng.IntN(len(kinds))]]})["a"]
	}
	if e := c.Attrs["epsilon"]; e.Float == 0 { // of equal numbers, rounding would decide what a quotient by 0 is
		delete(c.Attrs, "epsilon")
	}
	for range 1 + rng.IntN(4) {
		c.In = append(c.In, anything(rng))
	}
	return c
}

// anything is a random input.
func anything(rng *rand.Rand) Input {
	shape := make([]int, rng.IntN(4))
	size := 1
	for i := range shape {
		shape[i] = rng.IntN(4)
		size *= shape[i]
	}
	types := []graph.DType{graph.Float32, graph.Float32, graph.Int64, graph.Bool, graph.Uint8}
	values := make([]float64, size)
	for i := range values {
		values[i] = float64(small(rng))
	}
	switch d := types[rng.IntN(len(types))]; rng.IntN(5) {
	case 0:
		return Absent
	case 1, 2:
		return Var(shape...).As(d)
	default:
		return Reals(shape, values...).As(d)
	}
}

// small is a number that an attribute might hold, and now and then one that it
// should not.
func small(rng *rand.Rand) int {
	if rng.IntN(20) == 0 {
		return []int{math.MinInt, math.MaxInt, math.MaxInt >> 23, -1 << 31, 1 << 20}[rng.IntN(5)]
	}
	return rng.IntN(7) - 2
}
