package adversary

import (
	"math/big"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	bn254 "github.com/consensys/gnark/constraint/bn254"
	"github.com/consensys/gnark/constraint/solver"
	"github.com/consensys/gnark/frontend"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
)

// saturated is a circuit with digits, a table, a lookup and a maximum; forgetful
// leaves the range checks of its digits out.
func saturated(forgetful bool) func(g gate.API, in []gate.Wire) []gate.Wire {
	return func(g gate.API, in []gate.Wire) []gate.Wire {
		b := circuits.NewBuilder(g, 4, in[0])
		if forgetful {
			d := g.Hint(circuits.Digits, 2, big.NewInt(0), big.NewInt(2), big.NewInt(4), big.NewInt(4), in[0])
			gate.AssertZero(g, []gate.Term{gate.T(d[0], 1), gate.T(d[1], 16), gate.T(in[0], -1)})
			return []gate.Wire{d[1]}
		}
		vs := b.Bound(in, circuits.Window{Bits: 6})
		s := circuits.Saturation{Shift: 1, Base: 4, Bits: 4}
		m := b.Max(b.Saturate(vs, []circuits.Saturation{s, s}), [][]int32{{0, 1}}, []circuits.Window{{Bits: 5}})
		out := b.CloseAll(m)
		b.Finish()
		return out
	}
}

func subjectOf(t *testing.T, forgetful bool) *Subject {
	t.Helper()
	n := 2
	if forgetful {
		n = 1
	}
	s, err := Gates(n, 1, saturated(forgetful))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestReplayAgreesWithSolver compares the honest run with gnark's own solver, row
// by row.
func TestReplayAgreesWithSolver(t *testing.T) {
	s := subjectOf(t, false)
	input, output := []int64{60, 9}, []int64{19}
	r, err := s.Replay(input, output)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.assign(input, output)
	if err != nil {
		t.Fatal(err)
	}
	w, err := frontend.NewWitness(c, field)
	if err != nil {
		t.Fatal(err)
	}
	var challenge *big.Int
	for i := range r.ops {
		if o := &r.ops[i]; o.kind == challengeOp {
			v := r.base[o.first]
			challenge = v.BigInt(new(big.Int))
		}
	}
	same := solver.OverrideHint(challengeID, func(_ *big.Int, _, out []*big.Int) error {
		out[0].Set(challenge)
		return nil
	})
	solution, err := s.compiled.cs.Solve(w, same)
	if err != nil {
		t.Fatal(err)
	}
	rows := solution.(*bn254.SparseR1CSSolution)
	for i, g := range s.compiled.cs.GetSparseR1Cs() {
		at := r.Public + i
		if r.base[g.XA] != rows.L[at] || r.base[g.XB] != rows.R[at] || r.base[g.XC] != rows.O[at] {
			t.Fatalf("gate %d differs", i)
		}
	}
}

// TestReplayIsIncremental: after any changes, the wires are what a run from the
// start would make of them, and Run fails where some gate does.
func TestReplayIsIncremental(t *testing.T) {
	for _, forgetful := range []bool{false, true} {
		s := subjectOf(t, forgetful)
		input, output := []int64{60, 9}, []int64{19}
		if forgetful {
			input, output = []int64{60}, []int64{3}
		}
		r, err := s.Replay(input, output)
		if err != nil {
			t.Fatal(err)
		}
		a := NewAttacker(r, 3)
		admitted := 0
		for n := range 600 {
			changes, _ := a.lie(&a.targets[n%len(a.targets)])
			if forgetful && n%2 == 0 && len(changes) > 0 {
				if v := a.Run(changes); v != nil {
					if c, ok := a.repair(v, changes); ok {
						changes = append(changes, c)
					}
				}
			}
			ok := r.Run(changes) == nil
			if ok && len(changes) > 0 {
				admitted++
			}
			if holds := fulfilled(s, r); ok != holds && ok {
				t.Fatalf("admitted is %t, all gates hold is %t", ok, holds)
			}
		}
		if forgetful != (admitted > 0) {
			t.Errorf("without range checks %t: %d admitted", forgetful, admitted)
		}
	}
}

// fulfilled tells whether every gate of the compiled system holds in the last run.
func fulfilled(s *Subject, r *Replay) bool {
	cs := s.compiled.cs
	for _, g := range cs.GetSparseR1Cs() {
		if g.Commitment != 0 {
			continue
		}
		a, b, c := r.value(int32(g.XA)), r.value(int32(g.XB)), r.value(int32(g.XC))
		var sum, v fr.Element
		sum.Mul(&cs.Coefficients[g.QL], &a)
		sum.Add(&sum, v.Mul(&cs.Coefficients[g.QR], &b)).Add(&sum, v.Mul(&cs.Coefficients[g.QO], &c))
		v.Mul(&a, &b).Mul(&v, &cs.Coefficients[g.QM])
		sum.Add(&sum, &v).Add(&sum, &cs.Coefficients[g.QC])
		if !sum.IsZero() {
			return false
		}
	}
	return true
}

// TestFrozenChallenge: the prover who knows the challenge before it commits
// forges a lookup, so that it is the challenge that stops the others.
func TestFrozenChallenge(t *testing.T) {
	s := subjectOf(t, false)
	for _, frozen := range []bool{false, true} {
		r, err := s.Replay([]int64{60, 9}, []int64{19})
		if err != nil {
			t.Fatal(err)
		}
		r.Frozen = frozen
		a := NewAttacker(r, 1)
		a.Attack(4000)
		if frozen != (len(a.Accepted) > 0) {
			t.Errorf("challenge known beforehand %t: %d of %d attacks are admitted", frozen, len(a.Accepted), a.Tried)
		}
	}
}

// TestRoot: roots of polynomials of degree one and two.
func TestRoot(t *testing.T) {
	element := func(v int64) fr.Element {
		var e fr.Element
		e.SetInt64(v)
		return e
	}
	for _, c := range []struct {
		square, slope, at int64
		ok                bool
	}{{0, 3, -6, true}, {0, 0, 5, false}, {1, -5, 6, true}, {2, 0, -8, true}, {1, 0, 0, true}, {1, 0, -5, false}} {
		p := func(t int64) fr.Element { return element(c.square*t*t + c.slope*t + c.at) }
		x, ok := root(p(0), p(1), p(-1))
		if ok != c.ok {
			t.Errorf("%+v: a root is %t", c, ok)
			continue
		}
		if v := x.BigInt(new(big.Int)); ok {
			if y := centred(v); c.square*y*y+c.slope*y+c.at != 0 {
				t.Errorf("%+v: %d is no root", c, y)
			}
		}
	}
}

// centred is the integer of least magnitude that an element stands for.
func centred(v *big.Int) int64 {
	if v.Cmp(new(big.Int).Rsh(field, 1)) > 0 {
		v.Sub(v, field)
	}
	return v.Int64()
}
