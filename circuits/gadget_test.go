package circuits_test

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

var update = flag.Bool("update", false, "rewrite testdata/gates.golden and soundness")

// example is a gadget under a name.
type example struct {
	name string
	circuittest.Gadget
}

// examples lists every gadget in its variants.
func examples() []example {
	return slices.Concat(linearExamples(), saturateExamples(), maxExamples(), argMaxExamples(), tableExamples(),
		productExamples(), quotientExamples(), softmaxExamples(),
		compareExamples(), splitExamples(), missingExamples(), secretSplitExamples(), treeExamples(), topExamples())
}

// TestGadgets examines every gadget: circuit equal to the reference, outputs off
// by one rejected, lies rejected, counted gates equal to the compiled ones. Every
// lie about a hint is told to some gadget.
func TestGadgets(t *testing.T) {
	told := circuittest.Told{}
	for _, e := range examples() {
		t.Run(e.name, func(t *testing.T) { told.Add(e.Examine(t, 24, 3)) })
	}
	t.Run("secret weights", func(t *testing.T) { told.Add(lieOfSecretWeights(t)) })
	t.Run("signature", func(t *testing.T) { told.Add(lieOfSignature(t)) })
	t.Logf("%d lies told", told.Total())
	t.Run("every lie", func(t *testing.T) {
		for _, h := range circuittest.Hints {
			for _, l := range h.Lies {
				if name := h.Name() + ": " + l.Name; told[name] == 0 {
					t.Errorf("no gadget is told the lie %q: give examples() one that it changes", name)
				}
			}
		}
	})
}

// lieOfSecretWeights lies about a layer whose weights are checked in groups.
func lieOfSecretWeights(t *testing.T) circuittest.Told {
	r := rand.New(rand.NewSource(9))
	l := randomLayer(r, 24, 20, circuits.WeightFormat{Weight: 2, Bias: 6})
	in := randomInput(r, 20)
	return circuittest.Compile(t, l.statement(5)).Liar(r, in, l.eval(in), 4)
}

// lieOfSignature lies about a signed input.
func lieOfSignature(t *testing.T) circuittest.Told {
	r := rand.New(rand.NewSource(10))
	g := network(3)
	st := g.Statement()
	circuittest.Replan(st, func(p *visibility.Plan) { p.SignedBy = visibility.EdDSA })
	in := g.Inputs(r, 7)[5]
	message, err := circuits.Message(st.Layout.Inputs()[0].Tensor, "", in)
	if err != nil {
		t.Fatal(err)
	}
	s := circuittest.Compile(t, st)
	s.Salts = circuittest.Salts(st.Layout, signedBy(t, message))
	return s.Liar(r, in, g.Eval(in), 4)
}

// TestGateCounts compares each gadget's gates with testdata/gates.golden, so that
// none gets dearer unseen. Its columns: the gadget's own gates; those of the
// lookup argument, tables and commitment included; and of the whole circuit with
// its input and output.
func TestGateCounts(t *testing.T) {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "gadget\tgates\tlookups\tcircuit")
	for _, e := range examples() {
		cost, err := e.Statement().Count()
		if err != nil {
			t.Fatal(err)
		}
		part := map[string]int{}
		for _, p := range cost.Parts {
			part[p.Name] = p.Gates
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\n", e.name, part["gadget"], part["lookups"], cost.Gates)
	}
	w.Flush()
	compareGolden(t, filepath.Join("testdata", "gates.golden"), b.String())
}

// compareGolden shows the lines in which text differs from a file, or rewrites
// the file.
func compareGolden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, after := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for _, line := range before {
		if !slices.Contains(after, line) {
			t.Errorf("%s has\t%s", path, line)
		}
	}
	for _, line := range after {
		if !slices.Contains(before, line) {
			t.Errorf("now it is\t%s", line)
		}
	}
	if t.Failed() {
		t.Log("if that is meant, run go test with -update")
	}
}

// opened packs values into one field element, each open in its window: a linear
// layer whose matrix is the identity.
func opened(b *circuits.Builder, vs []*circuits.Value, windows ...circuits.Window) []*circuits.Value {
	rows := make(layer, len(vs))
	for i, v := range vs {
		rows[i].Row = circuits.Row{Lo: v.Lo, Hi: v.Hi, Window: windows[i%len(windows)]}
		for j := range vs {
			rows[i].Terms = append(rows[i].Terms, circuits.RowTerm{Index: int32(j)})
		}
		rows[i].Terms[i].W = 1
	}
	return b.Linear(vs, rows, false)
}
