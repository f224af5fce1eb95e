package verifier_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// made is a key with a valid proof under it.
type made struct {
	scenario toy.Scenario
	prover   *toy.Prover
	proof    *verifier.Proof
}

// provers makes each scenario once for all tests of the package.
var provers sync.Map

func prove(t testing.TB, s toy.Scenario) made {
	t.Helper()
	if m, ok := provers.Load(s.Name); ok {
		return m.(made)
	}
	p, err := toy.New(s.Layout, toy.About(), 0)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := p.Prove(s.Claim)
	if err != nil {
		t.Fatal(err)
	}
	m := made{s, p, proof}
	provers.Store(s.Name, m)
	return m
}

// copied is a proof to tamper with: proof.json written and read again.
func (m made) copied(t testing.TB) *verifier.Proof {
	t.Helper()
	var file bytes.Buffer
	if _, err := m.proof.WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	p, err := verifier.ReadProof(&file)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestVerifyAccepts(t *testing.T) {
	for _, s := range slices.Concat(toy.Scenarios(), toy.Rows()) {
		t.Run(s.Name, func(t *testing.T) {
			m := prove(t, s)
			claim, err := verifier.Verify(m.prover.Key, m.copied(t))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(claim, s.Claim) {
				t.Errorf("the claim came back changed")
			}
			if n := len(m.proof.Proof); n != verifier.ProofBytes+verifier.CommitmentBytes {
				t.Errorf("%d bytes of proof", n)
			}
		})
	}
}

// TestVerifyRejects changes one thing of a valid proof at a time. Words that
// agree with the changed public inputs are put in place, so that it is the
// proof that must refuse; TestWords covers the words.
func TestVerifyRejects(t *testing.T) {
	for _, s := range slices.Concat(toy.Scenarios(), toy.Rows()) {
		t.Run(s.Name, func(t *testing.T) {
			m := prove(t, s)
			for i := range m.proof.PublicInputs {
				t.Run("public input", func(t *testing.T) {
					p := m.copied(t)
					p.PublicInputs[i][31] ^= 1
					p.Claim = reword(s.Layout, p.PublicInputs)
					rejected(t, m.prover.Key, p)
				})
			}
			for at := 0; at < len(m.proof.Proof); at += 32 {
				t.Run("proof", func(t *testing.T) {
					p := m.copied(t)
					p.Proof[at+31] ^= 1
					rejected(t, m.prover.Key, p)
				})
			}
		})
	}
}

func reword(l visibility.Layout, words []verifier.Word) verifier.Statement {
	numbers := make([]*big.Int, len(words))
	for i := range words {
		numbers[i] = words[i].Int()
	}
	claim, err := l.Claim(numbers)
	if err != nil {
		return verifier.Statement{}
	}
	return verifier.InWords(l, claim)
}

func rejected(t *testing.T, key *verifier.Key, p *verifier.Proof) {
	t.Helper()
	if _, err := verifier.Verify(key, p); !errors.Is(err, verifier.ErrRejected) {
		t.Errorf("got %v, want a rejection", err)
	}
}

// TestEncodings holds every second way to write a valid proof against Verify.
func TestEncodings(t *testing.T) {
	scores := prove(t, toy.Find("private input, scores"))
	packed := prove(t, toy.Find("input 8 bits"))
	add := func(n *big.Int, raw []byte) {
		v := new(big.Int).SetBytes(raw)
		v.Add(v, n).FillBytes(raw)
	}
	cases := []struct {
		name   string
		of     made
		change func(*verifier.Proof)
	}{
		{"scalar plus r", scores, func(p *verifier.Proof) { add(fr.Modulus(), p.Proof[0x180:0x1a0]) }},
		{"last scalar plus r", scores, func(p *verifier.Proof) { add(fr.Modulus(), p.Proof[0x300:0x320]) }},
		{"coordinate plus p", scores, func(p *verifier.Proof) { add(fp.Modulus(), p.Proof[0:0x20]) }},
		{"point at infinity", scores, func(p *verifier.Proof) { clear(p.Proof[0:0x40]) }},
		{"flagged infinity", scores, func(p *verifier.Proof) { clear(p.Proof[0:0x40]); p.Proof[0] = 0x40 }},
		{"public input plus r", scores, func(p *verifier.Proof) { add(fr.Modulus(), p.PublicInputs[0][:]) }},
		{"bits above the last element", packed, func(p *verifier.Proof) { p.PublicInputs[25][0] |= 0x10 }},
		{"output outside its format", packed, func(p *verifier.Proof) { p.PublicInputs[26][31] = 16 }},
		{"output outside 64 bits", packed, func(p *verifier.Proof) { p.PublicInputs[26][1] = 1 }},
		{"empty proof", scores, func(p *verifier.Proof) { p.Proof = nil }},
		{"truncated proof", scores, func(p *verifier.Proof) { p.Proof = p.Proof[:len(p.Proof)-1] }},
		{"over-long proof", scores, func(p *verifier.Proof) { p.Proof = append(p.Proof, 0) }},
		{"a public input less", scores, func(p *verifier.Proof) { p.PublicInputs = p.PublicInputs[1:] }},
		{"a public input more", scores, func(p *verifier.Proof) {
			p.PublicInputs = append(p.PublicInputs, verifier.Word{})
		}},
		{"no public inputs", scores, func(p *verifier.Proof) { p.PublicInputs = nil }},
		{"the unsafe flag", scores, func(p *verifier.Proof) { p.UnsafeSRS = true }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := c.of.copied(t)
			c.change(p)
			rejected(t, c.of.prover.Key, p)
		})
	}
}

