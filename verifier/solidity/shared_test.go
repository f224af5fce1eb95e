package solidity_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

// sharer is a model that shares a verifier, with the rows of its toy circuit.
type sharer struct {
	toy.Scenario
	rows int
	make func(visibility.Layout, verifier.About, int) (*toy.Prover, error)
}

// sharing are models that share a verifier: the domains and the numbers of public inputs
// and of commitments differ.
func sharing() []sharer {
	return []sharer{
		{toy.Find("private input, class"), rows, toy.New},
		{toy.Find("input 8 bits"), 200, toy.New},
		{toy.Find("input 12 bits"), 0, toy.New},
		{toy.Find("private input, scores"), 100, toy.NewPlain},
	}
}

// sharingSeveral are models with several inputs or outputs that do.
func sharingSeveral() []sharer {
	var list []sharer
	for i, s := range toy.Several() {
		list = append(list, sharer{s, 100 * i, toy.New})
	}
	return list
}

// sharedWorld is a chain on which models share a verifier. gnark's contract of each
// model is compiled beside, not deployed.
type sharedWorld struct {
	world
	verifier evm.Contract
	artifact evm.Artifact
}

var (
	theSharedWorld   = sync.OnceValues(func() (*sharedWorld, error) { return buildShared("shared", sharing()) })
	theSharedSeveral = sync.OnceValues(func() (*sharedWorld, error) {
		return buildShared("shared-several", sharingSeveral())
	})
)

func buildShared(prefix string, list []sharer) (*sharedWorld, error) {
	w := new(sharedWorld)
	sources := map[string]string{}
	for i, s := range list {
		d := &deployed{Scenario: s.Scenario}
		var err error
		if d.prover, err = s.make(d.Layout, toy.About(), s.rows); err != nil {
			return nil, err
		}
		if d.proof, err = d.prover.Prove(d.Claim); err != nil {
			return nil, err
		}
		dir := fmt.Sprintf("%s/%s-%d", folder, prefix, i)
		if d.export, err = solidity.ExportShared(d.prover.Key, d.proof, fmt.Sprintf("net %d", i), dir); err != nil {
			return nil, err
		}
		files, err := evm.Sources(dir)
		if err != nil {
			return nil, err
		}
		for path, text := range files {
			sources[fmt.Sprintf("%d/%s", i, path)] = text
		}
		var gnarks bytes.Buffer
		if err := d.prover.Key.VerifyingKey().ExportSolidity(&gnarks); err != nil {
			return nil, err
		}
		sources[fmt.Sprintf("%d/PlonkVerifier.sol", i)] = gnarks.String()
		w.list = append(w.list, d)
	}
	compiled, err := evm.Compile(sources)
	if err != nil {
		return nil, err
	}
	w.assign(compiled)
	return w, w.deploy()
}

func (w *sharedWorld) deploy() (err error) {
	if w.chain, err = evm.NewChain(); err != nil {
		return err
	}
	w.artifact = w.list[0].artifacts["SharedPlonkVerifier"]
	if w.verifier, err = w.chain.Deploy(w.artifact); err != nil {
		return err
	}
	for _, d := range w.list {
		if d.wrapper, err = w.chain.Deploy(d.artifacts[d.export.Name], w.verifier.Address); err != nil {
			return fmt.Errorf("%s: %w", d.Name, err)
		}
	}
	return nil
}

func onSharedChain(t *testing.T) *sharedWorld { return shared(t, theSharedWorld) }

