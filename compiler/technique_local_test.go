package compiler

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/visibility"
)

// quantisedRandomly makes an integer program of an IR that the passes have been at,
// and its statement.
func quantisedRandomly(t *testing.T, p *ir.Program, r *rand.Rand) *Result {
	t.Helper()
	if err := Optimise(p); err != nil {
		t.Fatal(err)
	}
	samples := make([][]float64, 8)
	for i := range samples {
		for range p.Size(p.Inputs[0]) {
			samples[i] = append(samples[i], r.Float64())
		}
	}
	q, err := Choose(p, Calibrate(p, Samples(samples), func(int) {}),
		Knobs{Input: 4, Weight: 4, Activation: 5, Table: 6}, PublicWeights)
	if err != nil {
		t.Skip(err) // an integer may leave its bits: no program
	}
	res := &Result{Model: &Model{Inputs: []Port{{Name: "x", Shape: p.Shapes[p.Inputs[0]]}}}, IR: p, Quantised: q}
	for k := range p.Outputs {
		res.Model.Outputs = append(res.Model.Outputs, Port{Name: fmt.Sprint("y", k)})
	}
	layout, err := res.layout(Options{Reveal: visibility.Scores})
	if err != nil {
		t.Fatal(err)
	}
	res.Statement = &circuits.Statement{Layout: layout, Model: q.Program, Digit: 4}
	return res
}

// TestTechniqueIsCountedWhereItActs compares what a technique saves in the gates
// around its step with what it saves in the whole circuit.
func TestTechniqueIsCountedWhereItActs(t *testing.T) {
	compared := 0
	for seed := range int64(150) {
		t.Run("", func(t *testing.T) {
			rng := rand.New(rand.NewSource(seed))
			res := quantisedRandomly(t, randomProgramOf(rng, 12), rng)
			around := program.NewSurroundings(res.bounded, res.Statement.Digit)
			count := func(i int, k program.Kernel) (near, whole int) {
				near, err := around.Count(i, k)
				if err != nil {
					t.Fatal(err)
				}
				res.Program.Steps[i].Kernel = k
				c, err := res.Statement.Count()
				if err != nil {
					t.Fatal(err)
				}
				return near, c.Rows()
			}
			for i := range res.Program.Steps {
				k, ok := res.Program.Steps[i].Kernel.(program.Chooser)
				if !ok {
					continue
				}
				near, whole := count(i, res.Program.Steps[i].Kernel)
				for _, other := range k.Techniques() {
					n, w := count(i, other.Kernel)
					if n-near != w-whole {
						t.Errorf("step %d: %s changes the gates around it by %d, those of all by %d\n%s", i, other.Name,
							n-near, w-whole, res.Program.Text())
					}
					compared++
				}
			}
		})
	}
	if compared < 150 {
		t.Errorf("only %d techniques were compared", compared)
	}
}

// TestTechniquesInLinearTime counts gates: picking techniques for a network that is
// four times as long counts four times as many.
func TestTechniquesInLinearTime(t *testing.T) {
	counted := func(steps int) int {
		res := quantisedRandomly(t, recurrent(steps), rand.New(rand.NewSource(1)))
		around := program.NewSurroundings(res.bounded, res.Statement.Digit)
		if _, err := res.pickWith(around); err != nil {
			t.Fatal(err)
		}
		return around.Counted
	}
	short, long := counted(80), counted(320)
	if short == 0 || long > 5*short {
		t.Errorf("%d gates were counted for 80 steps, %d for 320", short, long)
	}
}
