package circuits_test

import (
	"fmt"
	"math/big"
	"math/rand"
	"testing"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	csbn254 "github.com/consensys/gnark/constraint/bn254"
	"github.com/consensys/gnark/frontend"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// network is a layer with ReLU on 3-bit inputs from −1 on.
func network(n int) circuittest.Gadget {
	relu := circuits.Saturation{Shift: 1, Bits: 3}
	rows := intervals(layer{row(1, repeat(int64(2), n)...), row(-3,
		append([]int64{-1, 0}, repeat(int64(1), n-2)...)...)}, -1, 6)
	return circuittest.Gadget{
		In: n, Bits: 3, Lo: -1, Digit: 4,
		Eval: func(in []int64) []int64 { return evalSaturations(relu)(evalRows(rows, in)) },
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			for i := range rows {
				rows[i].Window = b.SaturationWindow(relu, rows[i].Lo, rows[i].Hi)
			}
			return b.Saturate(b.Linear(in, rows, false), repeat(relu, 2))
		},
	}
}

// statements calls f for every scenario, kind of output, and with and without a
// context, with an input of two words.
func statements(t *testing.T, f func(t *testing.T, s *circuittest.Subject, in, out []int64)) {
	r := rand.New(rand.NewSource(3))
	g := network(86)
	for _, private := range visibility.Scenarios {
		for _, reveal := range []visibility.Reveal{visibility.Scores, visibility.Class, visibility.Commitment} {
			for _, context := range []bool{false, true} {
				t.Run(fmt.Sprintf("private %q, %s, context %t", private, reveal, context), func(t *testing.T) {
					s := g.Statement()
					circuittest.Replan(s, func(p *visibility.Plan) {
						p.Private, p.Reveal, p.Context = private, reveal, context
					})
					in := g.Inputs(r, 6)[5]
					f(t, circuittest.Compile(t, s), in, g.Eval(in))
				})
			}
		}
	}
}

