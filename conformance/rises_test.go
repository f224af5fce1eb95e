package conformance

import (
	"bytes"
	"slices"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/kzg"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// wood is a private model of two trees over two integers of four bits, with two scores.
type wood struct {
	from   [5]int64 // three thresholds of the first integer, two of the second one
	leaves [12]int64
	bias   [2]int64
}

// oak is one that splits in the middle.
func oak() wood {
	return wood{from: [5]int64{3, 7, 12, 5, 9}, leaves: [12]int64{3, -4, 1, 5, -9, 2, 6, 0, 7, 7, -1, 3}}
}

func (w wood) statement(t testing.TB) *circuits.Statement {
	t.Helper()
	shape := func(d int) program.Value { return program.Value{Shape: []int{d}, Scale: 1} }
	p := &program.Program{
		Values: []program.Value{shape(2), shape(5), shape(2), shape(1)}, Inputs: []program.Interval{{Hi: 15}},
		Steps: []program.Step{
			{Node: "splits", In: []int{0}, Out: 1, Kernel: &program.Splits{Index: []int32{0, 0, 0, 1, 1},
				From: w.from[:], Rank: []int32{0, 1, 2, 0, 1}}},
			{Node: "trees", In: []int{1}, Out: 2, Kernel: &program.Trees{
				Bit: []int32{0, 2, 3, 4, 1}, High: []int32{^0, ^2, 0, ^4, 3}, Low: []int32{^1, ^3, 1, ^5, ^5},
				Roots: []int32{2, 4}, Leaves: w.leaves[:], Bias: w.bias[:], Secret: true, Limit: 100}},
			{Node: "class", In: []int{2}, Out: 3, Kernel: &program.ArgMax{Groups: [][]int32{{0, 1}}}},
		},
		Outputs: []int{3},
	}
	s := &circuits.Statement{Model: p, Digit: 4, Layout: circuittest.Layout(visibility.Plan{
		Private: hidden, Reveal: visibility.Class,
		Inputs:  []visibility.Tensor{{Name: "x", Shape: []int{2}, Bits: 4, Scale: 1}},
		Outputs: []visibility.Tensor{{Name: "class", Shape: []int{1}, Bits: 1, Scale: 1, Classes: true}},
	})}
	var err error
	if s.Salt, err = prover.SaltFor(s); err != nil {
		t.Fatal(err)
	}
	return s
}

// model derives the key and makes the proof.
func (w wood) model(t testing.TB) *model {
	t.Helper()
	m := &model{statement: w.statement(t)}
	m.build(t)
	var err error
	if m.arch, err = NewArchitecture(m.statement, formatsOf(m.statement)); err != nil {
		t.Fatal(err)
	}
	if m.proof, err = Make(ctx, m.arch, m.setup, options); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestTreesConform: whatever the thresholds and the leaves, equal or at the ends of the range,
// models have one architecture, byte for byte, and keys that differ in qL, qR and qK.
func TestTreesConform(t *testing.T) {
	zero, equal, ends, beyond := oak(), oak(), oak(), oak()
	zero.leaves = [12]int64{}
	equal.from, equal.leaves = [5]int64{8, 8, 8, 8, 8}, [12]int64{4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4}
	ends.from, ends.bias = [5]int64{0, 1, 15, 0, 16}, [2]int64{-3, 9}
	beyond.from = [5]int64{-40, 16, 70, 16, 16}
	first := oak().model(t)
	for name, w := range map[string]wood{
		"in the middle": oak(), "zero": zero, "equal": equal, "at the ends": ends, "beyond them": beyond,
	} {
		t.Run(name, func(t *testing.T) {
			m := w.model(t)
			if bad := failing(t, m); bad != nil {
				t.Errorf("refused: %v", bad)
			}
			if !bytes.Equal(m.arch.bytes(), first.arch.bytes()) {
				t.Error("the architecture tells the models apart")
			}
			got, want := m.setup.VK, first.setup.VK
			for what, same := range map[string]bool{
				"S": got.S == want.S, "qM": got.Qm == want.Qm, "qO": got.Qo == want.Qo,
				"qCp":                 slices.Equal(got.Qcp, want.Qcp),
				"the quotient's size": len(m.proof.Rises.Bits) == len(first.proof.Rises.Bits),
			} {
				if !same {
					t.Errorf("%s tells the models apart", what)
				}
			}
			again, err := Make(ctx, m.arch, m.setup, options)
			if err != nil || !slices.Equal(again.Rises.Values, m.proof.Rises.Values) || again.Values != m.proof.Values {
				t.Errorf("made again, the proof reveals other values: %v", err)
			}
		})
	}
}

// mutate changes the coefficient of row k of the first staircase, derives the key again, and makes
// the best proof there is for it, with the given rises by place in the staircase.
func (m *model) mutate(t *testing.T, change func(c []fr.Element), rises ...uint64) {
	t.Helper()
	tmpl, err := newTemplate(ctx, m.arch, options)
	if err != nil {
		t.Fatal(err)
	}
	values := selectorsOf(plonk.NewTrace(m.setup.CS, tmpl.domain))
	all, err := tmpl.stairs.rises(values[inQR])
	if err != nil {
		t.Fatal(err)
	}
	first := tmpl.stairs.rows[0]
	change(values[inQR][first : first+4])
	copy(all[first:], rises)
	c, err := kzg.Commit(values[inQR], tmpl.srs.Lagrange.Pk)
	if err != nil {
		t.Fatal(err)
	}
	m.setup.VK.Qr = c
	m.rekey(t)
	if _, err := tmpl.stairs.rises(values[inQR]); err == nil {
		t.Error("an honest maker does not see that the thresholds are none")
	}
	var quotients [3][]fr.Element
	for k := range selectors {
		if quotients[k], err = quotient(tmpl.differences(k, values[k]), tmpl.roots(k), tmpl.domain); err != nil {
			t.Fatal(err)
		}
	}
	if m.proof, err = tmpl.open(m.arch, m.setup.VK, values, quotients, all); err != nil {
		t.Fatal(err)
	}
}

// pairOf is own + 2^Apart·next, for rises that may be negative.
func pairOf(own, next int64) (out fr.Element) {
	a, x := apart(), fr.Element{}
	out.SetInt64(next).Mul(&out, &a)
	return *out.Add(&out, x.SetInt64(own))
}

// TestThresholdsThatDoNotRiseAreRefused publishes keys with which an input could be on two steps
// of a staircase, and proofs that are right but for that.
func TestThresholdsThatDoNotRiseAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(c []fr.Element)
		rises  []uint64
	}{
		"a rise that goes down": {func(c []fr.Element) { // at 3, 1 and 12: 2 is beyond the second one alone
			c[1], c[2] = pairOf(3, -2), pairOf(-2, 11)
		}, []uint64{0, 3, 0, 11, 4}},
		"steps that overlap": {func(c []fr.Element) { c[1] = pairOf(3, 9) }, []uint64{0, 3, 4, 5, 4}},
		"a rise of too many bits": {func(c []fr.Element) { c[0], c[1] = pairOf(0, 40), pairOf(40, 4) },
			[]uint64{0, 40, 4, 5, 4}},
		"no integer": {func(c []fr.Element) { c[0].SetUint64(2).Inverse(&c[0]) }, []uint64{0, 3, 4, 5, 4}},
	} {
		t.Run(name, func(t *testing.T) {
			m := oak().model(t)
			m.mutate(t, c.change, c.rises...)
			if bad := failing(t, m); !slices.Contains(bad, "thresholds") {
				t.Errorf("the check of thresholds did not refuse it; these did: %v", bad)
			}
		})
	}
}

