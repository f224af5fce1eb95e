package chain_test

import (
	"context"
	"errors"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum"

	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/chain/calldata"
	"github.com/zkml-go/zkml/verifier"
)

// TestTryBelievesNobody accepts no proof that the recorded wrapper refuses: neither for a
// contract that poses as it, nor for a description of its method that has no answer.
func TestTryBelievesNobody(t *testing.T) {
	w := newWorld(t)
	d := w.deployment(t)
	wrapper, mimic := d.Contracts[0].Address.Hex(), w.create(t, "Mimic").Address.Hex()
	verify := parsed(t, "verify(bytes32 inputCommitment, int256[] output, bytes proof)")
	lying, err := calldata.ReadInterface([]byte(`[{"type":"function","name":"verify","stateMutability":"view",
		"inputs":[{"name":"inputCommitment","type":"bytes32"},{"name":"output","type":"int256[]"},
		{"name":"proof","type":"bytes"}],"outputs":[]}]`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		o    chain.CallOptions
	}{
		{"by a signature", chain.CallOptions{To: wrapper, Exact: verify}},
		{"by an ABI", chain.CallOptions{To: wrapper, Method: "verify", Interface: &lying}},
		{"of one that poses as it", chain.CallOptions{To: mimic, Method: "verify"}},
		{"of one that poses as it, with reasons", chain.CallOptions{To: mimic, Method: "verifyOrRevert"}},
		{"of one that poses as it, by an ABI", chain.CallOptions{To: mimic, Method: "verify", Interface: &lying}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for first, want := range []error{verifier.ErrRejected, nil} {
				call, err := chain.NewProofCall(d, proofOf(byte(first)), c.o)
				if err == nil {
					err = call.Try(t.Context(), w.Node, w.From())
				}
				if !errors.Is(err, want) {
					t.Errorf("proof %d: got %v, want %v", first, err, want)
				}
			}
		})
	}

}

// TestTryHearsOutTheProof: a call may hold whose arguments are not those of the proof's
// file, and a method may answer that its signature tells of.
func TestTryHearsOutTheProof(t *testing.T) {
	w := newWorld(t)
	d := w.deployment(t)
	other := calldata.Given{Name: "output", Text: "[5, 6]"}
	call, err := chain.NewProofCall(d, proofOf(1), chain.CallOptions{
		Exact: parsed(t, "verify(bytes32 inputCommitment, int256[] output, bytes proof)"),
		To:    d.Contracts[0].Address.Hex(), Given: []calldata.Given{other}})
	if err != nil {
		t.Fatal(err)
	}
	heard := &listener{Client: w.client}
	w.Client = heard
	if err := call.Try(t.Context(), w.Node, w.From()); err != nil || heard.calls != 3 {
		t.Errorf("%d calls, of which one is the key's and one is with the proof's own claim: %v", heard.calls, err)
	}

	refuser := w.create(t, "Refuser").Address.Hex()
	call, err = chain.NewProofCall(d, proofOf(1), chain.CallOptions{To: refuser,
		Exact: parsed(t, "check(bytes proof) external pure returns (bool)")})
	if err != nil {
		t.Fatal(err)
	}
	if err := call.Try(t.Context(), w.Node, w.From()); !errors.Is(err, verifier.ErrRejected) {
		t.Errorf("a method whose signature says that it answers: %v", err)
	}
}

// parsed is the method of a signature.
func parsed(t *testing.T, text string) *calldata.Method {
	t.Helper()
	m, err := calldata.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return &m
}

// listener counts calls.
type listener struct {
	chain.Client
	calls int
}

func (l *listener) CallContract(ctx context.Context, m ethereum.CallMsg, block *big.Int) ([]byte, error) {
	l.calls++
	return l.Client.CallContract(ctx, m, block)
}
