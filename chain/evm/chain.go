// Package evm owns the Ethereum chain that tests and the demo run in their own process,
// which mines a block for each transaction, next to the compiler of package solc. It
// must not know proofs or models. Tests and examples may import it; the program zkml
// and its packages must not.
package evm

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/ethclient/simulated"
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/params"
)

// gasLimit is the gas that each transaction and call may use: the most that
// mainnet allows for one transaction.
const gasLimit = params.MaxTxGas

// Chain is an Ethereum chain in memory under mainnet's rules since Osaka. It
// has one funded account, which sends everything. It is not safe for concurrent
// use.
type Chain struct {
	backend *simulated.Backend
	key     *ecdsa.PrivateKey
	sender  common.Address
	signer  types.Signer
}

// Contract is a deployed contract. Gas is the gas that its deployment used.
type Contract struct {
	Address common.Address
	ABI     abi.ABI
	Gas     uint64
}

// Receipt is the receipt of a mined transaction: all gas that it used, including the
// 21,000 and the calldata, and whether it succeeded.
type Receipt struct {
	OK   bool
	Gas  uint64
	Logs []*types.Log
}

// RevertError is a call that the contract reverted, with the data it returned.
type RevertError struct{ Data []byte }

// Error shows the selector of the custom error, or the text of Error(string).
func (e *RevertError) Error() string {
	if reason, err := abi.UnpackRevert(e.Data); err == nil {
		return "reverted: " + reason
	}
	return fmt.Sprintf("reverted with %d bytes %#x", len(e.Data), e.Data[:min(4, len(e.Data))])
}

// Named reports whether the revert is the custom error with this name.
func (e *RevertError) Named(contract abi.ABI, name string) bool {
	custom, ok := contract.Errors[name]
	return ok && bytes.HasPrefix(e.Data, custom.ID[:4])
}

// NewChain starts a chain. The caller must close it.
func NewChain() (*Chain, error) {
	return NewChainOf(params.AllDevChainProtocolChanges.ChainID.Uint64())
}

// NewChainOf is NewChain with a chain ID, which contracts see. The account is the
// same on all chains, and so are the addresses of contracts that it deploys in the
// same order.
func NewChainOf(id uint64) (*Chain, error) {
	key, err := crypto.ToECDSA(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		return nil, err
	}
	sender := crypto.PubkeyToAddress(key.PublicKey)
	rich := new(big.Int).Lsh(big.NewInt(1), 100)
	alloc := types.GenesisAlloc{sender: {Balance: rich}}
	number := new(big.Int).SetUint64(id)
	return &Chain{
		backend: simulated.NewBackend(alloc, osaka(number)),
		key:     key, sender: sender,
		signer: types.LatestSignerForChainID(number),
	}, nil
}

// osaka sets a chain's rules to mainnet's, with another chain ID.
func osaka(id *big.Int) func(*node.Config, *ethconfig.Config) {
	return func(_ *node.Config, conf *ethconfig.Config) {
		conf.Genesis.Config = mainNet()
		conf.Genesis.Config.ChainID = id
	}
}

// mainNet returns mainnet's rules, without the forks that it does not have yet, which
// price gas differently.
func mainNet() *params.ChainConfig {
	rules := *params.AllDevChainProtocolChanges
	rules.AmsterdamTime, rules.BogotaTime = nil, nil
	return &rules
}

// Close stops the chain.
func (c *Chain) Close() error { return c.backend.Close() }

// Sender returns the account that sends everything.
func (c *Chain) Sender() common.Address { return c.sender }

// Deploy creates a contract with its constructor's arguments.
func (c *Chain) Deploy(a Artifact, args ...any) (Contract, error) {
	packed, err := a.ABI.Pack("", args...)
	if err != nil {
		return Contract{}, fmt.Errorf("deploy: %w", err)
	}
	receipt, err := c.transact(nil, append(bytes.Clone(a.Code), packed...))
	if err != nil {
		return Contract{}, fmt.Errorf("deploy: %w", err)
	}
	if receipt.Status != types.ReceiptStatusSuccessful {
		return Contract{}, fmt.Errorf("deploy: the constructor reverted after %d gas", receipt.GasUsed)
	}
	return Contract{Address: receipt.ContractAddress, ABI: a.ABI, Gas: receipt.GasUsed}, nil
}

// Code returns the code at a contract's address.
func (c *Chain) Code(at common.Address) ([]byte, error) {
	return c.backend.Client().CodeAt(context.Background(), at, nil)
}

// Call runs a method without a transaction and returns its results. The error is
// a *RevertError if the contract reverted.
func (c *Chain) Call(to Contract, method string, args ...any) ([]any, error) {
	data, err := to.ABI.Pack(method, args...)
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", method, err)
	}
	raw, err := c.CallRaw(to, data, gasLimit)
	if err != nil {
		return nil, err
	}
	return to.ABI.Unpack(method, raw)
}

// CallRaw runs a contract on any calldata. gas includes the 21,000 and the calldata.
func (c *Chain) CallRaw(to Contract, data []byte, gas uint64) ([]byte, error) {
	raw, err := c.backend.Client().CallContract(context.Background(), ethereum.CallMsg{
		From: c.sender, To: &to.Address, Gas: gas, Data: data,
	}, nil)
	var reverted interface{ ErrorData() any }
	if errors.As(err, &reverted) {
		text, _ := reverted.ErrorData().(string)
		return nil, &RevertError{common.FromHex(text)}
	}
	return raw, err
}

// Send mines a transaction that calls a method. A transaction that reverts is
// not an error: the receipt says so.
func (c *Chain) Send(to Contract, method string, args ...any) (Receipt, error) {
	data, err := to.ABI.Pack(method, args...)
	if err != nil {
		return Receipt{}, fmt.Errorf("send %s: %w", method, err)
	}
	return c.SendRaw(to, data)
}

// SendRaw mines a transaction with any calldata.
func (c *Chain) SendRaw(to Contract, data []byte) (Receipt, error) {
	r, err := c.transact(&to.Address, data)
	if err != nil {
		return Receipt{}, fmt.Errorf("send: %w", err)
	}
	return Receipt{OK: r.Status == types.ReceiptStatusSuccessful, Gas: r.GasUsed, Logs: r.Logs}, nil
}

func (c *Chain) transact(to *common.Address, data []byte) (*types.Receipt, error) {
	ctx, client := context.Background(), c.backend.Client()
	nonce, err := client.PendingNonceAt(ctx, c.sender)
	if err != nil {
		return nil, err
	}
	head, err := client.HeaderByNumber(ctx, nil)
	if err != nil {
		return nil, err
	}
	tip := big.NewInt(params.GWei)
	tx, err := types.SignNewTx(c.key, c.signer, &types.DynamicFeeTx{
		ChainID: c.signer.ChainID(), Nonce: nonce, To: to, Data: data, Gas: gasLimit,
		GasTipCap: tip, GasFeeCap: new(big.Int).Add(tip, new(big.Int).Lsh(head.BaseFee, 1)),
	})
	if err != nil {
		return nil, err
	}
	if err := client.SendTransaction(ctx, tx); err != nil {
		return nil, err
	}
	c.backend.Commit()
	return client.TransactionReceipt(ctx, tx.Hash())
}
