package measure

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/ethereum/go-ethereum/common"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

// Chain is what happened on a chain in memory.
type Chain struct {
	// Gas is a whole transaction that calls PlonkVerifier.Verify, WrapperGas one
	// that calls the model's own contract: the 21,000 and the calldata included.
	Gas, WrapperGas uint64
	// Code is the bytes of PlonkVerifier on the chain.
	Code int
	// Honest and Tampered are the contract's answers to the claim as proved, and
	// to one with another class.
	Honest, Tampered bool
}

// OnChain exports the contracts of all results, compiles them together, deploys
// them on one chain and fills in each result's Chain. The error is
// evm.ErrNoCompiler where Solidity cannot be compiled here.
func (s *Session) OnChain(results []*Result) error {
	s.stage("compile the contracts")
	sources := map[string]string{}
	names := make([]string, len(results))
	for i, r := range results {
		dir := filepath.Join(s.Dir, fmt.Sprintf("contracts-%d", i))
		written, err := solidity.Export(r.Key, r.Proof, r.Name, dir)
		if err != nil {
			return err
		}
		names[i] = written.Name
		files, err := evm.Sources(dir)
		if err != nil {
			return err
		}
		for path, text := range files {
			sources[fmt.Sprintf("%d/%s", i, path)] = text
		}
	}
	compiled, err := evm.Compile(sources)
	if err != nil {
		return err
	}
	s.stage("deploy and call the contracts")
	chain, err := evm.NewChain()
	if err != nil {
		return err
	}
	for i, r := range results {
		if r.Chain, err = call(chain, artifacts(compiled, i), names[i], r); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", r.Name, err), chain.Close())
		}
	}
	return chain.Close()
}

// artifacts gives the artifacts of one result, by contract name.
func artifacts(compiled map[string]evm.Artifact, i int) map[string]evm.Artifact {
	out := map[string]evm.Artifact{}
	for path, a := range compiled {
		if name, ok := strings.CutPrefix(path, fmt.Sprintf("%d/", i)); ok {
			out[name[strings.Index(name, ":")+1:]] = a
		}
	}
	return out
}

// call deploys a result's contracts and calls them.
func call(chain *evm.Chain, a map[string]evm.Artifact, name string, r *Result) (*Chain, error) {
	wrapper, err := chain.Deploy(a[name])
	if err != nil {
		return nil, err
	}
	at, err := chain.Call(wrapper, "verifier")
	if err != nil {
		return nil, err
	}
	plonk := evm.Contract{Address: at[0].(common.Address), ABI: a["PlonkVerifier"].ABI}
	code, err := chain.Code(plonk.Address)
	if err != nil {
		return nil, err
	}
	out := &Chain{Code: len(code)}
	if out.Gas, err = spent(chain, plonk, solidity.PlonkCalldata(r.Proof)); err != nil {
		return nil, err
	}
	layout := r.Bundle.Manifest.Layout
	data, err := solidity.Calldata(layout, r.Proof, solidity.MethodVerifyOrRevert)
	if err != nil {
		return nil, err
	}
	if out.WrapperGas, err = spent(chain, wrapper, data); err != nil {
		return nil, err
	}
	if out.Honest, err = ask(chain, wrapper, layout, r.Proof); err != nil {
		return nil, err
	}
	forged, err := anotherClass(layout, r.Proof)
	if err != nil {
		return nil, err
	}
	out.Tampered, err = ask(chain, wrapper, layout, forged)
	return out, err
}

// spent is the gas of a transaction that must go through.
func spent(chain *evm.Chain, to evm.Contract, data []byte) (uint64, error) {
	receipt, err := chain.SendRaw(to, data)
	if err != nil {
		return 0, err
	}
	if !receipt.OK {
		return 0, errors.New("the contract reverted for a proof that holds")
	}
	return receipt.Gas, nil
}

// ask calls the model's contract and gives its answer.
func ask(chain *evm.Chain, wrapper evm.Contract, l visibility.Layout, p *verifier.Proof) (bool, error) {
	data, err := solidity.Calldata(l, p, solidity.MethodVerify)
	if err != nil {
		return false, err
	}
	raw, err := chain.CallRaw(wrapper, data, callGas)
	if err != nil {
		return false, err
	}
	answer, err := wrapper.ABI.Unpack(string(solidity.MethodVerify), raw)
	if err != nil {
		return false, err
	}
	return answer[0].(bool), nil
}

// callGas is what a call may use.
const callGas = 5_000_000

// anotherClass gives the proof with a claim of another class.
func anotherClass(l visibility.Layout, p *verifier.Proof) (*verifier.Proof, error) {
	forged := *p
	forged.PublicInputs = append([]verifier.Word{}, p.PublicInputs...)
	for _, p := range l.Outputs() {
		if p.Is(visibility.FormElements) {
			w := &forged.PublicInputs[p.Start]
			w[len(w)-1] ^= 1
			return &forged, nil
		}
	}
	return nil, errors.New("the proof reveals no class to forge")
}
