package solidity_test

import (
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

var update = flag.Bool("update", false, "write the snapshots of gas in testdata anew")

const snapshot = "testdata/gas.json"

// noise is how much the gas of one claim varies from proof to proof: a zero
// byte of calldata costs 12 gas less than another one.
const noise = 400

// maxVerifierCode is what the design promises of PlonkVerifier, in bytes.
const maxVerifierCode = 11_000

// maxOverhead is how much dearer a call through the wrapper may be, in percent.
const maxOverhead = 8

// gas is a line of the snapshot. Transactions are whole ones: the 21,000 and
// the calldata are in them.
type gas struct {
	PublicInputs int `json:"public_inputs"`
	ProofBytes   int `json:"proof_bytes"`
	// PlonkCode and WrapperCode are bytes of code on the chain.
	PlonkCode   int `json:"plonk_code"`
	WrapperCode int `json:"wrapper_code"`
	// Deploy creates both contracts.
	Deploy uint64 `json:"deploy"`
	// Plonk is a transaction that calls PlonkVerifier.Verify, Wrapper one that
	// calls the wrapper's verify.
	Plonk   uint64 `json:"plonk"`
	Wrapper uint64 `json:"wrapper"`
}

// TestGas measures all scenarios, those of several inputs and outputs too, and compares with the committed snapshot.
func TestGas(t *testing.T) {
	w := onChain(t)
	measured := map[string]gas{}
	for _, d := range w.list {
		g := w.measure(t, d)
		measured[d.Name] = g
		if publicInput(d.Layout) && inputOf(d.Layout).Zero == 0 {
			measured["sparse "+d.Name] = w.measure(t, sparse(t, d))
		}
		if g.PlonkCode > maxVerifierCode {
			t.Errorf("%s: PlonkVerifier has %d bytes of code", d.Name, g.PlonkCode)
		}
		if g.Wrapper > g.Plonk+g.Plonk*maxOverhead/100 {
			t.Errorf("%s: %d gas through the wrapper, %d without", d.Name, g.Wrapper, g.Plonk)
		}
	}
	several := severalOnChain(t)
	for _, d := range several.list {
		measured["several: "+d.Name] = several.measure(t, d)
	}
	if *update {
		writeSnapshot(t, snapshot, measured)
		return
	}
	was := map[string]gas{}
	readSnapshot(t, snapshot, &was)
	compare(t, was, measured)
}

// sparse is the same contract with an input as pictures have it: four elements
// of five are zero.
func sparse(t *testing.T, d *deployed) *deployed {
	t.Helper()
	s := *d
	s.Claim = toy.With(d.Layout, d.Claim, visibility.RoleInput, func(v *visibility.Value) {
		for i := range v.Integers {
			if i%5 != 0 {
				v.Integers[i] = 0
			}
		}
	})
	var err error
	if s.proof, err = d.prover.Prove(s.Claim); err != nil {
		t.Fatal(err)
	}
	return &s
}

func (w *world) measure(t *testing.T, d *deployed) gas {
	t.Helper()
	code := func(c evm.Contract) int {
		raw, err := w.chain.Code(c.Address)
		if err != nil {
			t.Fatal(err)
		}
		return len(raw)
	}
	data, err := solidity.Calldata(d.Layout, d.proof, solidity.MethodVerifyOrRevert)
	if err != nil {
		t.Fatal(err)
	}
	spent := func(c evm.Contract, data []byte) uint64 {
		r, err := w.chain.SendRaw(c, data)
		if err != nil || !r.OK {
			t.Fatalf("%s: %v, %v", d.Name, r, err)
		}
		return r.Gas
	}
	return gas{
		PublicInputs: len(d.proof.PublicInputs), ProofBytes: len(d.proof.Proof),
		PlonkCode: code(d.plonk), WrapperCode: code(d.wrapper), Deploy: d.wrapper.Gas,
		Plonk: spent(d.plonk, solidity.PlonkCalldata(d.proof)), Wrapper: spent(d.wrapper, data),
	}
}

func compare(t *testing.T, want, got map[string]gas) {
	t.Helper()
	for name := range want {
		if _, ok := got[name]; !ok {
			t.Errorf("%s: in the snapshot, but no scenario", name)
		}
	}
	for name, g := range got {
		o, ok := want[name]
		if !ok {
			t.Errorf("%s: not in the snapshot; run with -update", name)
			continue
		}
		for _, c := range []struct {
			what     string
			got, was uint64
			noise    uint64
		}{
			{"public inputs", uint64(g.PublicInputs), uint64(o.PublicInputs), 0},
			{"bytes of proof", uint64(g.ProofBytes), uint64(o.ProofBytes), 0},
			{"bytes of PlonkVerifier", uint64(g.PlonkCode), uint64(o.PlonkCode), 20},
			{"bytes of the wrapper", uint64(g.WrapperCode), uint64(o.WrapperCode), 0},
			{"gas to deploy", g.Deploy, o.Deploy, 20 * noise},
			{"gas of PlonkVerifier", g.Plonk, o.Plonk, noise},
			{"gas of the wrapper", g.Wrapper, o.Wrapper, noise},
		} {
			if c.got > c.was+c.noise || c.got+c.noise < c.was {
				t.Errorf("%s: %s: %d, the snapshot has %d; run with -update if that is meant", name, c.what,
					c.got, c.was)
			}
		}
	}
}

func readSnapshot(t *testing.T, path string, list any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, list); err != nil {
		t.Fatal(err)
	}
}

func writeSnapshot(t *testing.T, path string, list any) {
	t.Helper()
	text, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
