package prover_test

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/signature"
	"github.com/zkml-go/zkml/testkit/artifacttest"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// TestSigned proves a signed input in two scenarios, and is refused a proof for
// every signature that is not of this input by its key. The proof's files hold the
// key and nothing else of the signature.
func TestSigned(t *testing.T) {
	for _, c := range []struct {
		private visibility.Private
		bind    visibility.Bind
	}{{}, {private: visibility.Private{Input: true, Model: true}},
		{visibility.Private{Model: true}, visibility.BindHash}} {
		t.Run(fmt.Sprintf("private %q, bound by %q", c.private, c.bind), func(t *testing.T) {
			n := artifacttest.Small(c.private, visibility.Class)
			n.SignedBy, n.Bind = visibility.EdDSA, c.bind
			b := n.Bundle(t, 1)
			input := n.Input(rand.New(rand.NewSource(2)))
			message, err := circuits.Message(b.Manifest.Layout.Inputs()[0].Tensor, "", input)
			if err != nil {
				t.Fatal(err)
			}
			key, err := signature.NewKey()
			if err != nil {
				t.Fatal(err)
			}
			good, err := key.Sign(message)
			if err != nil {
				t.Fatal(err)
			}
			res, err := prover.Prove(context.Background(), b, [][]int64{input},
				prover.ProveOptions{Options: unsafeSRS(), Signature: good})
			if err != nil {
				t.Fatal(err)
			}
			vk := b.Key()
			claim, err := verifier.Verify(vk, res.Proof)
			signer := claim.One(vk.Layout, visibility.RoleSigner).Elements
			if err != nil || signer[0].Cmp(good.Key.X) != 0 || signer[1].Cmp(good.Key.Y) != 0 {
				t.Errorf("the proof shows the signer %v, %v", signer, err)
			}
			var text strings.Builder
			if _, err := res.Proof.WriteTo(&text); err != nil {
				t.Fatal(err)
			}
			for name, v := range map[string]*big.Int{"R": good.R.X, "S": good.S, "the message": message} {
				if strings.Contains(text.String(), v.Text(16)) {
					t.Errorf("the proof's file shows %s", name)
				}
			}
			refuseSignatures(t, good, func(s *circuits.Signature) error {
				_, err := prover.Prove(context.Background(), b, [][]int64{input},
					prover.ProveOptions{Options: unsafeSRS(), Signature: s})
				return err
			})
		})
	}
}

func refuseSignatures(t *testing.T, good *circuits.Signature, prove func(*circuits.Signature) error) {
	t.Helper()
	one := big.NewInt(1)
	for name, c := range map[string]struct {
		spoil func(*circuits.Signature)
		want  error
	}{
		"S off by one": {func(s *circuits.Signature) { s.S = new(big.Int).Add(s.S, one) }, signature.ErrMismatch},
		"S plus the order": {func(s *circuits.Signature) { s.S = new(big.Int).Add(s.S, circuits.GroupOrder) },
			signature.ErrScalar},
		"R off the curve": {func(s *circuits.Signature) { s.R.X = new(big.Int).Add(s.R.X, one) },
			signature.ErrPointOffCurve},
		"small order": {func(s *circuits.Signature) { s.Key = circuits.Point{X: new(big.Int), Y: one} },
			signature.ErrSmallOrder},
		"another's key": {func(s *circuits.Signature) { s.Key = s.R }, signature.ErrMismatch},
	} {
		s := *good
		c.spoil(&s)
		if err := prove(&s); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if err := prove(nil); err == nil || !strings.Contains(err.Error(), "give option Signature") {
		t.Errorf("without a signature: %v", err)
	}
}
