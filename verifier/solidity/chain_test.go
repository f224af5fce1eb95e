package solidity_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// rows pads the toy circuits, so that the size of the domain is not far from a
// real model's: its logarithm has a small part in the gas.
const rows = 3000

// deployed is a scenario on the chain.
type deployed struct {
	toy.Scenario
	prover    *toy.Prover
	proof     *verifier.Proof
	export    solidity.Result
	artifacts map[string]evm.Artifact
	wrapper   evm.Contract
	plonk     evm.Contract
}

// world is one chain with all scenarios, made once: the compiler takes seconds.
type world struct {
	chain *evm.Chain
	list  []*deployed
}

var (
	theWorld = sync.OnceValues(build)
	folder   string
)

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "zkml-solidity-*"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// scenarios are those of the toy, and one whose key is unsafe.
func scenarios() []toy.Scenario {
	unsafe := toy.Find("private input, class")
	unsafe.Name = "unsafe"
	return append(toy.Scenarios(), unsafe)
}

func build() (*world, error) { return buildOf("", scenarios()) }

// buildOf makes a world of scenarios, whose exports are in folders of their own, with more
// sources beside each.
func buildOf(
	prefix string, list []toy.Scenario, more ...func(d *deployed, files map[string]string),
) (*world, error) {
	w := new(world)
	sources := map[string]string{}
	for i, s := range list {
		d := &deployed{Scenario: s}
		about := toy.About()
		about.SRS.Unsafe = s.Name == "unsafe"
		var err error
		if d.prover, err = toy.New(s.Layout, about, rows); err != nil {
			return nil, err
		}
		if d.proof, err = d.prover.Prove(s.Claim); err != nil {
			return nil, err
		}
		dir := fmt.Sprintf("%s/%s%d", folder, prefix, i)
		if d.export, err = solidity.Export(d.prover.Key, d.proof, fmt.Sprintf("net %d", i), dir); err != nil {
			return nil, err
		}
		files, err := evm.Sources(dir)
		if err != nil {
			return nil, err
		}
		for _, add := range more {
			add(d, files)
		}
		for path, text := range files {
			sources[fmt.Sprintf("%d/%s", i, path)] = text
		}
		w.list = append(w.list, d)
	}
	compiled, err := evm.Compile(sources)
	if err != nil {
		return nil, err
	}
	w.assign(compiled)
	if w.chain, err = evm.NewChain(); err != nil {
		return nil, err
	}
	return w, w.deploy()
}

// assign gives each model its artifacts, which lie in the folder of its number.
func (w *world) assign(compiled map[string]evm.Artifact) {
	for i, d := range w.list {
		d.artifacts = map[string]evm.Artifact{}
		for path, a := range compiled {
			if name, ok := strings.CutPrefix(path, fmt.Sprintf("%d/", i)); ok {
				d.artifacts[name[strings.Index(name, ":")+1:]] = a
			}
		}
	}
}

// deploy puts all scenarios on the chain.
func (w *world) deploy() (err error) {
	for _, d := range w.list {
		if d.wrapper, err = w.chain.Deploy(d.artifacts[d.export.Name]); err != nil {
			return fmt.Errorf("%s: %w", d.Name, err)
		}
		at, err := w.chain.Call(d.wrapper, "verifier")
		if err != nil {
			return fmt.Errorf("%s: %w", d.Name, err)
		}
		d.plonk = evm.Contract{Address: at[0].(common.Address), ABI: d.artifacts["PlonkVerifier"].ABI}
	}
	return nil
}

// onChain gives the world, or skips the test where Solidity cannot be compiled.
func onChain(t *testing.T) *world {
	t.Helper()
	w, err := theWorld()
	if errors.Is(err, evm.ErrNoCompiler) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// arguments are the wrapper's, which a test changes one at a time.
type arguments struct {
	input            []byte
	inputCommitment  [32]byte
	output           []int64
	outputCommitment [32]byte
	context          verifier.Word
	modelCommitment  [32]byte
	signer           [2]verifier.Word
	proof            []byte
}

func (d *deployed) arguments(t *testing.T) *arguments {
	t.Helper()
	a := &arguments{proof: append([]byte{}, d.proof.Proof...)}
	for i := range d.Layout.Ports {
		p := &d.Layout.Ports[i]
		words := d.proof.PublicInputs[p.Start:]
		switch p.Kind().Name {
		case "input":
			text, err := solidity.EncodeInput(p.Tensor, d.Claim[i].Integers)
			if err != nil {
				t.Fatal(err)
			}
			a.input = text
		case "input_commitment":
			a.inputCommitment = words[0]
		case "output":
			a.output = append([]int64{}, d.Claim[i].Integers...)
		case "output_commitment":
			a.outputCommitment = words[0]
		case "context":
			a.context = words[0]
		case "model_commitment":
			a.modelCommitment = words[0]
		case "signer":
			a.signer = [2]verifier.Word(words)
		}
	}
	return a
}
