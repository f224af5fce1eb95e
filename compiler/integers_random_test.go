package compiler_test

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/visibility"
)

// randomIntegers strings operators on three integers together, and lets real numbers be
// computed from some of them: passes exchange and join steps of both.
func randomIntegers(r *rand.Rand) *graph.Graph {
	n := newNetwork(sizes(3)...)
	n.Inputs[0].DType = graph.Int64
	values, reals := []string{"x"}, []string(nil)
	three := func() string {
		name := fmt.Sprint("c", len(n.Consts))
		return n.whole(name, graph.Int64, float64(r.Intn(21)-10), float64(r.Intn(400)-200), float64(r.Intn(3)))
	}
	pick := func() string { return values[max(0, len(values)-1-r.Intn(3))] }
	for i := range 4 + r.Intn(8) {
		y := fmt.Sprint("v", i)
		switch r.Intn(12) {
		case 0:
			n.node("Add", y, nil, pick(), three())
		case 1:
			n.node("Mul", y, nil, three(), pick())
		case 2:
			n.node("Sub", y, nil, pick(), pick())
		case 3:
			n.node([]string{"Neg", "Abs", "Relu"}[r.Intn(3)], y, nil, pick())
		case 4:
			n.node([]string{"Max", "Min"}[r.Intn(2)], y, nil, pick(), pick(), three())
		case 5:
			n.constant(y+"lo", graph.Int64, nil, float64(-r.Intn(50)))
			n.constant(y+"hi", graph.Int64, nil, float64(r.Intn(50)))
			n.node("Clip", y, nil, pick(), y+"lo", y+"hi")
		case 6:
			n.constant(y+"i", graph.Int64, []int{3}, 2, 0, float64(r.Intn(3)))
			n.node("Gather", y, nil, pick(), y+"i")
		case 7:
			n.node([]string{"Less", "Equal", "GreaterOrEqual"}[r.Intn(3)], y+"b", nil, pick(), pick())
			n.node("Cast", y, castTo(toInt64), y+"b")
		case 8:
			n.constant(y+"e", graph.Int64, []int{1}, 2)
			n.node("Concat", y+"d", map[string]graph.Attr{"axis": {Int: 0}}, pick(), three())
			n.whole(y+"s", graph.Int64, 3, 2)
			n.node("Reshape", y+"r", nil, y+"d", y+"s")
			n.node("ReduceMax", y, map[string]graph.Attr{"axes": {Ints: []int64{1}}, "keepdims": {}}, y+"r")
		case 9:
			n.whole(y+"w", graph.Int64, 1, -2, 3, 0, 5, 1, 1, 1, -4)
			n.whole(y+"s", graph.Int64, 3, 3)
			n.node("Reshape", y+"m", nil, y+"w", y+"s")
			n.node("MatMul", y, nil, pick(), y+"m")
		default: // not one of integers
			n.node("Cast", y+"f", castTo(1), pick())
			n.node([]string{"Relu", "Sigmoid", "Neg"}[r.Intn(3)], y+"g", nil, y+"f")
			n.node("Softmax", y+"h", map[string]graph.Attr{"axis": {Int: 0}}, y+"g")
			reals = append(reals, y+[]string{"g", "h"}[r.Intn(2)])
			continue
		}
		values = append(values, y)
	}
	if last := values[len(values)-1]; last == "x" {
		n.node("Neg", "last", nil, "x")
		return n.outputs(append([]string{"last"}, reals...)...)
	}
	return n.outputs(append([]string{values[len(values)-1]}, reals...)...)
}

// TestRandomIntegers compares integer outputs with the float reference, which is exact on
// small integers, bit for bit.
func TestRandomIntegers(t *testing.T) {
	compared := 0
	for seed := range int64(400) {
		r := rand.New(rand.NewSource(seed))
		g := randomIntegers(r)
		var samples []compiler.Sample
		for range 6 {
			x := []float64{float64(r.Intn(64) - 32), float64(r.Intn(8)), float64(-r.Intn(9))}
			samples = append(samples, compiler.Sample{x})
		}
		c, err := compiler.Compile(g, compiler.Options{
			Samples: samples, Reveal: visibility.Scores, Target: compiler.Target{Bits: 6},
		})
		if err != nil {
			t.Logf("seed %d: %v", seed, err)
			continue
		}
		compared++
		for _, x := range samples {
			want, err := c.Model.Run(x)
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range c.Program.Eval(c.Formats.Input.Encode(x[0]))[0] {
				if float64(v) != want[0][i] {
					t.Fatalf("seed %d: element %d of %v is %d, not %g\n%s\n%s", seed, i, x, v, want[0][i],
						c.IR.Text(), c.Program.Text())
				}
			}
		}
	}
	if compared < 300 {
		t.Errorf("only %d models were compiled", compared)
	}
}