func shared(t *testing.T, build func() (*sharedWorld, error)) *sharedWorld {
	t.Helper()
	w, err := build()
	if errors.Is(err, evm.ErrNoCompiler) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// withCommitment is the length of the proofs that refusals are made for.
const withCommitment = verifier.ProofBytes + verifier.CommitmentBytes

// TestSharedWrapper asks what TestWrapper asks.
func TestSharedWrapper(t *testing.T) {
	w := onSharedChain(t)
	for _, d := range w.list {
		t.Run(d.Name, func(t *testing.T) {
			t.Run("valid", func(t *testing.T) { w.ask(t, d, d.arguments(t), "") })
			for _, r := range refusals {
				if r.on(d.Layout) && len(d.proof.Proof) == withCommitment {
					t.Run(r.name, func(t *testing.T) {
						a := d.arguments(t)
						r.change(d.Layout, a)
						w.ask(t, d, a, r.want)
					})
				}
			}
		})
	}
}

// TestSharedSeveral sends valid claims about several inputs and outputs through wrappers
// over one verifier, and each with one argument spoiled.
func TestSharedSeveral(t *testing.T) {
	w := shared(t, theSharedSeveral)
	for _, d := range w.list {
		t.Run(d.Name, func(t *testing.T) {
			valid := d.claimed(t)
			w.judge(t, d, valid, "")
			for _, a := range d.fields() {
				if a.Name == "proof" {
					continue
				}
				s := spoiled(valid[a.Name])[0]
				t.Run(a.Name+" "+s.name, func(t *testing.T) { w.judge(t, d, changed(valid, a.Name, s.value), s.want) })
			}
		})
	}
	first, second := w.list[0], w.list[1]
	by := changed(first.claimed(t), "proof", second.claimed(t)["proof"])
	if answer, err := w.chain.Call(first.wrapper, "verify", first.call(by)...); err != nil || answer[0].(bool) {
		t.Errorf("the proof of another model that shares the verifier: %v, %v", answer, err)
	}
}

// TestSharedIsPinned holds what a wrapper is bound to: this verifier's code, and
// the data of its key.
func TestSharedIsPinned(t *testing.T) {
	w := onSharedChain(t)
	for _, d := range w.list {
		at, err := w.chain.Call(d.wrapper, "key")
		if err != nil {
			t.Fatal(err)
		}
		code, err := w.chain.Code(at[0].(common.Address))
		if err != nil {
			t.Fatal(err)
		}
		if want, err := solidity.KeyData(d.prover.Key); err != nil || !bytes.Equal(code, want) {
			t.Errorf("%s: the key's contract holds %x, %v", d.Name, code, err)
		}
	}
	d := w.list[0]
	for name, at := range map[string]common.Address{"an account": w.chain.Sender(), "a wrapper": d.wrapper.Address,
		"nobody": {}} {
		if _, err := w.chain.Deploy(d.artifacts[d.export.Name], at); err == nil {
			t.Errorf("a wrapper took %s for the verifier", name)
		}
	}
}

// TestSharedFiles looks at what was written.
func TestSharedFiles(t *testing.T) {
	w := onSharedChain(t)
	first := read(t, w.list[0].export.Directory, "SharedPlonkVerifier.sol")
	for i, d := range w.list {
		name := fmt.Sprintf("Net%d", i)
		want := []string{"SharedPlonkVerifier", name + "Key", name, "I" + name, name + "Consumer"}
		if !reflect.DeepEqual(d.export.Contracts, want) {
			t.Errorf("the contracts are %v", d.export.Contracts)
		}
		if read(t, d.export.Directory, "SharedPlonkVerifier.sol") != first {
			t.Errorf("%s: another verifier", d.Name)
		}
		var got struct {
			ABI       json.RawMessage
			KeyData   verifier.Hex `json:"key_data"`
			Contracts []string
			Fixture   solidity.Fixture
		}
		if err := json.Unmarshal([]byte(read(t, d.export.Directory, strings.ToLower(name)+".json")), &got); err != nil {
			t.Fatal(err)
		}
		ours, err := abi.JSON(bytes.NewReader(got.ABI))
		if err != nil {
			t.Fatal(err)
		}
		if have, want := signatures(ours), signatures(d.wrapper.ABI); !reflect.DeepEqual(have, want) {
			t.Errorf("the ABI is\n%q\nthe compiler's\n%q", have, want)
		}
		if data, _ := solidity.KeyData(d.prover.Key); !bytes.Equal(got.KeyData, data) ||
			got.Fixture.PlonkCalldata != nil {
			t.Errorf("%s: key_data is %x", d.Name, got.KeyData)
		}
		if answer, err := w.chain.CallRaw(d.wrapper, got.Fixture.Calldata, 1_000_000); err != nil || answer[31] != 1 {
			t.Errorf("%s: the fixture is answered %x, %v", d.Name, answer, err)
		}
	}
}

// sharedCall is calldata of SharedPlonkVerifier.verify.
func (w *sharedWorld) sharedCall(t *testing.T, key common.Address, proof []byte, words [][32]byte) []byte {
	t.Helper()
	numbers := make([]*big.Int, len(words))
	for i := range words {
		numbers[i] = new(big.Int).SetBytes(words[i][:])
	}
	data, err := w.artifact.ABI.Pack("verify", key, proof, numbers)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestNoKey calls the verifier with what is no key: it reverts with NotAKey for
// what has not the form, and never accepts.
func TestNoKey(t *testing.T) {
	w := onSharedChain(t)
	d := w.list[0]
	m, err := evm.NewMachine()
	if err != nil {
		t.Fatal(err)
	}
	at := m.Install(w.artifact.Runtime)
	good, err := solidity.KeyData(d.prover.Key)
	if err != nil {
		t.Fatal(err)
	}
	words := make([][32]byte, len(d.proof.PublicInputs))
	for i, p := range d.proof.PublicInputs {
		words[i] = p
	}
	changed := func(change func(key []byte)) []byte {
		key := bytes.Clone(good)
		change(key)
		return key
	}
	for _, c := range []struct {
		name string
		code []byte
		want string
	}{
		{"no code", nil, "NotAKey"},
		{"a byte short", good[:len(good)-1], "NotAKey"},
		{"a byte more", append(bytes.Clone(good), 0), "NotAKey"},
		{"no public inputs", changed(func(key []byte) { clear(key[1+8*32 : 1+9*32]) }), "NotAKey"},
		{"zeros", make([]byte, len(good)), "NotAKey"},
		{"a selector off the curve", changed(func(key []byte) { key[1+15*32+31] ^= 1 }), "Undecided"},
		{"the SRS off the curve", changed(func(key []byte) { key[40] ^= 1 }), "Undecided"},
		{"another root", changed(func(key []byte) { key[1+5*32+31] ^= 1 }), ""},
		{"another row", changed(func(key []byte) { key[1+6*32+31] ^= 1 }), ""},
		{"another size", changed(func(key []byte) { key[1+7*32+30] ^= 0x30 }), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer, _, err := m.Call(at, w.sharedCall(t, m.Install(c.code), d.proof.Proof, words), 1_000_000)
			var revert *evm.RevertError
			switch {
			case c.want == "" && (err != nil || answer[31] != 0):
				t.Errorf("answers %x, %v", answer, err)
			case c.want != "" && (!errors.As(err, &revert) || !revert.Named(w.artifact.ABI, c.want)):
				t.Errorf("answers %x, %v, want %s", answer, err, c.want)
			}
		})
	}
}

// TestSharedLittleGas gives the call too little gas at every thousand: a valid
// proof is never answered by false.
func TestSharedLittleGas(t *testing.T) {
	w := onSharedChain(t)
	m, err := evm.NewMachine()
	if err != nil {
		t.Fatal(err)
	}
	at, d := m.Install(w.artifact.Runtime), w.list[0]
	key, err := solidity.KeyData(d.prover.Key)
	if err != nil {
		t.Fatal(err)
	}
	words := make([][32]byte, len(d.proof.PublicInputs))
	for i, p := range d.proof.PublicInputs {
		words[i] = p
	}
	data, answers := w.sharedCall(t, m.Install(key), d.proof.Proof, words), 0
	for gas := uint64(500); gas < 300_000; gas += 1_000 {
		answer, _, err := m.Call(at, data, gas)
		if err == nil {
			answers++
			if hex.EncodeToString(answer) != strings.Repeat("0", 63)+"1" {
				t.Errorf("with %d gas a valid proof is answered %x", gas, answer)
			}
		}
	}
	if answers == 0 || answers > 30 {
		t.Errorf("%d of 300 amounts of gas sufficed", answers)
	}
}
