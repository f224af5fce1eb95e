package solidity_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

// list gives the arguments in the order of the layout, as go-ethereum packs
// them: an encoding that is independent of ours.
func (a *arguments) list(l visibility.Layout) []any {
	var list []any
	for i := range l.Ports {
		switch l.Ports[i].Kind().Name {
		case "input":
			list = append(list, a.input)
		case "input_commitment":
			list = append(list, a.inputCommitment)
		case "output":
			numbers := make([]*big.Int, len(a.output))
			for i, v := range a.output {
				numbers[i] = big.NewInt(v)
			}
			list = append(list, numbers)
		case "output_commitment":
			list = append(list, a.outputCommitment)
		case "context":
			list = append(list, a.context.Int())
		case "model_commitment":
			list = append(list, a.modelCommitment)
		case "signer":
			list = append(list, [2]*big.Int{a.signer[0].Int(), a.signer[1].Int()})
		}
	}
	return append(list, a.proof)
}

// refusal is a change to valid arguments and the error that names it. on says
// for which layouts it is a change at all.
type refusal struct {
	name   string
	on     func(visibility.Layout) bool
	change func(visibility.Layout, *arguments)
	want   string
}

func always(visibility.Layout) bool                 { return true }
func inputOf(l visibility.Layout) *visibility.Port  { return l.Inputs()[0] }
func outputOf(l visibility.Layout) *visibility.Port { return l.Outputs()[0] }
func publicInput(l visibility.Layout) bool          { return inputOf(l).Is(visibility.FormPacked) }
func privateInput(l visibility.Layout) bool         { return !publicInput(l) }
func revealed(l visibility.Layout) bool             { return outputOf(l).Is(visibility.FormElements) }
func hiddenOutput(l visibility.Layout) bool         { return !revealed(l) }
func withContext(l visibility.Layout) bool          { return l.HasContext() }
func withSigner(l visibility.Layout) bool           { return len(l.Signers()) > 0 }
func hashedModel(l visibility.Layout) bool          { return l.Hashed() }
func spareInputBits(l visibility.Layout) bool       { return publicInput(l) && inputOf(l).Bits%8 != 0 }

// plus adds a number to a big-endian one.
func plus(n *big.Int, raw []byte) {
	v := new(big.Int).SetBytes(raw)
	v.Add(v, n).FillBytes(raw)
}

