package main

import (
	_ "embed"
	"fmt"
	"math/big"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/program"
)

//go:embed Network.sol
var source string

// network is the contract on a chain, and the same code on a machine that answers
// fast.
type network struct {
	contract evm.Contract
	chain    *evm.Chain
	// upload is the gas of the weights' contract.
	upload uint64
	// size is the bytes of both contracts.
	size int
}

// creation precedes the code of a contract: it is a program that returns everything
// after it. Its second and third byte are the length.
var creation = []byte{0x61, 0, 0, 0x80, 0x60, 10, 0x3d, 0x39, 0x3d, 0xf3}

// build compiles the contract and puts it on a chain with a program's weights.
func build(p *program.Program) (*network, error) {
	weights, err := pack(p)
	if err != nil {
		return nil, err
	}
	compiled, err := evm.Compile(map[string]string{"Network.sol": source})
	if err != nil {
		return nil, err
	}
	chain, err := evm.NewChain()
	if err != nil {
		return nil, err
	}
	code := append(append([]byte{}, creation...), weights...)
	code[1], code[2] = byte(len(weights)>>8), byte(len(weights))
	data, err := chain.Deploy(evm.Artifact{Code: code})
	if err != nil {
		return nil, err
	}
	n := &network{chain: chain, upload: data.Gas}
	if n.contract, err = chain.Deploy(compiled["Network.sol:Network"], data.Address); err != nil {
		return nil, err
	}
	n.size = len(weights) + len(compiled["Network.sol:Network"].Runtime)
	return n, nil
}

// scores asks the contract for the last layer's sums.
func (n *network) scores(picture []byte) ([]int64, error) {
	answer, err := n.chain.Call(n.contract, "scores", picture)
	if err != nil {
		return nil, err
	}
	list, ok := answer[0].([classes]*big.Int)
	if !ok {
		return nil, fmt.Errorf("scores: %v", answer)
	}
	out := make([]int64, classes)
	for i, v := range list {
		out[i] = v.Int64()
	}
	return out, nil
}

// classify sends a transaction and gives its gas, and the contract's answer.
func (n *network) classify(picture []byte) (class int, gas uint64, err error) {
	answer, err := n.chain.Call(n.contract, "classify", picture)
	if err != nil {
		return 0, 0, err
	}
	r, err := n.chain.Send(n.contract, "classify", picture)
	if err == nil && !r.OK {
		err = fmt.Errorf("classify: the transaction failed after %d gas", r.Gas)
	}
	return int(answer[0].(*big.Int).Int64()), r.Gas, err
}

// measure classifies all pictures, and compares each answer with the integer
// program that proofs are about.
func (n *network) measure(m *model, set *digits) (*report, error) {
	r := &report{network: n, least: 1 << 62}
	for i, picture := range set.pictures {
		raw, x := m.bytes(picture)
		class, gas, err := n.classify(raw)
		if err != nil {
			return nil, fmt.Errorf("picture %d: %w", i, err)
		}
		if want := m.program.Eval(x)[0][0]; int64(class) != want {
			return nil, fmt.Errorf("picture %d: the contract says %d, the program %d", i, class, want)
		}
		r.add(set.labels[i], class, gas)
	}
	return r, n.chain.Close()
}
