package op_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
	. "github.com/zkml-go/zkml/testkit/optest"
)

// TestTreesNoPanic damages attributes of ensembles: an error is fine, a panic is not, and
// what is accepted agrees with itself.
func TestTreesNoPanic(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	accepted := 0
	for range 3000 {
		c := indexedOf(nil)
		switch rng.IntN(4) {
		case 0:
			c = chainOf(nil)
		case 1:
			c = several(3, []int{0, 1, 2, 0, 1, 2}, []int{1, 1, 1, 2, 2, 2}, nil)
		case 2:
			c.Attrs = grown(rng, 1+rng.IntN(5), 1, 2).attributes(2)
		}
		c.Attrs = maps.Clone(c.Attrs)
		for _, name := range slices.Sorted(maps.Keys(c.Attrs)) {
			if rng.IntN(6) == 0 {
				c.Attrs[name] = damaged(rng, c.Attrs[name])
			}
		}
		if n := c.Attrs["n_targets"].Int; n < 0 || n > 9 { // what a model's budget refuses
			continue
		}
		defer func(c Case) {
			if p := recover(); p != nil {
				t.Fatalf("panic: %v\n%s", p, c.Graph().Text())
			}
		}(c)
		if err := c.Consistent(); err != nil {
			t.Fatalf("%v\n%s", err, c.Graph().Text())
		}
		if _, err := c.Program(); err == nil {
			accepted++
		}
	}
	if accepted < 100 {
		t.Errorf("%d ensembles are accepted: the damage is too great to tell anything", accepted)
	}
}

// damaged is an attribute with one entry changed, or lost.
func damaged(rng *rand.Rand, a graph.Attr) graph.Attr {
	a.Ints, a.Floats, a.Strings = slices.Clone(a.Ints), slices.Clone(a.Floats), slices.Clone(a.Strings)
	a.Int = int64(small(rng))
	if a.Tensor != nil {
		a.Tensor = &graph.Const{DType: a.Tensor.DType, Float: a.Tensor.Clone()}
		a.Floats = a.Tensor.Data
	}
	if i := rng.IntN(1 + len(a.Ints)); i < len(a.Ints) {
		a.Ints[i] = int64(small(rng))
	}
	if i := rng.IntN(1 + len(a.Floats)); i < len(a.Floats) {
		a.Floats[i] = []float64{nan, inf, -1, 0, 6, 1e300}[rng.IntN(6)]
	}
	if i := rng.IntN(1 + len(a.Strings)); i < len(a.Strings) {
		a.Strings[i] = []string{"LEAF", "BRANCH_GT", "BRANCH_NEQ", ""}[rng.IntN(4)]
	}
	if len(a.Ints) > 0 && rng.IntN(10) == 0 {
		a.Ints = a.Ints[1:]
	}
	if a.Tensor != nil {
		if a.Floats = nil; len(a.Tensor.Data) > 0 && rng.IntN(10) == 0 {
			a.Tensor.Float = tensor.Of(a.Tensor.Data[1:], len(a.Tensor.Data)-1)
		}
	}
	return a
}
