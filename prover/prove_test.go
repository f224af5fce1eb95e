package prover_test

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand"
	"path/filepath"
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/testkit/artifacttest"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

var reveals = []visibility.Reveal{visibility.Scores, visibility.Class, visibility.Commitment}

func unsafeSRS() prover.Options { return prover.Options{UnsafeSRS: true} }

func TestEveryScenarioProves(t *testing.T) {
	for _, private := range visibility.Scenarios {
		for _, reveal := range reveals {
			everyBinding(t, private, reveal)
		}
	}
}

func everyBinding(t *testing.T, private visibility.Private, reveal visibility.Reveal) {
	bindings := []visibility.Bind{visibility.BindKey}
	if private.Model {
		bindings = append(bindings, visibility.BindHash)
	}
	for _, bind := range bindings {
		t.Run(fmt.Sprintf("private %s bound by %s reveal %s", private, bind, reveal), func(t *testing.T) {
			n := artifacttest.Small(private, reveal)
			n.Context, n.Bind = private.Input, bind
			proves(t, n)
		})
	}
}

// proves proves a network's output of a random input and examines the result.
func proves(t *testing.T, n artifacttest.Network) (b *artifact.Bundle, input []int64, o prover.ProveOptions) {
	t.Helper()
	b = n.Bundle(t, 1)
	o = prover.ProveOptions{Options: unsafeSRS()}
	if n.Context {
		o.Context = big.NewInt(99)
	}
	input = n.Input(rand.New(rand.NewSource(2)))
	res, err := prover.Prove(context.Background(), b, [][]int64{input}, o)
	if err != nil {
		t.Fatal(err)
	}
	examine(t, b, input, res)
	return b, input, o
}

// examine verifies a result from the files alone, and holds its claim against
// the integer model.
func examine(t *testing.T, b *artifact.Bundle, input []int64, res *prover.Result) {
	t.Helper()
	key := b.Key()
	claim, err := verifier.Verify(key, res.Proof)
	if err != nil {
		t.Fatal(err)
	}
	layout := b.Manifest.Layout
	if got := len(res.Proof.Proof); got > 900 {
		t.Errorf("the proof has %d bytes", got)
	}
	p, err := b.Program()
	if err != nil {
		t.Fatal(err)
	}
	if want := p.Eval(input); fmt.Sprint(want) != fmt.Sprint(res.Outputs) {
		t.Errorf("output %v, the integer model has %v", res.Outputs, want)
	}
	integers := map[visibility.Role][]int64{visibility.RoleInput: input, visibility.RoleOutput: res.Outputs[0]}
	for i := range layout.Ports {
		port := &layout.Ports[i]
		switch {
		case port.Salted():
			opening, ok := res.Secrets.Of(layout, port)
			want, err := circuits.CommitPort(layout, port, new(big.Int).SetBytes(opening.Salt),
				map[int][]int64{i: integers[port.Role]})
			if err != nil || !ok || claim[i].Element().Cmp(want) != 0 || opening.Commitment.Int().Cmp(want) != 0 {
				t.Errorf("the commitment to the %s is not that of its integers and the salt: %v", port.Role, err)
			}
		case integers[port.Role] != nil && fmt.Sprint(claim[i].Integers) != fmt.Sprint(integers[port.Role]):
			t.Errorf("claimed %v, the %s is %v", claim[i].Integers, port.Role, integers[port.Role])
		}
	}
	if layout.Hashed() {
		s, err := b.Statement()
		if err != nil {
			t.Fatal(err)
		}
		if want, err := s.ModelCommitment(); err != nil || claim.One(layout,
			visibility.RoleModel).Element().Cmp(want) != 0 {
			t.Errorf("the model's commitment is not that of the bundle's weights and salt: %v", err)
		}
	}
	if res.Seconds <= 0 {
		t.Error("no time was measured")
	}
}

