package solidity_test

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier"
)

// TestEveryPart tampers with each point and scalar of a proof, on the chain. The
// wrapper tells what was malformed from what does not hold, as the verifier off
// chain does; gnark's contract by itself never says true.
func TestEveryPart(t *testing.T) {
	w := onChain(t)
	d := w.list[8] // private input, scores, context
	for _, part := range verifier.Parts(1) {
		for _, c := range toy.Tamperings(part) {
			t.Run(part.Name+" "+c.Name, func(t *testing.T) {
				a := d.arguments(t)
				c.Change(a.proof[part.At : part.At+part.Size])
				want := "ProofRejected"
				if c.Named != nil {
					want = "MalformedProof"
				}
				w.ask(t, d, a, want)
				w.plonkRefuses(t, d, a.proof, d.words())
			})
		}
	}
}

func (d *deployed) words() []*big.Int {
	words := make([]*big.Int, len(d.proof.PublicInputs))
	for i, p := range d.proof.PublicInputs {
		words[i] = p.Int()
	}
	return words
}

// plonkRefuses asks gnark's contract, which may also revert.
func (w *world) plonkRefuses(t *testing.T, d *deployed, proof []byte, words []*big.Int) {
	t.Helper()
	answer, err := w.chain.Call(d.plonk, "Verify", proof, words)
	if err == nil && answer[0].(bool) {
		t.Error("PlonkVerifier says true")
	}
}

// TestEveryPublicInput changes each word that gnark's contract takes.
func TestEveryPublicInput(t *testing.T) {
	w := onChain(t)
	for _, d := range w.list {
		for i := range d.proof.PublicInputs {
			for name, change := range map[string]func(v *big.Int){
				"one more": func(v *big.Int) { v.Add(v, big.NewInt(1)) },
				"plus r":   func(v *big.Int) { v.Add(v, fr.Modulus()) },
				"negated":  func(v *big.Int) { v.Sub(new(big.Int).Add(fr.Modulus(), big.NewInt(1)), v) },
			} {
				t.Run(fmt.Sprintf("%s input %d %s", d.Name, i, name), func(t *testing.T) {
					words := d.words()
					change(words[i])
					w.plonkRefuses(t, d, d.proof.Proof, words)
				})
			}
		}
		for name, words := range map[string][]*big.Int{
			"none": nil, "one less": d.words()[1:], "one more": append(d.words(), new(big.Int)),
		} {
			t.Run(d.Name+" inputs "+name, func(t *testing.T) { w.plonkRefuses(t, d, d.proof.Proof, words) })
		}
	}
}

// TestProofsOfOtherKeys sends each scenario's proof to the others' wrappers.
func TestProofsOfOtherKeys(t *testing.T) {
	w := onChain(t)
	for _, d := range w.list {
		for _, other := range w.list {
			if d.Name == other.Name || bytes.Equal(d.prover.Key.VK, other.prover.Key.VK) {
				continue
			}
			t.Run(other.Name+" at "+d.Name, func(t *testing.T) {
				a := d.arguments(t)
				a.proof = slices.Clone(other.proof.Proof)
				w.ask(t, d, a, "ProofRejected")
			})
		}
	}
}

// TestReplayOnAnotherChain deploys a model and its consumer at the very addresses
// that they have on a first chain. A proof that the first consumer accepts is of
// no use on the other, whose number is part of the context.
func TestReplayOnAnotherChain(t *testing.T) {
	w := onChain(t)
	d := w.list[8]
	var chains []*world
	var consumers []evm.Contract
	for _, id := range []uint64{1001, 1002} {
		chain, err := evm.NewChainOf(id)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = chain.Close() })
		twin := *d
		there := &world{chain: chain, list: []*deployed{&twin}}
		if err := there.deploy(); err != nil {
			t.Fatal(err)
		}
		chains, consumers = append(chains, there), append(consumers, there.consumer(t, &twin))
	}
	if consumers[0].Address != consumers[1].Address || chains[0].chain.Sender() != chains[1].chain.Sender() {
		t.Fatal("more than the chain's number differs")
	}
	a := d.arguments(t)
	chains[0].renew(t, consumers[0], d, a)
	for i, there := range chains {
		there.ask(t, there.list[0], a, "") // the proof holds as such on both
		if i == 0 {
			if err := there.submit(t, consumers[i], a.list(d.Layout)); err != nil {
				t.Fatal(err)
			}
			continue
		}
		there.reverts(t, consumers[i], a.list(d.Layout), consumers[i], "WrongContext")
		forged := *a
		expected, err := there.chain.Call(consumers[i], "contextOf", there.chain.Sender())
		if err != nil {
			t.Fatal(err)
		}
		expected[0].(*big.Int).FillBytes(forged.context[:])
		there.reverts(t, consumers[i], forged.list(d.Layout), there.list[0].wrapper, "ProofRejected")
	}
}
