package compiler

import (
	"math"
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/compiler/ir"
)

// TestSoftmaxOfManyBits: the table of exponentials reaches as far as the argument's
// distances, at any number of bits.
func TestSoftmaxOfManyBits(t *testing.T) {
	p := &ir.Program{}
	p.Inputs = []ir.ID{p.Value("x", []int{1, 3})}
	p.Outputs = []ir.ID{p.Emit("softmax", "y", []int{1, 3}, &ir.Softmax{Groups: [][]int32{{0, 1, 2}}}, p.Inputs[0])}
	r := rand.New(rand.NewSource(1))
	samples := make([]Sample, 50)
	for i := range samples {
		samples[i] = Sample{{6 * r.NormFloat64(), 6 * r.NormFloat64(), 6 * r.NormFloat64()}}
	}
	cal := Calibrate(p, samples, func(int) {})
	for _, bits := range []int{8, 10, 12, 14, 16} {
		q, err := Choose(p, cal, Knobs{Input: bits, Weight: bits, Activation: bits, Table: bits}, PublicWeights)
		if err != nil {
			t.Fatal(err)
		}
		worst := 0.0
		for _, x := range samples {
			want := p.Run(x...)[p.Outputs[0]]
			for k, v := range q.Program.Eval(q.Formats.encode(x)...)[0] {
				worst = math.Max(worst, math.Abs(float64(float64(v)*q.Formats.Steps[0].Out)-want[k]))
			}
		}
		if most := math.Ldexp(16, -min(bits, 11)); worst > most {
			t.Errorf("%d bits: off by %.3g, more than %.3g", bits, worst, most)
		}
	}
}