func TestSalts(t *testing.T) {
	n := artifacttest.Small(visibility.Private{Input: true}, visibility.Commitment)
	b := n.Bundle(t, 1)
	input := n.Input(rand.New(rand.NewSource(2)))
	prove := func(o prover.ProveOptions) *prover.Result {
		o.Options = unsafeSRS()
		res, err := prover.Prove(context.Background(), b, [][]int64{input}, o)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	first, second := prove(prover.ProveOptions{}), prove(prover.ProveOptions{})
	a, b2 := first.Secrets.Openings, second.Secrets.Openings
	for name, pair := range map[string][2]verifier.Hex{
		"input":  {a[0].Salt, b2[0].Salt},
		"output": {a[1].Salt, b2[1].Salt},
		"both":   {a[0].Salt, a[1].Salt},
	} {
		if string(pair[0]) == string(pair[1]) || len(pair[0]) != fr.Bytes {
			t.Errorf("%s: salts are not drawn afresh", name)
		}
	}
	given := prove(prover.ProveOptions{Openings: opening(visibility.RoleInput, "x", new(big.Int).SetBytes(a[0].Salt))})
	if given.Proof.PublicInputs[0] != first.Proof.PublicInputs[0] {
		t.Error("a given salt gives another commitment")
	}
	one := new(big.Int).SetBytes(a[0].Salt)
	both := append(opening(visibility.RoleInput, "x", one), opening(a[1].Role, a[1].Names[0], one)...)
	_, err := prover.Prove(context.Background(), b, [][]int64{input},
		prover.ProveOptions{Options: unsafeSRS(), Openings: both})
	if err == nil || !strings.Contains(err.Error(), "one salt is given") {
		t.Errorf("one salt for two commitments: %v", err)
	}
}

func opening(role visibility.Role, name string, salt *big.Int) []prover.Opening {
	return []prover.Opening{{Role: role, Name: name, Salt: salt}}
}

func TestOptionsAreHeldAgainstTheBundle(t *testing.T) {
	n := artifacttest.Small(visibility.Private{}, visibility.Class)
	plain := n.Bundle(t, 1)
	n.Context, n.Private.Input = true, true
	rich := n.Bundle(t, 1)
	input := n.Input(rand.New(rand.NewSource(2)))
	beyond := append([]int64{}, input...)
	beyond[7] = 8
	one := big.NewInt(1)
	for name, c := range map[string]struct {
		bundle *artifact.Bundle
		input  []int64
		o      prover.ProveOptions
		want   string
	}{
		"element beyond format": {plain, beyond, prover.ProveOptions{Options: unsafeSRS()}, "element 7 does not fit"},
		"too few elements": {plain, input[:5], prover.ProveOptions{Options: unsafeSRS()},
			"5 values for shape [12]"},
		"salt of public input": {plain, input, prover.ProveOptions{Options: unsafeSRS(),
			Openings: opening(visibility.RoleInput, "x", one)}, "have none"},
		"salt of public output": {plain, input, prover.ProveOptions{Options: unsafeSRS(),
			Openings: opening(visibility.RoleOutput, "class", one)}, "have none"},
		"context of none": {plain, input, prover.ProveOptions{Options: unsafeSRS(), Context: one},
			"option Context: the model was compiled without"},
		"no context": {rich, input, prover.ProveOptions{Options: unsafeSRS()}, "give option Context"},
		"context beyond r": {rich, input, prover.ProveOptions{Options: unsafeSRS(), Context: fr.Modulus()},
			"below the field's size"},
		"salt beyond r": {rich, input, prover.ProveOptions{Options: unsafeSRS(), Context: one,
			Openings: opening(visibility.RoleInput, "x", fr.Modulus())}, "below the field's size"},
		"unsafe not typed": {plain, input, prover.ProveOptions{Options: prover.Options{Store: ceremony}},
			"option UnsafeSRS"},
		"no store": {plain, input, prover.ProveOptions{}, "open a store"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := prover.Prove(context.Background(), c.bundle, [][]int64{c.input}, c.o)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

// TestCeremony proves with the embedded ceremony's SRS, and refuses an unsafe
// one for the same bundle.
func TestCeremony(t *testing.T) {
	n := artifacttest.Small(visibility.Private{Input: true, Model: true}, visibility.Class)
	o := prover.Options{Store: ceremony}
	b := artifacttest.Write(t, filepath.Join(t.TempDir(), "m.zkml"), n.ContentsWith(t, 1, o))
	if b.Manifest.SRS.Unsafe {
		t.Fatal("the ceremony's SRS is called unsafe")
	}
	input := n.Input(rand.New(rand.NewSource(2)))
	res, err := prover.Prove(context.Background(), b, [][]int64{input}, prover.ProveOptions{Options: o})
	if err != nil {
		t.Fatal(err)
	}
	examine(t, b, input, res)
	if _, err := prover.Prove(context.Background(), b, [][]int64{input},
		prover.ProveOptions{Options: unsafeSRS()}); err == nil {
		t.Error("an unsafe SRS is taken for a ceremony's bundle")
	}
}

func TestProofOfAnotherModelIsRejected(t *testing.T) {
	n := artifacttest.Small(visibility.Private{}, visibility.Scores)
	mine, other := n.Bundle(t, 1), n.Bundle(t, 2)
	input := n.Input(rand.New(rand.NewSource(3)))
	res, err := prover.Prove(context.Background(), other, [][]int64{input}, prover.ProveOptions{Options: unsafeSRS()})
	if err != nil {
		t.Fatal(err)
	}
	key := mine.Key()
	if _, err := verifier.Verify(key, res.Proof); !errors.Is(err, verifier.ErrOtherKey) {
		t.Errorf("got %v", err)
	}
	renamed := *res.Proof
	renamed.VKSHA256 = key.VKSHA256
	if _, err := verifier.Verify(key, &renamed); !errors.Is(err, verifier.ErrRejected) {
		t.Errorf("under the other key's name: got %v", err)
	}
}

func TestProvingStops(t *testing.T) {
	n := artifacttest.Small(visibility.Private{}, visibility.Class)
	b := n.Bundle(t, 1)
	stages := []string{}
	o := prover.ProveOptions{Options: unsafeSRS()}
	o.Stage = func(s string) { stages = append(stages, s) }
	input := n.Input(rand.New(rand.NewSource(2)))
	if _, err := prover.Prove(context.Background(), b, [][]int64{input}, o); err != nil {
		t.Fatal(err)
	}
	for _, last := range stages {
		t.Run("before "+last, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			o.Stage = func(s string) {
				if s == last {
					cancel()
				}
			}
			if last == stages[len(stages)-1] {
				cancel()
			}
			if _, err := prover.Prove(ctx, b, [][]int64{input}, o); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestPeakMemory(t *testing.T) {
	if m := prover.PeakMemory(); m < 1<<20 {
		t.Errorf("%d bytes", m)
	}
}
