package evm_test

import (
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"testing"

	"github.com/zkml-go/zkml/chain/evm"
)

const counter = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

contract Counter {
    error TooLarge(uint256 limit);

    event Added(uint256 sum);

    uint256 public sum;
    uint256 public immutable limit;

    constructor(uint256 limit_) {
        require(limit_ != 0, "no limit");
        limit = limit_;
    }

    function add(uint256 n) external {
        sum += n;
        if (sum > limit) revert TooLarge(limit);
        emit Added(sum);
    }
}
`

func TestChain(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "Counter.sol"), []byte(counter), 0o600); err != nil {
		t.Fatal(err)
	}
	artifacts, err := evm.CompileDir(dir)
	if errors.Is(err, evm.ErrNoCompiler) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	chain, err := evm.NewChain()
	if err != nil {
		t.Fatal(err)
	}
	defer chain.Close()
	if _, err := chain.Deploy(artifacts["Counter"], big.NewInt(0)); err == nil {
		t.Error("a constructor that reverts was deployed")
	}
	c, err := chain.Deploy(artifacts["Counter"], big.NewInt(10))
	if err != nil {
		t.Fatal(err)
	}
	if code, err := chain.Code(c.Address); err != nil || len(code) != len(artifacts["Counter"].Runtime) || c.Gas == 0 {
		t.Errorf("%d bytes of code, %d gas, %v", len(code), c.Gas, err)
	}
	r, err := chain.Send(c, "add", big.NewInt(7))
	if err != nil || !r.OK || r.Gas < 21_000 || len(r.Logs) != 1 {
		t.Errorf("add: %+v, %v", r, err)
	}
	sum, err := chain.Call(c, "sum")
	if err != nil || sum[0].(*big.Int).Int64() != 7 {
		t.Errorf("sum: %v, %v", sum, err)
	}
	if r, err = chain.Send(c, "add", big.NewInt(7)); err != nil || r.OK {
		t.Errorf("add too much: %+v, %v", r, err)
	}
	_, err = chain.Call(c, "add", big.NewInt(7))
	var revert *evm.RevertError
	if !errors.As(err, &revert) || !revert.Named(c.ABI, "TooLarge") || revert.Named(c.ABI, "TooSmall") {
		t.Errorf("add too much: %v", err)
	}
}

// TestMachine runs code without a chain: gas is the code's alone, and a
// contract that was installed has zeros for immutables.
func TestMachine(t *testing.T) {
	artifacts, err := evm.Compile(map[string]string{"Counter.sol": counter})
	if errors.Is(err, evm.ErrNoCompiler) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	m, err := evm.NewMachine()
	if err != nil {
		t.Fatal(err)
	}
	a := artifacts["Counter.sol:Counter"]
	first, second := m.Install(a.Runtime), m.Install(a.Runtime)
	if first == second {
		t.Fatal("two contracts at one address")
	}
	data, err := a.ABI.Pack("sum")
	if err != nil {
		t.Fatal(err)
	}
	if answer, gas, err := m.Call(first, data, 100_000); err != nil || len(answer) != 32 || gas == 0 || gas > 10_000 {
		t.Errorf("sum: %x for %d gas, %v", answer, gas, err)
	}
	if _, _, err := m.Call(first, data, 100); err == nil {
		t.Error("100 gas sufficed")
	}
	if data, err = a.ABI.Pack("add", big.NewInt(1)); err != nil {
		t.Fatal(err)
	}
	var revert *evm.RevertError
	if _, _, err := m.Call(second, data, 100_000); !errors.As(err, &revert) || !revert.Named(a.ABI, "TooLarge") {
		t.Errorf("add above the limit of 0: %v", err)
	}
}