// TestRisesThatAreTamperedWithAreRefused changes each part of the proof about thresholds.
func TestRisesThatAreTamperedWithAreRefused(t *testing.T) {
	honest := oak().model(t)
	other := zeroLeaves().model(t)
	for name, c := range map[string]struct {
		change func(p *Proof, r *Rises)
		want   string
	}{
		"it is missing":            {func(p *Proof, _ *Rises) { p.Rises = nil }, "encoding"},
		"a bit too few":            {func(_ *Proof, r *Rises) { r.Bits = r.Bits[1:] }, "encoding"},
		"a value too few":          {func(_ *Proof, r *Rises) { r.Values = r.Values[1:] }, "encoding"},
		"bits exchanged":           {func(_ *Proof, r *Rises) { slices.Reverse(r.Bits[:2]) }, "opening"},
		"a value changed":          {func(_ *Proof, r *Rises) { r.Values[2][31] ^= 1 }, "opening"},
		"the quotient's value":     {func(_ *Proof, r *Rises) { r.Values[len(r.Values)-1][31] ^= 1 }, "thresholds"},
		"the next value":           {func(_ *Proof, r *Rises) { r.Next[31] ^= 1 }, "opening of thresholds"},
		"the opening":              {func(p *Proof, r *Rises) { r.Opening = p.Opening }, "opening of thresholds"},
		"the quotient":             {func(_ *Proof, r *Rises) { r.Quotient = r.Bits[0] }, "opening"},
		"no quotient":              {func(_ *Proof, r *Rises) { r.Quotient = verifier.Word{} }, "encoding"},
		"those of another model":   {func(_ *Proof, r *Rises) { *r = *other.proof.Rises }, "opening"},
		"a value beyond the field": {func(_ *Proof, r *Rises) { r.Next = verifier.Word{31: 1, 0: 0xff} }, "encoding"},
	} {
		t.Run(name, func(t *testing.T) {
			m := honest.copy()
			r := *honest.proof.Rises
			r.Bits, r.Values = slices.Clone(r.Bits), slices.Clone(r.Values)
			m.proof.Rises = &r
			c.change(m.proof, &r)
			if bad := failing(t, m); !slices.Contains(bad, c.want) {
				t.Errorf("%q did not refuse it; these did: %v", c.want, bad)
			}
		})
	}
	m := small() // without thresholds
	of := newModel(t, m, 1)
	of.proof.Rises = honest.proof.Rises
	if bad := failing(t, of); !slices.Contains(bad, "encoding") {
		t.Errorf("a proof about thresholds of a model that has none was taken; these refused it: %v", bad)
	}
}

