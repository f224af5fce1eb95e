package prover_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand"
	"os"
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/srs"
	"github.com/zkml-go/zkml/testkit/artifacttest"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// ceremony is one store for all tests, so that each size is computed once.
var ceremony *srs.Store

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "zkml-srs-")
	if err == nil {
		ceremony, err = srs.Open(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func setup(t testing.TB, s *circuits.Statement) *prover.Setup {
	t.Helper()
	out, err := prover.NewSetup(context.Background(), s, prover.Options{Store: ceremony})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestPrivateModelsLookAlike: keys of two models of one architecture differ in
// the commitments to qL, qR and qK alone, whatever the weights.
func TestPrivateModelsLookAlike(t *testing.T) {
	weights := map[string]func(layer, row, column int) int64{
		"zero":            func(int, int, int) int64 { return 0 },
		"all equal":       func(int, int, int) int64 { return 1 },
		"rows equal":      func(_, _, column int) int64 { return int64(column%5) - 2 },
		"columns equal":   func(_, row, _ int) int64 { return int64(row%3) - 1 },
		"one, rest zero":  func(_, row, column int) int64 { return int64((1 - min(row, 1)) * (1 - min(column, 1))) },
		"signs alternate": func(_, row, column int) int64 { return int64((row+column)%2)*2 - 1 },
	}
	for _, private := range []visibility.Private{{Model: true}, {Input: true, Model: true}} {
		for _, reveal := range reveals {
			n := artifacttest.Small(private, reveal)
			random := setup(t, n.Statement(t, rand.New(rand.NewSource(1))))
			for name, w := range weights {
				t.Run(strings.Join([]string{private.String(), string(reveal), name}, " "), func(t *testing.T) {
					n.Weight = w
					alike(t, random, setup(t, n.Statement(t, rand.New(rand.NewSource(2)))))
				})
			}
		}
	}
}

// TestHashedModelsHaveOneKey: where a commitment binds the model, whole keys are
// equal, whatever the weights and the salt; the commitments differ.
func TestHashedModelsHaveOneKey(t *testing.T) {
	weights := map[string]func(layer, row, column int) int64{
		"random":          nil,
		"zero":            func(int, int, int) int64 { return 0 },
		"all equal":       func(int, int, int) int64 { return 1 },
		"one, rest zero":  func(_, row, column int) int64 { return int64((1 - min(row, 1)) * (1 - min(column, 1))) },
		"signs alternate": func(_, row, column int) int64 { return int64((row+column)%2)*2 - 1 },
	}
	for _, private := range []visibility.Private{{Model: true}, {Input: true, Model: true}} {
		for _, reveal := range reveals {
			n := artifacttest.Small(private, reveal)
			n.Bind = visibility.BindHash
			first := n.Statement(t, rand.New(rand.NewSource(1)))
			want := key(t, setup(t, first))
			seen := map[string]bool{}
			for name, w := range weights {
				t.Run(strings.Join([]string{private.String(), string(reveal), name}, " "), func(t *testing.T) {
					n.Weight = w
					s := n.Statement(t, rand.New(rand.NewSource(2)))
					if !bytes.Equal(want, key(t, setup(t, s))) {
						t.Error("the key depends on the weights")
					}
					c, err := s.ModelCommitment()
					if err != nil || seen[c.String()] {
						t.Errorf("the commitment is that of another model: %v", err)
					}
					seen[c.String()] = true
				})
			}
		}
	}
}

func alike(t *testing.T, a, b *prover.Setup) {
	t.Helper()
	if x, y := a.CS.GetNbConstraints(), b.CS.GetNbConstraints(); x != y {
		t.Fatalf("%d gates and %d", x, y)
	}
	if x, y := a.CS.GetNbInternalVariables(), b.CS.GetNbInternalVariables(); x != y {
		t.Errorf("%d wires and %d", x, y)
	}
	if len(a.VK.Qcp) != 1 || len(b.VK.Qcp) != 1 ||
		a.VK.CommitmentConstraintIndexes[0] != b.VK.CommitmentConstraintIndexes[0] {
		t.Fatal("the commitments' rows differ")
	}
	for _, c := range []struct {
		name string
		x, y bn254.G1Affine
		same bool
	}{
		{"S1", a.VK.S[0], b.VK.S[0], true}, {"S2", a.VK.S[1], b.VK.S[1], true}, {"S3", a.VK.S[2], b.VK.S[2], true},
		{"Qm", a.VK.Qm, b.VK.Qm, true}, {"Qo", a.VK.Qo, b.VK.Qo, true}, {"Qcp", a.VK.Qcp[0], b.VK.Qcp[0], true},
		{"Ql", a.VK.Ql, b.VK.Ql, false}, {"Qr", a.VK.Qr, b.VK.Qr, false}, {"Qk", a.VK.Qk, b.VK.Qk, false},
	} {
		if c.x.Equal(&c.y) != c.same {
			t.Errorf("%s: equal is %t", c.name, !c.same)
		}
	}
}

func key(t testing.TB, s *prover.Setup) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := s.VK.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestKeysComeBack(t *testing.T) {
	for _, private := range visibility.Scenarios {
		t.Run("private "+private.String(), func(t *testing.T) {
			n := artifacttest.Small(private, visibility.Class)
			s := n.Statement(t, rand.New(rand.NewSource(1)))
			first := key(t, setup(t, s))
			if !bytes.Equal(first, key(t, setup(t, s))) {
				t.Error("the same statement and salt give another key")
			}
			again := key(t, setup(t, n.Statement(t, rand.New(rand.NewSource(1)))))
			if bytes.Equal(first, again) == private.Model {
				t.Errorf("compiled again, the key is the same: %t", !private.Model)
			}
			if bytes.Equal(first, key(t, setup(t, n.Statement(t, rand.New(rand.NewSource(2)))))) {
				t.Error("other weights give the same key")
			}
		})
	}
}

// hash has a commitment bind the model.
func hash(s *circuits.Statement) {
	circuittest.Replan(s, func(p *visibility.Plan) { p.Bind = visibility.BindHash })
}

func TestStatementsThatDoNotFit(t *testing.T) {
	for name, c := range map[string]struct {
		private visibility.Private
		spoil   func(*circuits.Statement)
		want    string
	}{
		"no salt": {visibility.Private{Model: true}, func(s *circuits.Statement) { s.Salt = nil }, "needs a salt"},
		"short salt": {visibility.Private{Model: true}, func(s *circuits.Statement) { s.Salt = s.Salt[1:] },
			"needs a salt"},
		"salt": {visibility.Private{}, func(s *circuits.Statement) { s.Salt = []*big.Int{big.NewInt(1)} },
			"has no salt"},
		"input size": {visibility.Private{}, func(s *circuits.Statement) { s.Layout.Inputs()[0].Shape = []int{3} },
			"the layout 3"},
		"input format": {visibility.Private{}, func(s *circuits.Statement) { s.Layout.Inputs()[0].Bits = 9 },
			"the program takes [0, 7]"},
		"output": {visibility.Private{}, func(s *circuits.Statement) { s.Layout.Outputs()[0].Bits = 1 },
			"more bits are needed"},
		"input scale": {visibility.Private{}, func(s *circuits.Statement) { s.Layout.Inputs()[0].Scale = 1 },
			"gives x the scale 1, the program 0.125"},
		"output scale": {visibility.Private{}, func(s *circuits.Statement) { s.Layout.Outputs()[0].Scale = 1000 },
			"gives class the scale 1000, the program 1"},
		"no classes": {visibility.Private{}, func(s *circuits.Statement) { s.Layout.Outputs()[0].Classes = false },
			"holds classes: false"},
		"class count": {visibility.Private{}, func(s *circuits.Statement) { s.Layout.Outputs()[0].ClassCount = 9 },
			"gives class 9 classes, the program 4"},
		"classes of the input": {visibility.Private{}, func(s *circuits.Statement) {
			p := s.Model.(*program.Program)
			p.Outputs, p.Values[0].Scale, s.Layout.Inputs()[0].Scale, s.Layout.Outputs()[0].Scale = []int{0}, 1, 1, 1
			s.Layout.Outputs()[0].Shape = []int{12}
		}, "holds classes: true"},
		"classes": {visibility.Private{}, func(s *circuits.Statement) {
			p := s.Model.(*program.Program)
			p.Values[4].Shape, s.Layout.Outputs()[0].Shape = []int{4}, []int{4}
			p.Steps[3].Kernel = &program.Saturate{By: []circuits.Saturation{{Bits: 4}}}
		}, "holds classes: true"},
		"salt of a key": {visibility.Private{Model: true}, hash, "a salt of 1 elements"},
		"weights in the key": {visibility.Private{Model: true}, func(s *circuits.Statement) {
			hash(s)
			s.Salt = s.Salt[:1]
		}, "disagree on what binds the model"},
		"too wide": {visibility.Private{}, func(s *circuits.Statement) {
			l := s.Model.(*program.Program).Steps[0].Kernel.(*program.Linear)
			rows := l.Listed()
			rows[0].Terms[0].W = 1 << 61
			l.SetRows(rows)
		}, "fc1 (Gemm)"},
	} {
		t.Run(name, func(t *testing.T) {
			s := artifacttest.Small(c.private, visibility.Class).Statement(t, rand.New(rand.NewSource(1)))
			c.spoil(s)
			_, err := prover.NewSetup(context.Background(), s, unsafeSRS())
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

// TestThresholdsThatDoNotFit: a layout has a threshold where the program compares a score,
// and nowhere else.
func TestThresholdsThatDoNotFit(t *testing.T) {
	for want, spoil := range map[string]func(*circuits.Statement){
		"the layout gives class a threshold: true, and the program: false": func(s *circuits.Statement) {
			out := s.Layout.Outputs()[0]
			out.Bits, out.Threshold = 1, new(float64)
		},
		"the layout gives class a threshold: false, and the program: true": func(s *circuits.Statement) {
			s.Model.(*program.Program).Steps[3].Kernel = &program.Splits{Index: []int32{0}, From: []int64{1}}
		},
	} {
		s := artifacttest.Small(visibility.Private{}, visibility.Class).Statement(t, rand.New(rand.NewSource(1)))
		spoil(s)
		if _, err := prover.NewSetup(context.Background(), s, unsafeSRS()); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}

// TestKnownSecretsAreNotSafe: a key of the SRS whose secret everybody knows cannot say
// that it is of another.
func TestKnownSecretsAreNotSafe(t *testing.T) {
	s := artifacttest.Small(visibility.Private{}, visibility.Class).Statement(t, rand.New(rand.NewSource(1)))
	made, err := prover.NewSetup(context.Background(), s, unsafeSRS())
	if err != nil {
		t.Fatal(err)
	}
	about := verifier.About{Tool: "zkml test", SRS: verifier.SRS{Source: "a ceremony", Power: 16,
		SHA256: strings.Repeat("1", 64)}}
	if _, err := verifier.NewKey(made.VK, s.Layout, about); err == nil ||
		!strings.Contains(err.Error(), "SRS is public") {
		t.Errorf("got %v", err)
	}
	about.SRS.Unsafe = true
	if _, err := verifier.NewKey(made.VK, s.Layout, about); err != nil {
		t.Error(err)
	}
}

func TestSetupStops(t *testing.T) {
	s := artifacttest.Small(visibility.Private{}, visibility.Class).Statement(t, rand.New(rand.NewSource(1)))
	ctx, cancel := context.WithCancel(context.Background())
	o := unsafeSRS()
	o.Stage = func(string) { cancel() }
	if _, err := prover.NewSetup(ctx, s, o); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestSaltsAreFresh(t *testing.T) {
	seen := map[string]bool{}
	for range 2 {
		salt, err := prover.NewSalt()
		if err != nil || len(salt) != 3*circuits.SaltRows {
			t.Fatal(len(salt), err)
		}
		for _, s := range salt {
			if seen[s.String()] || s.Sign() == 0 {
				t.Fatal("a coefficient is there twice, or zero")
			}
			seen[s.String()] = true
		}
	}
}
