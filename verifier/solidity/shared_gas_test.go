package solidity_test

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/verifier/solidity"
)

const sharedSnapshot = "testdata/shared-gas.json"

// maxSharedOverhead is how much dearer a proof may be than with gnark's verifier, in
// percent. It is cheaper, but for a circuit without a commitment.
const maxSharedOverhead = 2

// maxKeyGas is what the design allows a further model's key to cost.
const maxKeyGas = 600_000

// sharedGas is a line of the snapshot, in whole transactions. docs/shared-verifier.md
// shows it.
type sharedGas struct {
	PublicInputs int `json:"public_inputs"`
	// Gnarks calls gnark's contract, Shared the shared one, Wrapper the wrapper over
	// the shared one.
	Gnarks  uint64 `json:"gnarks"`
	Shared  uint64 `json:"shared"`
	Wrapper uint64 `json:"wrapper"`
	// DeployGnarks creates gnark's contract, DeployKey the key's by itself, DeployModel
	// the wrapper with the key.
	DeployGnarks uint64 `json:"deploy_gnarks"`
	DeployKey    uint64 `json:"deploy_key"`
	DeployModel  uint64 `json:"deploy_model"`
}

// sharedOnce is what all models pay once.
type sharedOnce struct {
	Code   int                  `json:"code"`
	Deploy uint64               `json:"deploy"`
	Models map[string]sharedGas `json:"models"`
}

// TestSharedGas measures and compares with the committed snapshot.
func TestSharedGas(t *testing.T) {
	w := onSharedChain(t)
	got := sharedOnce{len(w.artifact.Runtime), w.verifier.Gas, map[string]sharedGas{}}
	for _, d := range w.list {
		got.Models[d.Name] = w.measureShared(t, d)
	}
	several := shared(t, theSharedSeveral)
	for _, d := range several.list {
		got.Models["several: "+d.Name] = several.measureShared(t, d)
	}
	if *update {
		writeSnapshot(t, sharedSnapshot, got)
		return
	}
	var was sharedOnce
	readSnapshot(t, sharedSnapshot, &was)
	if got.Code != was.Code || got.Deploy != was.Deploy || len(got.Models) != len(was.Models) {
		t.Errorf("%d bytes, %d gas to deploy, %d models; the snapshot has %d, %d, %d", got.Code, got.Deploy,
			len(got.Models), was.Code, was.Deploy, len(was.Models))
	}
	for name, g := range got.Models {
		o := was.Models[name]
		if g.Shared > g.Gnarks+g.Gnarks*maxSharedOverhead/100 {
			t.Errorf("%s: %d gas, gnark's verifier takes %d", name, g.Shared, g.Gnarks)
		}
		for _, c := range []struct {
			what     string
			got, was uint64
			noise    uint64
		}{
			{"gnark's verifier", g.Gnarks, o.Gnarks, noise},
			{"the shared verifier", g.Shared, o.Shared, noise},
			{"the wrapper", g.Wrapper, o.Wrapper, noise},
			{"deploying gnark's", g.DeployGnarks, o.DeployGnarks, 20 * noise},
			{"deploying the key", g.DeployKey, o.DeployKey, 20 * noise},
			{"deploying the model", g.DeployModel, o.DeployModel, 20 * noise},
		} {
			if c.got > c.was+c.noise || c.got+c.noise < c.was {
				t.Errorf("%s: %s: %d gas, the snapshot has %d; run with -update if that is meant", name, c.what,
					c.got, c.was)
			}
		}
	}
}

func (w *sharedWorld) measureShared(t *testing.T, d *deployed) sharedGas {
	t.Helper()
	deploy := func(name string) evm.Contract {
		c, err := w.chain.Deploy(d.artifacts[name])
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	gnarks, key := deploy("PlonkVerifier"), deploy(d.export.Name+"Key")
	if key.Gas > maxKeyGas {
		t.Errorf("%s: a key costs %d gas", d.Name, key.Gas)
	}
	at, err := w.chain.Call(d.wrapper, "key")
	if err != nil {
		t.Fatal(err)
	}
	words := make([][32]byte, len(d.proof.PublicInputs))
	for i, p := range d.proof.PublicInputs {
		words[i] = p
	}
	wrapped, err := solidity.Calldata(d.Layout, d.proof, solidity.MethodVerifyOrRevert)
	if err != nil {
		t.Fatal(err)
	}
	spent := func(c evm.Contract, data []byte) uint64 {
		r, err := w.chain.SendRaw(c, data)
		if err != nil || !r.OK {
			t.Fatalf("%s: %+v, %v", d.Name, r, err)
		}
		return r.Gas
	}
	g := sharedGas{
		PublicInputs: len(words),
		Gnarks:       spent(gnarks, solidity.PlonkCalldata(d.proof)),
		Shared:       spent(w.verifier, w.sharedCall(t, at[0].(common.Address), d.proof.Proof, words)),
		Wrapper:      spent(d.wrapper, wrapped),
		DeployGnarks: gnarks.Gas, DeployKey: key.Gas, DeployModel: d.wrapper.Gas,
	}
	t.Logf("%s: %+v", d.Name, g)
	return g
}