var refusals = []refusal{
	{"input", publicInput, func(l visibility.Layout, a *arguments) { a.input[(inputOf(l).Bits+7)/8-1] ^= 1 },
		"ProofRejected"},
	{"last input", publicInput, func(_ visibility.Layout, a *arguments) { a.input[len(a.input)-1] ^= 1 },
		"ProofRejected"},
	{"first bit above the format", spareInputBits,
		func(l visibility.Layout, a *arguments) { a.input[0] |= 1 << (inputOf(l).Bits % 8) }, "InputOutOfFormat"},
	{"last element out of format", spareInputBits, func(l visibility.Layout, a *arguments) {
		a.input[len(a.input)-(inputOf(l).Bits+7)/8] |= 0x80
	}, "InputOutOfFormat"},
	{"input empty", publicInput, func(_ visibility.Layout, a *arguments) { a.input = nil }, "WrongInputLength"},
	{"input short", publicInput, func(_ visibility.Layout, a *arguments) { a.input = a.input[1:] }, "WrongInputLength"},
	{"input long", publicInput, func(_ visibility.Layout, a *arguments) { a.input = append(a.input, 0) },
		"WrongInputLength"},
	{"input commitment", privateInput, func(_ visibility.Layout, a *arguments) { a.inputCommitment[31] ^= 1 },
		"ProofRejected"},
	{"input commitment plus r", privateInput, func(_ visibility.Layout, a *arguments) {
		plus(fr.Modulus(), a.inputCommitment[:])
	}, "NotBelowField"},
	{"input commitment of ones", privateInput, func(_ visibility.Layout, a *arguments) { ones(a.inputCommitment[:]) },
		"NotBelowField"},
	{"output", revealed, func(_ visibility.Layout, a *arguments) { a.output[len(a.output)-1] ^= 1 }, "ProofRejected"},
	{"output above its format", revealed,
		func(l visibility.Layout, a *arguments) { a.output[0] = 1<<outputOf(l).Bits - outputOf(l).Zero },
		"OutputOutOfFormat"},
	{"output below its format", revealed,
		func(l visibility.Layout, a *arguments) { a.output[0] = -1 - outputOf(l).Zero }, "OutputOutOfFormat"},
	{"output far off", revealed, func(_ visibility.Layout, a *arguments) { a.output[0] = -1 << 63 },
		"OutputOutOfFormat"},
	{"output empty", revealed, func(_ visibility.Layout, a *arguments) { a.output = nil }, "WrongOutputLength"},
	{"output long", revealed, func(_ visibility.Layout, a *arguments) { a.output = append(a.output, 0) },
		"WrongOutputLength"},
	{"output commitment", hiddenOutput, func(_ visibility.Layout, a *arguments) { a.outputCommitment[0] ^= 1 },
		"ProofRejected"},
	{"output commitment plus r", hiddenOutput, func(_ visibility.Layout, a *arguments) {
		plus(fr.Modulus(), a.outputCommitment[:])
	}, "NotBelowField"},
	{"context", withContext, func(_ visibility.Layout, a *arguments) { a.context[31] ^= 1 }, "ProofRejected"},
	{"signer's x", withSigner, func(_ visibility.Layout, a *arguments) { a.signer[0][31] ^= 1 }, "ProofRejected"},
	{"signer's y", withSigner, func(_ visibility.Layout, a *arguments) { a.signer[1][31] ^= 1 }, "ProofRejected"},
	{"signer's coordinates exchanged", withSigner, func(_ visibility.Layout, a *arguments) {
		a.signer[0], a.signer[1] = a.signer[1], a.signer[0]
	}, "ProofRejected"},
	{"signer's x plus r", withSigner, func(_ visibility.Layout, a *arguments) { plus(fr.Modulus(), a.signer[0][:]) },
		"NotBelowField"},
	{"signer's y plus r", withSigner, func(_ visibility.Layout, a *arguments) { plus(fr.Modulus(), a.signer[1][:]) },
		"NotBelowField"},
	{"context plus r", withContext, func(_ visibility.Layout, a *arguments) { plus(fr.Modulus(), a.context[:]) },
		"NotBelowField"},
	{"model commitment", hashedModel, func(_ visibility.Layout, a *arguments) { a.modelCommitment[31] ^= 1 },
		"ProofRejected"},
	{"model commitment plus r", hashedModel, func(_ visibility.Layout, a *arguments) {
		plus(fr.Modulus(), a.modelCommitment[:])
	}, "NotBelowField"},
	{"proof empty", always, func(_ visibility.Layout, a *arguments) { a.proof = nil }, "MalformedProof"},
	{"proof truncated", always, func(_ visibility.Layout, a *arguments) { a.proof = a.proof[:len(a.proof)-1] },
		"MalformedProof"},
	{"proof over-long", always, func(_ visibility.Layout, a *arguments) { a.proof = append(a.proof, 0) },
		"MalformedProof"},
	{"proof of zeros", always, func(_ visibility.Layout, a *arguments) { clear(a.proof) }, "MalformedProof"},
	{"proof of ones", always, func(_ visibility.Layout, a *arguments) { ones(a.proof) }, "MalformedProof"},
	{"point at infinity", always,
		func(_ visibility.Layout, a *arguments) { clear(a.proof[0x340:0x360]); clear(a.proof[0x320:0x340]) },
		"MalformedProof"},
	{"coordinate plus p", always, func(_ visibility.Layout, a *arguments) { plus(fp.Modulus(), a.proof[0x20:0x40]) },
		"MalformedProof"},
	{"scalar plus r", always, func(_ visibility.Layout, a *arguments) { plus(fr.Modulus(), a.proof[0x260:0x280]) },
		"MalformedProof"},
	{"point swapped for another", always, func(_ visibility.Layout, a *arguments) {
		copy(a.proof[0x280:0x2c0], a.proof[0x2c0:0x300])
	}, "ProofRejected"},
}

func ones(raw []byte) {
	for i := range raw {
		raw[i] = 0xff
	}
}

// TestWrapper asks both methods about valid arguments and about every refusal
// that concerns the scenario. An empty name of an error means acceptance.
func TestWrapper(t *testing.T) {
	w := onChain(t)
	for _, d := range w.list {
		t.Run(d.Name, func(t *testing.T) {
			for _, r := range refusals {
				if !r.on(d.Layout) {
					continue
				}
				t.Run(r.name, func(t *testing.T) {
					a := d.arguments(t)
					r.change(d.Layout, a)
					w.ask(t, d, a, r.want)
				})
			}
			t.Run("valid", func(t *testing.T) { w.ask(t, d, d.arguments(t), "") })
			t.Run("proof of another claim", func(t *testing.T) {
				a, claim := d.arguments(t), d.Claim
				for k, role := range []visibility.Role{visibility.RoleInput, visibility.RoleOutput,
					visibility.RoleContext} {
					claim = toy.With(d.Layout, claim, role, func(v *visibility.Value) {
						if v.Elements != nil {
							v.Elements[0] = big.NewInt(int64(k))
						} else if role == visibility.RoleOutput {
							clear(v.Integers)
						}
					})
				}
				p, err := d.prover.Prove(claim)
				if err != nil {
					t.Fatal(err)
				}
				a.proof = p.Proof
				w.ask(t, d, a, "ProofRejected")
			})
		})
	}
}