// TestWords changes the claim in words and leaves the proof valid.
func TestWords(t *testing.T) {
	cases := []struct {
		name, of string
		change   func(*verifier.Statement)
	}{
		{"class", "private input, class", func(s *verifier.Statement) { s.Output.Class[0]++ }},
		{"class left out", "private input, class", func(s *verifier.Statement) { s.Output = nil }},
		{"another class", "input 24", func(s *verifier.Statement) { s.Output.Class[2]++ }},
		{"score", "private input, scores", func(s *verifier.Statement) { s.Output.Scores[9] += 0.0625 }},
		{"scores beside classes", "private input, class",
			func(s *verifier.Statement) { s.Output.Scores = []float64{1} }},
		{"input commitment", "private input, scores", func(s *verifier.Statement) { s.InputCommitment[31] ^= 1 }},
		{"input commitment left out", "private input, scores", func(s *verifier.Statement) { s.InputCommitment = nil }},
		{"output commitment", "private input, commitment", func(s *verifier.Statement) { s.OutputCommitment[0] ^= 1 }},
		{"context", "private input, scores", func(s *verifier.Statement) { s.Context[5] ^= 1 }},
		{"context that is none", "private input, class",
			func(s *verifier.Statement) { s.Context = new(verifier.Word) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := prove(t, toy.Find(c.of))
			p := m.copied(t)
			c.change(&p.Claim)
			rejected(t, m.prover.Key, p)
		})
	}
}

func TestExchangedProofs(t *testing.T) {
	class := prove(t, toy.Find("private input, class"))
	hidden := prove(t, toy.Find("private input, commitment"))
	if _, err := verifier.Verify(class.prover.Key, hidden.proof); !errors.Is(err, verifier.ErrOtherKey) ||
		errors.Is(err, verifier.ErrRejected) {
		t.Errorf("a proof of another key: %v", err)
	}
	t.Run("relabelled", func(t *testing.T) {
		p := hidden.copied(t)
		p.VKSHA256 = class.prover.Key.VKSHA256
		rejected(t, class.prover.Key, p)
	})
	t.Run("of another claim", func(t *testing.T) {
		claim := class.scenario.Claim
		claim = slices.Clone(claim)
		claim[1].Integers = []int64{3}
		other, err := class.prover.Prove(claim)
		if err != nil {
			t.Fatal(err)
		}
		other.Proof = class.proof.Proof
		rejected(t, class.prover.Key, other)
	})
}

func TestVerifyWithoutArguments(t *testing.T) {
	m := prove(t, toy.Find("private input, class"))
	for name, call := range map[string]func() error{
		"no key":     func() error { _, err := verifier.Verify(nil, m.proof); return err },
		"empty key":  func() error { _, err := verifier.Verify(new(verifier.Key), m.proof); return err },
		"no proof":   func() error { _, err := verifier.Verify(m.prover.Key, nil); return err },
		"zero proof": func() error { _, err := verifier.Verify(m.prover.Key, new(verifier.Proof)); return err },
	} {
		t.Run(name, func(t *testing.T) {
			if err := call(); err == nil || errors.Is(err, verifier.ErrRejected) {
				t.Errorf("got %v, want an error that is no rejection", err)
			}
		})
	}
}

func TestWordsOfAClaim(t *testing.T) {
	s := toy.Find("input 4 bits")
	got := verifier.InWords(s.Layout, visibility.Claim{{}, {Integers: []int64{-16, 0, 24}}, {}})
	if want := []float64{-1, 0, 1.5}; !reflect.DeepEqual(got.Output.Scores, want) {
		t.Errorf("scores %v, want %v", got.Output.Scores, want)
	}
	whole := toy.Integers()
	got = verifier.InWords(whole.Layout, visibility.Claim{{}, {Integers: []int64{1<<53 + 1, -7}}, {}})
	said, err := json.Marshal(got.Output)
	if want := `{"integers":[9007199254740993,-7]}`; err != nil || string(said) != want {
		t.Errorf("integers as %s (%v), want %s", said, err, want)
	}
	m := prove(t, toy.Find("private input, class"))
	var text strings.Builder
	if _, err := m.proof.WriteTo(&text); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), `"class": 7`) {
		t.Errorf("a single class is not a plain number:\n%s", text.String())
	}
}
