package compiler_test

import (
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/testkit/adversary"
	"github.com/zkml-go/zkml/testkit/optest"
	"github.com/zkml-go/zkml/visibility"
)

// TestSoundness attacks every operator and every reference model. What it finds
// is kept in testdata/soundness.txt.
func TestSoundness(t *testing.T) {
	r := adversary.NewRecord(t, filepath.Join("testdata", "soundness.txt"), *update)
	t.Run("operators", func(t *testing.T) { attackOperators(t, r) })
	t.Run("models", func(t *testing.T) { attackModels(t, r) })
	r.Check(t)
}

// operatorLies is how many lies are told of each case of an operator.
const operatorLies = 150

// attacked sums up the cases of one operator.
type attacked struct {
	gates, wires int
	tally        adversary.Tally
	pins         adversary.Pins
}

func attackOperators(t *testing.T, r *adversary.Record) {
	byName := map[string]*attacked{}
	var names []string
	optest.RunAll(t, optest.Stage{Name: "attacked", Check: func(t *testing.T, s optest.Subject) {
		name := s.Spec.Name
		if byName[name] == nil {
			byName[name] = &attacked{}
			names = append(names, name)
		}
		byName[name].attack(t, s)
	}})
	slices.Sort(names)
	for _, name := range names {
		a := byName[name]
		r.Attacked(t, "operator", name, a.gates, a.wires, a.tally)
		r.Pinned(t, "operator pins", name, a.pins)
	}
}

// attack attacks a case, on its first sample and its last.
func (a *attacked) attack(t *testing.T, s optest.Subject) {
	samples := make([][]float64, len(s.Samples))
	for i, x := range s.Samples {
		samples[i] = x.Data
	}
	r, err := compiler.Compile(s.Graph, compiler.Options{
		Reveal: visibility.Scores, Samples: samples, Target: compiler.Target{Bits: examinationBits},
	})
	if err != nil {
		t.Fatal(err)
	}
	subject := attackable(t, r.Statement)
	for k, x := range [][]float64{samples[0], samples[len(samples)-1]} {
		input := r.Formats.Input.Encode(x)
		tally, err := subject.Attack(input, r.Program.Eval(input), operatorLies, int64(k))
		if err != nil {
			t.Fatal(err)
		}
		a.tally.Add(tally)
	}
	p := subject.Open.Pins()
	a.gates += subject.Open.Gates
	a.wires += subject.Open.Chosen()
	a.pins.Advice += p.Advice
	a.pins.Polynomials += p.Polynomials
	a.pins.Equations += p.Equations
	a.pins.Lookups += p.Lookups
	a.pins.Loose = append(a.pins.Loose, p.Loose...)
}

func attackable(t *testing.T, s *circuits.Statement) *adversary.Subject {
	t.Helper()
	subject, err := adversary.Statement(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return subject
}

// modelLies is how many lies are told of a reference model in a scenario, fewer
// of the larger ones.
var modelLies = map[string]int{"tiny": 2500, "mlp400": 1000, "mlp784": 1000, "lenet": 80, "mnist-8": 60, "tribuo": 20}

func attackModels(t *testing.T, r *adversary.Record) {
	for _, m := range references {
		for _, private := range []visibility.Private{{}, {Input: true, Model: true}} {
			name := fmt.Sprintf("%s, private %q", m.name, private)
			t.Run(name, func(t *testing.T) {
				if _, err := os.Stat(m.path); err != nil || testing.Short() {
					r.Keep("model", name)
					r.Keep("model pins", name)
					t.Skipf("%s is not examined here: what is known of it is kept", m.path)
				}
				attackModel(t, r, name, m.path, private, modelLies[m.name])
			})
		}
	}
}

func attackModel(t *testing.T, r *adversary.Record, name, path string, private visibility.Private, lies int) {
	g, _, err := onnx.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	c, err := compiler.Compile(g, compiler.Options{Private: private, Reveal: visibility.Class})
	if err != nil {
		t.Fatal(err)
	}
	subject := attackable(t, c.Statement)
	rng := rand.New(rand.NewSource(1))
	in := c.Statement.Layout.Input
	input := make([]int64, in.Count())
	for i := range input {
		input[i] = rng.Int63n(1<<in.Bits) - in.Zero
	}
	tally, err := subject.Attack(input, c.Program.Eval(input), lies, 1)
	if err != nil {
		t.Fatal(err)
	}
	r.Attacked(t, "model", name, subject.Open.Gates, subject.Open.Chosen(), tally)
	r.Pinned(t, "model pins", name, subject.Open.Pins())
}