// ask compares verify and verifyOrRevert with the error that is wanted.
func (w *world) ask(t *testing.T, d *deployed, a *arguments, want string) {
	t.Helper()
	answer, err := w.chain.Call(d.wrapper, "verify", a.list(d.Layout)...)
	if err != nil {
		t.Fatalf("verify: %v", err)
	}
	if got := answer[0].(bool); got != (want == "") {
		t.Errorf("verify answers %t", got)
	}
	_, err = w.chain.Call(d.wrapper, "verifyOrRevert", a.list(d.Layout)...)
	if want == "" {
		if err != nil {
			t.Errorf("verifyOrRevert: %v", err)
		}
		return
	}
	var revert *evm.RevertError
	if !errors.As(err, &revert) || !revert.Named(d.wrapper.ABI, want) {
		t.Errorf("verifyOrRevert: %v, want %s", err, want)
	}
}

// TestEveryProofWord flips a bit in each word of a proof: the wrapper and the
// off-chain verifier agree that none holds.
func TestEveryProofWord(t *testing.T) {
	w := onChain(t)
	d := w.list[7]
	for at := 31; at < len(d.proof.Proof); at += 32 {
		a := d.arguments(t)
		a.proof[at] ^= 1
		answer, err := w.chain.Call(d.wrapper, "verify", a.list(d.Layout)...)
		if err != nil || answer[0].(bool) {
			t.Errorf("byte %d: %v, %v", at, answer, err)
		}
		p := *d.proof
		p.Proof = a.proof
		if _, err := verifier.Verify(d.prover.Key, &p); !errors.Is(err, verifier.ErrRejected) {
			t.Errorf("byte %d off chain: %v", at, err)
		}
	}
}

// TestLittleGas gives the call too little gas, at every thousand: it may revert
// and must never answer, for the proof is valid.
func TestLittleGas(t *testing.T) {
	w := onChain(t)
	d := w.list[7]
	data, err := solidity.Calldata(d.Layout, d.proof, solidity.MethodVerify)
	if err != nil {
		t.Fatal(err)
	}
	answers := 0
	for gas := uint64(40_000); gas < 360_000; gas += 4_000 {
		raw, err := w.chain.CallRaw(d.wrapper, data, gas)
		if err != nil {
			continue
		}
		if answers++; new(big.Int).SetBytes(raw).Cmp(big.NewInt(1)) != 0 {
			t.Errorf("with %d gas a valid proof is answered %x", gas, raw)
		}
	}
	if answers == 0 {
		t.Error("no amount of gas sufficed")
	}
}

// TestGarbage sends calldata that no encoder would write. It may revert, with
// or without a reason; it never says true.
func TestGarbage(t *testing.T) {
	w := onChain(t)
	for _, d := range w.list {
		data, err := solidity.Calldata(d.Layout, d.proof, solidity.MethodVerify)
		if err != nil {
			t.Fatal(err)
		}
		for _, cut := range []int{0, 3, 4, 35, 36, 68, 200, len(data) - 32, len(data) - 1} {
			if raw, err := w.chain.CallRaw(d.wrapper, data[:cut], 1_000_000); err == nil && len(raw) == 32 &&
				raw[31] != 0 {
				t.Errorf("%s: accepted the first %d bytes", d.Name, cut)
			}
		}
	}
}

// TestCalldata holds our encoder against go-ethereum's.
func TestCalldata(t *testing.T) {
	w := onChain(t)
	for _, d := range w.list {
		for _, method := range []solidity.Method{solidity.MethodVerify, solidity.MethodVerifyOrRevert} {
			got, err := solidity.Calldata(d.Layout, d.proof, method)
			if err != nil {
				t.Fatal(err)
			}
			want, err := d.wrapper.ABI.Pack(string(method), d.arguments(t).list(d.Layout)...)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s, %s: got\n%s\nwant\n%s", d.Name, method, hex.EncodeToString(got), hex.EncodeToString(want))
			}
		}
		words := make([]*big.Int, len(d.proof.PublicInputs))
		for i, p := range d.proof.PublicInputs {
			words[i] = p.Int()
		}
		want, err := d.plonk.ABI.Pack("Verify", []byte(d.proof.Proof), words)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(solidity.PlonkCalldata(d.proof), want) {
			t.Errorf("%s: PlonkCalldata differs", d.Name)
		}
	}
}

func TestUnsafe(t *testing.T) {
	w := onChain(t)
	for _, d := range w.list {
		want := d.Name == "unsafe"
		answer, err := w.chain.Call(d.wrapper, "UNSAFE_SRS")
		if err != nil || answer[0].(bool) != want {
			t.Errorf("%s: UNSAFE_SRS is %v, %v", d.Name, answer, err)
		}
		if got := strings.HasPrefix(d.export.Name, "Unsafe"); got != want {
			t.Errorf("%s: the contract is called %s", d.Name, d.export.Name)
		}
		digest, err := w.chain.Call(d.wrapper, "VK_SHA256")
		if err != nil {
			t.Fatal(err)
		}
		raw := digest[0].([32]byte)
		if hex.EncodeToString(raw[:]) != d.prover.Key.VKSHA256 {
			t.Errorf("%s: VK_SHA256 is another", d.Name)
		}
	}
}
