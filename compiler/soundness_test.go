package compiler_test

import (
	"cmp"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/testkit/adversary"
	"github.com/zkml-go/zkml/testkit/long"
	"github.com/zkml-go/zkml/testkit/optest"
	"github.com/zkml-go/zkml/visibility"
)

// TestSoundness attacks every operator and every reference model. What is true of
// them is kept in testdata/soundness.
func TestSoundness(t *testing.T) {
	r := adversary.NewRecords(t, filepath.Join("testdata", "soundness"), *update)
	t.Run("operators", func(t *testing.T) { attackOperators(t, r) })
	t.Run("models", func(t *testing.T) { attackModels(t, r) })
	r.Check(t)
}

func attackOperators(t *testing.T, r *adversary.Records) {
	optest.RunAll(t, optest.Stage{Name: "attacked", Check: func(t *testing.T, s optest.Subject) {
		attackOperator(t, r, s)
	}})
}

// attackOperator attacks a case, on its first sample and its last.
func attackOperator(t *testing.T, r *adversary.Records, s optest.Subject) {
	samples := inputs(s)
	c, err := compiler.Compile(s.Graph, compiler.Options{
		Reveal: visibility.Scores, Samples: samples, Target: compiler.Target{Bits: examinationBits},
	})
	if err != nil {
		t.Fatal(err)
	}
	subject := attackable(t, c.Statement)
	var all adversary.Tally
	for k, x := range []compiler.Sample{samples[0], samples[len(samples)-1]} {
		input := c.Formats.Input.Encode(x[0])
		tally, err := subject.Attack(input, c.Program.Eval(input)[0], long.Count(40, 300), int64(k))
		if err != nil {
			t.Fatal(err)
		}
		all.Add(tally)
	}
	file, name := "operator/"+s.Spec.Name, cmp.Or(s.Name, "plain")
	r.Attacked(t, file, name, subject.Open, all)
	r.Pinned(t, file, name, subject.Open.Pins())
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
// of the larger ones, and what share of them make test tells. None leaves the model
// to make release-check: its structure alone takes long to examine.
var modelLies = map[string]struct{ share, whole int }{
	"tiny": {400, 5000}, "mlp400": {150, 2000}, "mlp784": {100, 2000},
	"lenet": {10, 160}, "mnist-8": {0, 120}, "tribuo": {0, 40},
}

func attackModels(t *testing.T, r *adversary.Records) {
	for _, m := range references {
		for _, private := range []visibility.Private{{}, {Input: true, Model: true}} {
			t.Run(fmt.Sprintf("%s, private %q", m.name, private), func(t *testing.T) {
				_, missing := os.Stat(m.path)
				lies := long.Count(modelLies[m.name].share, modelLies[m.name].whole)
				if missing != nil || lies == 0 || testing.Short() {
					r.Keep("model/"+m.name, fmt.Sprintf("private %q", private))
					t.Skipf("%s is not examined here: what is known of it is kept", m.path)
				}
				attackModel(t, r, m.name, m.path, private, lies)
			})
		}
	}
}

func attackModel(t *testing.T, r *adversary.Records, name, path string, private visibility.Private, lies int) {
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
	in := c.Statement.Layout.Inputs()[0]
	input := make([]int64, in.Count())
	for i := range input {
		input[i] = rng.Int63n(1<<in.Bits) - in.Zero
	}
	tally, err := subject.Attack(input, c.Program.Eval(input)[0], lies, 1)
	if err != nil {
		t.Fatal(err)
	}
	r.Attacked(t, "model/"+name, fmt.Sprintf("private %q", private), subject.Open, tally)
	r.Pinned(t, "model/"+name, fmt.Sprintf("private %q", private), subject.Open.Pins())
}
