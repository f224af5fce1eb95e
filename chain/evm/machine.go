package evm

import (
	"bytes"
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/state"
	"github.com/ethereum/go-ethereum/core/tracing"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/core/vm/runtime"
	"github.com/ethereum/go-ethereum/params"
)

// Machine is only the EVM, under the rules of Chain: contracts are in memory and are
// called without transactions, signatures or blocks, thousands of times a minute. Gas
// is what the code uses, without a transaction's 21,000 and its calldata. It is not
// safe for concurrent use.
type Machine struct {
	config runtime.Config
	rules  params.Rules
	state  *state.StateDB
}

// NewMachine makes a machine without contracts.
func NewMachine() (*Machine, error) {
	db, err := state.New(types.EmptyRootHash, state.NewDatabaseForTesting())
	if err != nil {
		return nil, err
	}
	c := runtime.Config{ChainConfig: mainNet(), BlockNumber: big.NewInt(1), State: db}
	return &Machine{c, c.ChainConfig.Rules(c.BlockNumber, true, c.Time), db}, nil
}

// Install puts code at a new address, as if a constructor had returned it.
func (m *Machine) Install(code []byte) common.Address {
	at := common.BigToAddress(new(big.Int).SetUint64(m.state.GetNonce(common.Address{}) + 1<<32))
	m.state.SetNonce(common.Address{}, m.state.GetNonce(common.Address{})+1, tracing.NonceChangeUnspecified)
	m.state.CreateAccount(at)
	m.state.SetNonce(at, 1, tracing.NonceChangeUnspecified)
	m.state.SetCode(at, bytes.Clone(code), tracing.CodeChangeUnspecified)
	m.state.Finalise(m.rules)
	return at
}

// Call runs the code at an address on calldata with the given gas, and returns its
// answer and the gas used. The error is a *RevertError if the code reverted.
func (m *Machine) Call(to common.Address, data []byte, gas uint64) ([]byte, uint64, error) {
	config := m.config
	config.GasLimit = gas
	answer, left, err := runtime.Call(to, data, &config)
	m.state.Finalise(m.rules)
	if errors.Is(err, vm.ErrExecutionReverted) {
		err = &RevertError{answer}
	}
	return answer, gas - left, err
}
