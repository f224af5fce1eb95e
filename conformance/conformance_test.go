package conformance

import (
	"bytes"
	"context"
	"math/big"
	"math/rand"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/kzg"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/srs"
	"github.com/zkml-go/zkml/testkit/artifacttest"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

var (
	ctx     = context.Background()
	options = prover.Options{Store: ceremony()}
	hidden  = visibility.Private{Model: true}
)

// ceremony is the store that everybody uses.
func ceremony() *srs.Store {
	store, err := srs.Open("")
	if err != nil {
		panic(err)
	}
	return store
}

// honest is one model, for tests that change a copy of it.
var honest = sync.OnceValue(func() *model { return newModel(&testing.T{}, small(), 1) })

func (m *model) copy() *model {
	out, statement, setup, vk, proof := *m, *m.statement, *m.setup, *m.setup.VK, *m.proof
	vk.Qcp, vk.CommitmentConstraintIndexes = slices.Clone(vk.Qcp), slices.Clone(vk.CommitmentConstraintIndexes)
	setup.VK = &vk
	key, arch := *m.key, *m.arch
	for _, l := range []*visibility.Layout{&statement.Layout, &key.Layout, &arch.Layout} {
		*l = l.Clone()
	}
	out.statement, out.setup, out.proof, out.key, out.arch = &statement, &setup, &proof, &key, &arch
	return &out
}

// model is a private model with its key and the proof that it is one of its
// architecture.
type model struct {
	statement *circuits.Statement
	setup     *prover.Setup
	key       *verifier.Key
	arch      *Architecture
	proof     *Proof
}

func newModel(t testing.TB, n artifacttest.Network, seed int64) *model {
	t.Helper()
	m := &model{statement: n.Statement(t, rand.New(rand.NewSource(seed)))}
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

// build derives the key of the model's statement.
func (m *model) build(t testing.TB) {
	t.Helper()
	var err error
	if m.setup, err = prover.NewSetup(ctx, m.statement, options); err != nil {
		t.Fatal(err)
	}
	m.rekey(t)
}

// rekey publishes the setup's key.
func (m *model) rekey(t testing.TB) {
	t.Helper()
	var err error
	about := verifier.About{Tool: "test", SRS: verifier.SRS{Source: "test", SHA256: strings.Repeat("0", 64)},
		Formats: formatsOf(m.statement)}
	if m.key, err = verifier.NewKey(m.setup.VK, m.statement.Layout, about); err != nil {
		t.Fatal(err)
	}
}

func small() artifacttest.Network { return artifacttest.Small(hidden, visibility.Class) }

// failing lists the names of the checks that do not hold.
func failing(t testing.TB, m *model) []string {
	t.Helper()
	checks, err := CheckArchitecture(ctx, m.key, m.arch, m.proof, options)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range checks {
		if !c.OK {
			out = append(out, c.Name)
		}
	}
	if Accepted(checks) != (len(out) == 0) {
		t.Errorf("Accepted says %t of %v", Accepted(checks), out)
	}
	return out
}

// TestModelsConform makes and checks the proof for models with all kinds of
// weights, of several layouts.
func TestModelsConform(t *testing.T) {
	zero, equal := small(), small()
	zero.Weight = func(int, int, int) int64 { return 0 }
	equal.Weight = func(int, int, int) int64 { return 1 }
	both := artifacttest.Small(visibility.Private{Input: true, Model: true}, visibility.Scores)
	both.Context = true
	for name, n := range map[string]artifacttest.Network{
		"random": small(), "zero": zero, "equal": equal, "both private": both,
		"hidden output": artifacttest.Small(hidden, visibility.Commitment),
	} {
		t.Run(name, func(t *testing.T) {
			if bad := failing(t, newModel(t, n, 1)); bad != nil {
				t.Errorf("refused: %v", bad)
			}
		})
	}
}

// TestForgeriesAreRefused lists what a dishonest owner may try, with the checks
// that must find it.
func TestForgeriesAreRefused(t *testing.T) {
	other := small()
	other.Hidden++
	for _, c := range []struct {
		name  string
		forge func(t *testing.T, m *model)
		want  []string
	}{
		{"a row outside R is changed", func(t *testing.T, m *model) { m.spoil(t, 1, outside) }, []string{"qR"}},
		{"a constant outside R is changed", func(t *testing.T, m *model) { m.spoil(t, 2, outside) }, []string{"qK"}},
		{"a public input's row is changed", func(t *testing.T, m *model) { m.spoil(t, 0, first) }, []string{"qL"}},
		{"qM is changed", func(t *testing.T, m *model) { m.replace(t, &m.setup.VK.Qm) }, []string{"qM"}},
		{"qO is changed", func(t *testing.T, m *model) { m.replace(t, &m.setup.VK.Qo) }, []string{"qO"}},
		{"S2 is changed", func(t *testing.T, m *model) { m.replace(t, &m.setup.VK.S[1]) }, []string{"S2"}},
		{"qCp is changed", func(t *testing.T, m *model) { m.replace(t, &m.setup.VK.Qcp[0]) }, []string{"qCp"}},
		{"the challenge stands elsewhere", func(t *testing.T, m *model) {
			m.setup.VK.CommitmentConstraintIndexes[0]--
			m.republish(t)
		}, []string{"commitment rows"}},
		{"the salt is missing", func(t *testing.T, m *model) { m.unsalted(t) }, []string{"S1", "S2", "S3", "qO"}},
		{"the architecture is another", func(t *testing.T, m *model) { m.arch = newModel(t, other, 1).arch },
			[]string{"architecture", "template", "S1"}},
		{"the layout is another", func(t *testing.T, m *model) {
			m.statement.Layout.Outputs()[0].Name = "other"
			m.rekey(t)
		}, []string{"layout"}},
		{"quotients are exchanged", func(t *testing.T, m *model) {
			m.proof.Quotients[0], m.proof.Quotients[2] = m.proof.Quotients[2], m.proof.Quotients[0]
		}, []string{"opening"}},
		{"the proof is of another model", func(t *testing.T, m *model) { m.proof = newModel(t, small(), 2).proof },
			[]string{"key", "opening"}},
		{"another model's transcript is used", func(t *testing.T, m *model) {
			theirs := *newModel(t, small(), 2).proof
			theirs.PlonkKeySHA256 = m.proof.PlonkKeySHA256
			m.proof = &theirs
		}, []string{"opening"}},
		{"a value is changed", func(t *testing.T, m *model) { m.proof.Values[4][31] ^= 1 }, []string{"opening", "qR"}},
		{"values are exchanged", func(t *testing.T, m *model) {
			m.proof.Values[0], m.proof.Values[1] = m.proof.Values[1], m.proof.Values[0]
		}, []string{"opening", "qL", "qR"}},
		{"the rows are others", func(t *testing.T, m *model) { m.proof.RowsSHA256[1] = m.proof.RowsSHA256[0] },
			[]string{"rows of qR", "opening"}},
		{"a value is not below r",
			func(t *testing.T, m *model) { m.proof.Values[0] = verifier.Word(bytes.Repeat([]byte{0xff}, 32)) },
			[]string{"encoding"}},
		{"a point off the curve", func(_ *testing.T, m *model) { m.proof.Opening = offCurve() }, []string{"encoding"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := honest().copy()
			c.forge(t, m)
			bad := failing(t, m)
			for _, want := range c.want {
				if !slices.Contains(bad, want) {
					t.Errorf("%q did not refuse it; these did: %v", want, bad)
				}
			}
		})
	}
}

// offCurve is a compressed point whose x belongs to none.
func offCurve() verifier.Word {
	for x := byte(1); ; x++ {
		w := verifier.Word{0x80, 31: x}
		if _, err := new(kzg.Digest).SetBytes(w[:]); err != nil {
			return w
		}
	}
}

// replace puts another commitment into the key.
func (m *model) replace(t *testing.T, p *kzg.Digest) {
	t.Helper()
	p.Double(p)
	m.republish(t)
}

// republish publishes a key that was changed, with a proof that was made for it
// by the rules.
func (m *model) republish(t *testing.T) {
	t.Helper()
	m.rekey(t)
	var err error
	if m.proof, err = Make(ctx, m.arch, m.setup, options); err != nil {
		t.Fatal(err)
	}
}

func outside(t *template, k int) int {
	for row := len(t.rest[k]) / 2; ; row++ {
		if !slices.Contains(t.rows[k], row) {
			return row
		}
	}
}

func first(*template, int) int { return 0 }

// spoil adds one to selector k in a row without weights, derives the key again,
// and makes the best proof there is for it: quotients without the remainder.
func (m *model) spoil(t *testing.T, k int, where func(*template, int) int) {
	t.Helper()
	tmpl, err := newTemplate(ctx, m.arch, options)
	if err != nil {
		t.Fatal(err)
	}
	trace := plonk.NewTrace(m.setup.CS, tmpl.domain)
	values := selectorsOf(trace)
	one := fr.One()
	values[k][where(tmpl, k)].Add(&values[k][where(tmpl, k)], &one)
	c, err := kzg.Commit(values[k], tmpl.srs.Lagrange.Pk)
	if err != nil {
		t.Fatal(err)
	}
	*[]*kzg.Digest{&m.setup.VK.Ql, &m.setup.VK.Qr, &m.setup.VK.Qk}[k] = c
	m.rekey(t)
	if _, err := quotient(tmpl.differences(k, values[k]), tmpl.roots(k), tmpl.domain); err == nil {
		t.Error("an honest maker does not see that the key is none of the architecture")
	}
	m.forge(t, tmpl, values)
}

// forge opens whatever the selectors are, with the quotients that fit the rows of
// weights alone.
func (m *model) forge(t *testing.T, tmpl *template, values [3][]fr.Element) {
	t.Helper()
	var quotients [3][]fr.Element
	for k := range selectors {
		d := tmpl.differences(k, values[k])
		for i := range d {
			if !slices.Contains(tmpl.rows[k], i) {
				d[i].SetZero()
			}
		}
		var err error
		if quotients[k], err = quotient(d, tmpl.roots(k), tmpl.domain); err != nil {
			t.Fatal(err)
		}
	}
	rises, err := tmpl.stairs.rises(values[inQR])
	if err != nil {
		t.Fatal(err)
	}
	p, err := tmpl.open(m.arch, m.setup.VK, values, quotients, rises)
	if err != nil {
		t.Fatal(err)
	}
	m.proof = p
}

// unsalted publishes the key of the model's circuit without salt rows.
func (m *model) unsalted(t *testing.T) {
	t.Helper()
	bare := *m.statement
	bare.Salt = nil
	system, err := prover.Compile(&bare)
	if err != nil {
		t.Fatal(err)
	}
	_, vk, err := plonk.Setup(system, *m.setup.SRS.Canonical, *m.setup.SRS.Lagrange)
	if err != nil {
		t.Fatal(err)
	}
	m.setup = &prover.Setup{CS: system, VK: vk, SRS: m.setup.SRS}
	m.rekey(t)
	if _, err := Make(ctx, m.arch, m.setup, options); err == nil {
		t.Error("an honest maker does not see that the salt is missing")
	}
}

// TestOtherStructureIsNotProved asks for the proof of a model of another
// architecture.
func TestOtherStructureIsNotProved(t *testing.T) {
	m := honest()
	wider := small()
	wider.WeightBits++
	same := newModel(t, wider, 1) // wider weights are no other structure
	if _, err := Make(ctx, m.arch, same.setup, options); err != nil {
		t.Errorf("wider weights: %v", err)
	}
	other := small()
	other.Shift++
	if _, err := Make(ctx, m.arch, newModel(t, other, 1).setup, options); err == nil {
		t.Error("a proof was made for another architecture")
	}
}

// TestSizes keeps the proof small enough to be published anywhere.
func TestSizes(t *testing.T) {
	m := honest()
	var text bytes.Buffer
	if _, err := m.proof.WriteTo(&text); err != nil {
		t.Fatal(err)
	}
	if text.Len() > 2048 {
		t.Errorf("the proof takes %d bytes", text.Len())
	}
	again, err := ReadProof(&text)
	if err != nil || *again != *m.proof {
		t.Errorf("read back: %+v, %v", again, err)
	}
}

// TestCheckModel audits keys with the weights at hand.
func TestCheckModel(t *testing.T) {
	public := artifacttest.Small(visibility.Private{}, visibility.Class)
	for name, n := range map[string]artifacttest.Network{"public": public, "private": small()} {
		t.Run(name, func(t *testing.T) {
			m := &model{statement: n.Statement(t, rand.New(rand.NewSource(1)))}
			m.build(t)
			for what, c := range map[string]struct {
				change func(s *circuits.Statement)
				ok     bool
			}{
				"the same": {func(*circuits.Statement) {}, true},
				"another weight": {func(s *circuits.Statement) {
					l := s.Model.(*program.Program).Steps[0].Kernel.(*program.Linear)
					rows := l.Listed()
					rows[2].Terms[3].W++
					l.SetRows(rows)
				}, false},
				"another bias": {func(s *circuits.Statement) {
					s.Model.(*program.Program).Steps[2].Kernel.(*program.Linear).Bias[0]++
				}, false},
				"another salt": {func(s *circuits.Statement) {
					if len(s.Salt) > 0 {
						s.Salt = slices.Clone(s.Salt)
						s.Salt[5] = new(big.Int).Add(s.Salt[5], big.NewInt(1))
					} else {
						s.Digit++
					}
				}, false},
			} {
				s := *m.statement
				s.Model = n.Program(rand.New(rand.NewSource(1)))
				c.change(&s)
				checks, err := CheckModel(ctx, m.key, &s, options)
				if err != nil {
					t.Fatal(err)
				}
				if Accepted(checks) != c.ok {
					t.Errorf("%s: %+v", what, checks)
				}
			}
		})
	}
}