func zeroLeaves() wood {
	w := oak()
	w.leaves = [12]int64{}
	return w
}

// TestRisesAreThoseOfThresholds: the rises of a key are those of its thresholds.
func TestRisesAreThoseOfThresholds(t *testing.T) {
	m := oak().model(t)
	tmpl, err := newTemplate(ctx, m.arch, options)
	if err != nil {
		t.Fatal(err)
	}
	rises, err := tmpl.stairs.rises(selectorsOf(plonk.NewTrace(m.setup.CS, tmpl.domain))[inQR])
	if err != nil {
		t.Fatal(err)
	}
	rows := tmpl.stairs.rows
	if want := []uint64{0, 3, 4, 5, 4}; len(rows) != 7 || !slices.Equal(rises[rows[0]:rows[0]+5], want) {
		t.Errorf("rows %v, rises %d; want %d", rows, rises[rows[0]:rows[0]+5], want)
	}
	if want := []uint64{0, 5, 4, 7}; !slices.Equal(rises[rows[4]:rows[4]+4], want) {
		t.Errorf("rises %d; want %d", rises[rows[4]:rows[4]+4], want)
	}
	if tmpl.stairs.bits != 5 {
		t.Errorf("rises of %d bits, want 5: up to 16", tmpl.stairs.bits)
	}
}
