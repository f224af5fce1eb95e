package circuits_test

import (
	"reflect"
	"testing"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark/constraint"
	"github.com/consensys/gnark/constraint/solver"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/scs"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/lookup"
)

// witnessed writes down which wires the lookups ask for and count, by the
// identifiers that gnark gives them.
type witnessed struct {
	*gate.Plonk
	queried, counted map[int]bool
}

// identifier is the number of a wire's variable; constants have none.
func identifier(w gate.Wire) (int, bool) {
	v := reflect.ValueOf(w)
	if v.Kind() != reflect.Struct || !v.FieldByName("VID").IsValid() {
		return 0, false
	}
	return int(v.FieldByName("VID").Int()), true
}

// Hint implements gate.API.
func (w *witnessed) Hint(f solver.Hint, n int, inputs ...gate.Wire) []gate.Wire {
	out := w.Plonk.Hint(f, n, inputs...)
	if solver.GetHintID(f) == solver.GetHintID(lookup.Counts) {
		mark(w.queried, inputs)
		mark(w.counted, out)
	}
	if solver.GetHintID(f) == solver.GetHintID(circuits.Apply) {
		mark(w.queried, out)
	}
	return out
}

func mark(set map[int]bool, ws []gate.Wire) {
	for _, w := range ws {
		if id, ok := identifier(w); ok {
			set[id] = true
		}
	}
}

// everything is a circuit with every gadget that asks a table.
type everything struct {
	In     []frontend.Variable
	record *witnessed
}

// Define implements frontend.Circuit.
func (c *everything) Define(api frontend.API) error {
	c.record = &witnessed{Plonk: gate.NewPlonk(api), queried: map[int]bool{}, counted: map[int]bool{}}
	b := circuits.NewBuilder(c.record, 4, c.In[0])
	in := b.Bound(c.In, circuits.Window{Base: 1, Bits: 5})
	for _, s := range []circuits.Saturation{{Shift: 4, Bits: 4}, {Bits: 3}, {Base: 8, Bits: 2}} {
		b.Saturate(in, repeat(s, len(in)))
	}
	b.Apply("table", 0, make([]int64, 40), b.CloseAll(in))
	all := circuits.Cover(1, 32)
	b.Max(in, [][]int32{{0, 1, 2}}, []circuits.Window{all})
	b.ArgMax(in, true, all)
	b.Divide(in[0], in[1], 6)
	b.Quotient(in[0], in[1], circuits.Division{Num: 3, Den: 1})
	b.Distances(in)
	b.Floor(in[2], 1)
	b.Linear(in, intervals(randomRows(3, 3, 9), 1, 32), false)
	b.Finish()
	return nil
}

// TestEveryQueryIsCommitted: in the compiled constraint system, every wire that a
// table is asked for, and every count, is under the commitment that the
// challenge comes from.
func TestEveryQueryIsCommitted(t *testing.T) {
	c := &everything{In: make([]frontend.Variable, 3)}
	cs, err := frontend.Compile(ecc.BN254.ScalarField(), scs.NewBuilder, c)
	if err != nil {
		t.Fatal(err)
	}
	commitments := cs.GetCommitments().(constraint.PlonkCommitments)
	if len(commitments) != 1 {
		t.Fatalf("%d commitments", len(commitments))
	}
	rows := cs.(interface{ GetSparseR1Cs() []constraint.SparseR1C }).GetSparseR1Cs()
	committed := map[int]bool{}
	for _, at := range commitments[0].Committed {
		committed[int(rows[at].XA)] = true
	}
	if len(c.record.queried) < 30 || len(c.record.counted) < 40 {
		t.Fatalf("only %d queries and %d counts were seen", len(c.record.queried), len(c.record.counted))
	}
	for name, set := range map[string]map[int]bool{"query": c.record.queried, "count": c.record.counted} {
		for id := range set {
			if !committed[id] {
				t.Errorf("%s %d is not committed", name, id)
			}
		}
	}
	if want := len(c.record.queried) + len(c.record.counted); len(committed) != want {
		t.Errorf("%d wires are committed, %d are queries or counts", len(committed), want)
	}
}