func assignment(t *testing.T, s *circuittest.Subject, in, out []int64) *circuits.Circuit {
	claim, err := s.Claim(in, out)
	if err != nil {
		t.Fatal(err)
	}
	c, err := circuittest.Assign(s.Statement, claim, in, s.Salts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func solves(t *testing.T, s *circuittest.Subject, c *circuits.Circuit) bool {
	w, err := frontend.NewWitness(c, ecc.BN254.ScalarField())
	if err != nil {
		t.Fatal(err)
	}
	return s.CS.IsSolved(w) == nil
}

func plusOne(v frontend.Variable) *big.Int {
	switch x := v.(type) {
	case int64:
		return big.NewInt(x + 1)
	case *big.Int:
		return new(big.Int).Add(x, big.NewInt(1))
	}
	panic("circuits_test: a variable of another type")
}

// TestInputsAreBound: whatever a proof shows is bound to what it was computed
// from: no public input but the context, and no secret one, can be altered alone.
func TestInputsAreBound(t *testing.T) {
	statements(t, func(t *testing.T, s *circuittest.Subject, in, out []int64) {
		if !solves(t, s, assignment(t, s, in, out)) {
			t.Fatal("the honest prover is rejected")
		}
		layout := s.Statement.Layout
		for i := range layout.Count() {
			c := assignment(t, s, in, out)
			c.Public[i] = plusOne(c.Public[i])
			isContext := layout.HasContext() && i == layout.Count()-1
			if solves(t, s, c) != isContext { // a context is bound by the proof itself, as every public input
				t.Errorf("public input %d altered: admitted is %t", i, !isContext)
			}
		}
		for _, i := range []int{0, 1, 85, len(assignment(t, s, in, out).Secret) - 1} {
			c := assignment(t, s, in, out)
			c.Secret[i] = plusOne(c.Secret[i])
			if solves(t, s, c) {
				t.Errorf("secret input %d altered is admitted", i)
			}
		}
	})
}

// TestSaltIsInTheKey: every three coefficients of a private model's salt are those of
// one row, as they are; without them the key's selectors are the weights' alone.
func TestSaltIsInTheKey(t *testing.T) {
	g := network(86)
	s := g.Statement()
	circuittest.Replan(s, func(p *visibility.Plan) { p.Private.Model = true })
	c := circuittest.Compile(t, s)
	rows := map[[3]fr.Element]bool{}
	cs := c.CS.(*csbn254.SparseR1CS)
	element := func(v *big.Int) (e fr.Element) {
		e.SetBigInt(v)
		return e
	}
	each := cs.GetSparseR1CIterator()
	for r := each.Next(); r != nil; r = each.Next() {
		rows[[3]fr.Element{cs.Coefficients[r.QL], cs.Coefficients[r.QR], cs.Coefficients[r.QC]}] = true
	}
	if len(s.Salt) == 0 || len(s.Salt)%3 != 0 {
		t.Fatalf("a salt of %d coefficients", len(s.Salt))
	}
	for i := 0; i < len(s.Salt); i += 3 {
		if !rows[[3]fr.Element{element(s.Salt[i]), element(s.Salt[i+1]), element(s.Salt[i+2])}] {
			t.Errorf("coefficients %d to %d of the salt are in no row", i, i+2)
		}
	}
}

// TestWordsHoldOneInput: elements that are not range-checked could be moved
// between the places of a word.
func TestWordsHoldOneInput(t *testing.T) {
	words := func(bounded bool) *circuittest.Gates {
		return custom(t, 3, func(b *circuits.Builder, g gate.API, in []gate.Wire) { // word, x0, x1
			if bounded {
				b.Bound(in[1:], circuits.Window{Bits: 3})
			}
			gate.AssertZero(g, []gate.Term{gate.T(in[0], -1), gate.T(in[1], 1), gate.T(in[2], 8)})
		})
	}
	words(false).Admits([]any{8*3 + 5, 5 + 8, 2})
	words(true).Admits([]any{8*3 + 5, 5, 3})
	words(true).Refuses([]any{8*3 + 5, 5 + 8, 2})

	statements(t, func(t *testing.T, s *circuittest.Subject, in, out []int64) {
		c := assignment(t, s, in, out)
		c.Secret[0], c.Secret[1] = in[0]+8, in[1]-1
		if solves(t, s, c) {
			t.Error("an element moved between places is admitted")
		}
	})
}

// TestStatementsRejectLies: the hints of whole statements.
func TestStatementsRejectLies(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	statements(t, func(_ *testing.T, s *circuittest.Subject, in, out []int64) {
		s.Liar(r, in, out, 1)
	})
}

// TestOutputsThatLeaveTheirFormat are refused before they are committed to.
func TestOutputsThatLeaveTheirFormat(t *testing.T) {
	s := network(4).Statement()
	circuittest.Replan(s, func(p *visibility.Plan) {
		p.Reveal = visibility.Commitment
		p.Outputs[0].Bits, p.Outputs[0].Zero = 2, 0
	})
	if _, err := s.Count(); err == nil {
		t.Error("a 3-bit output in 2 bits is not refused")
	}
	s.Layout.Outputs()[0].Shape = []int{3}
	if _, err := s.Count(); err == nil {
		t.Error("two outputs for three are not refused")
	}
}

// TestRowsArePadded to the next power of two, public inputs included.
func TestRowsArePadded(t *testing.T) {
	for _, c := range []struct{ gates, public, want int }{{1, 0, 1}, {1, 1, 2}, {2, 1, 4}, {8190, 2, 8192},
		{8190, 3, 16384}} {
		if got := (circuits.Cost{Gates: c.gates, Public: c.public}).PaddedRows(); got != c.want {
			t.Errorf("%d gates and %d public inputs are padded to %d rows, want %d", c.gates, c.public, got, c.want)
		}
	}
}
