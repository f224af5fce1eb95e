package solidity_test

import (
	"errors"
	"fmt"
	"math/big"
	"testing"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/visibility"
)

// consumer deploys the example contract of a scenario.
func (w *world) consumer(t *testing.T, d *deployed) evm.Contract {
	t.Helper()
	return w.consumerFor(t, d, d.arguments(t))
}

// consumerFor trusts the model and the signer of the arguments, where the layout
// has them.
func (w *world) consumerFor(t *testing.T, d *deployed, trusted *arguments) evm.Contract {
	t.Helper()
	args := []any{d.wrapper.Address}
	if d.Layout.Hashed() {
		args = append(args, trusted.modelCommitment)
	}
	if withSigner(d.Layout) {
		args = append(args, [2]*big.Int{trusted.signer[0].Int(), trusted.signer[1].Int()})
	}
	c, err := w.chain.Deploy(d.artifacts[d.export.Name+"Consumer"], args...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// submit sends a transaction, and where it reverts asks a call for the reason.
func (w *world) submit(t *testing.T, c evm.Contract, args []any) error {
	t.Helper()
	r, err := w.chain.Send(c, "submit", args...)
	if err != nil {
		t.Fatal(err)
	}
	if r.OK {
		if len(r.Logs) != 1 {
			t.Fatalf("%d events", len(r.Logs))
		}
		told(t, c, r.Logs[0], w.chain.Sender(), args)
		return nil
	}
	if _, err = w.chain.Call(c, "submit", args...); err == nil {
		t.Fatal("the transaction reverts and the call does not")
	}
	return err
}

// TestConsumer submits a wrong proof, the right one, and that again.
func TestConsumer(t *testing.T) {
	w := onChain(t)
	for _, d := range w.list {
		t.Run(d.Name, func(t *testing.T) {
			c := w.consumer(t, d)
			a := d.arguments(t)
			again := "AlreadyUsed"
			if d.Layout.HasContext() {
				again = "WrongContext"
				w.reverts(t, c, a.list(d.Layout), c, "WrongContext")
				w.renew(t, c, d, a)
			}
			good := a.proof
			a.proof = append([]byte{}, a.proof...)
			a.proof[0x19f] ^= 1
			w.reverts(t, c, a.list(d.Layout), d.wrapper, "ProofRejected")
			a.proof = good
			if err := w.submit(t, c, a.list(d.Layout)); err != nil {
				t.Fatal(err)
			}
			w.keeps(t, c, d)
			w.reverts(t, c, a.list(d.Layout), c, again)
		})
	}
}

// TestWrongSigner: the example takes the inputs of one signer alone.
func TestWrongSigner(t *testing.T) {
	w := onChain(t)
	for _, d := range w.list {
		if !withSigner(d.Layout) {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			for i := range 2 {
				a, other := d.arguments(t), d.arguments(t)
				other.signer[i][31] ^= 1
				c := w.consumerFor(t, d, other)
				if d.Layout.HasContext() {
					w.renew(t, c, d, a)
				}
				w.reverts(t, c, a.list(d.Layout), c, "WrongSigner")
			}
		})
	}
}

// renew proves the claim for the context that the consumer asks for.
func (w *world) renew(t *testing.T, c evm.Contract, d *deployed, a *arguments) {
	t.Helper()
	expected, err := w.chain.Call(c, "contextOf", w.chain.Sender())
	if err != nil {
		t.Fatal(err)
	}
	claim := toy.With(d.Layout, d.Claim, visibility.RoleContext,
		func(v *visibility.Value) { v.Elements[0] = expected[0].(*big.Int) })
	p, err := d.prover.Prove(claim)
	if err != nil {
		t.Fatal(err)
	}
	a.proof, a.context = p.Proof, *p.Claim.Context
}

func (w *world) reverts(t *testing.T, c evm.Contract, args []any, speaker evm.Contract, want string) {
	t.Helper()
	err := w.submit(t, c, args)
	var revert *evm.RevertError
	if !errors.As(err, &revert) || !revert.Named(speaker.ABI, want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// keeps checks what the consumer remembers of the sender.
func (w *world) keeps(t *testing.T, c evm.Contract, d *deployed) {
	t.Helper()
	shown := d.Claim.One(d.Layout, visibility.RoleOutput)
	getter, want := "outputOf", fmt.Sprint(shown.Integers)
	switch {
	case hiddenOutput(d.Layout):
		var word [32]byte
		shown.Element().FillBytes(word[:])
		getter, want = "outputCommitmentOf", fmt.Sprint(word)
	case outputOf(d.Layout).Classes && len(shown.Integers) == 1:
		getter, want = "classOf", fmt.Sprint(shown.Integers[0])
	}
	got, err := w.chain.Call(c, getter, w.chain.Sender())
	if err != nil || fmt.Sprint(got[0]) != want {
		t.Errorf("%s gives %v, %v; want %s", getter, got, err, want)
	}
}

// TestWrongModel: the example takes the predictions of one model alone.
func TestWrongModel(t *testing.T) {
	w := onChain(t)
	for _, d := range w.list {
		if !d.Layout.Hashed() {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			a := d.arguments(t)
			other := d.arguments(t)
			other.modelCommitment[31] ^= 1
			c := w.consumerFor(t, d, other)
			if d.Layout.HasContext() {
				w.renew(t, c, d, a)
			}
			w.reverts(t, c, a.list(d.Layout), c, "WrongModel")
		})
	}
}
