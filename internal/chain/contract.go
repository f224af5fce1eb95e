package chain

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/zkml-go/zkml/internal/solc"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

// Create sends a plan that creates a contract and waits for it.
func (n *Node) Create(ctx context.Context, p *Plan, name string, a solc.Artifact, patience time.Duration) (*Contract, error) {
	hash, err := n.Send(ctx, p)
	if err != nil {
		return nil, err
	}
	r, err := n.Wait(ctx, hash, patience)
	if err != nil {
		return nil, err
	}
	if r.Status != types.ReceiptStatusSuccessful {
		return nil, fmt.Errorf("transaction %s: %w", hash, &Revert{Text: fmt.Sprintf("the constructor failed after %d gas", r.GasUsed)})
	}
	return &Contract{
		Name: name, Address: r.ContractAddress, Transaction: hash,
		Block: r.BlockNumber, GasUsed: r.GasUsed, ABI: a.Interface,
	}, nil
}

// ErrOtherContract tells that what stands at an address is not the wrapper of the
// key.
var ErrOtherContract = errors.New("another contract")

// CheckKey asks the contract at an address for its key's digest, and requires that
// it is the one given. The error is ErrOtherContract if it is another, or none.
func (n *Node) CheckKey(ctx context.Context, wrapper *Contract, vkSHA256 string) error {
	parsed, err := wrapper.Interface()
	if err != nil {
		return err
	}
	raw, err := n.ask(ctx, parsed, wrapper.Address, "VK_SHA256")
	if err != nil {
		return fmt.Errorf("%w than the model's wrapper is at %s: %w", ErrOtherContract, wrapper.Address, err)
	}
	if got := hex.EncodeToString(raw); got != vkSHA256 {
		return fmt.Errorf("%w than the model's wrapper is at %s: its key is %.16s, the model's is %.16s", ErrOtherContract, wrapper.Address, got, vkSHA256)
	}
	return nil
}

// Verifier asks a wrapper for gnark's verifier.
func (n *Node) Verifier(ctx context.Context, wrapper *Contract) (common.Address, error) {
	parsed, err := wrapper.Interface()
	if err != nil {
		return common.Address{}, err
	}
	raw, err := n.ask(ctx, parsed, wrapper.Address, "verifier")
	return common.BytesToAddress(raw), err
}

// ask calls a method without arguments whose answer is one word.
func (n *Node) ask(ctx context.Context, parsed abi.ABI, at common.Address, method string) ([]byte, error) {
	data, err := parsed.Pack(method)
	if err != nil {
		return nil, err
	}
	raw, err := n.Call(ctx, n.From(), at, data, parsed)
	if err == nil && len(raw) != 32 {
		err = fmt.Errorf("%d bytes in answer to %s, one word was expected", len(raw), method)
	}
	return raw, err
}

// Calldata calls a method with a proof: any method that takes what the wrapper's
// verify takes, in the same order. The error is verifier.ErrRejected if the public
// inputs do not fit the layout.
func Calldata(layout visibility.Layout, p *verifier.Proof, wrapper abi.ABI, method string) ([]byte, error) {
	data, err := solidity.Calldata(layout, p, solidity.MethodVerify)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", verifier.ErrRejected, err)
	}
	like, ok := wrapper.Methods[string(solidity.MethodVerify)]
	if !ok || !bytes.HasPrefix(data, like.ID) {
		return nil, fmt.Errorf("calldata: the recorded wrapper has no %s for this layout; deploy it again", solidity.MethodVerify)
	}
	named := abi.NewMethod(method, method, abi.Function, "", false, false, like.Inputs, nil)
	return append(bytes.Clone(named.ID), data[len(like.ID):]...), nil
}

// Refused tells whether a method's answer is a single false: the word of a wrapper
// that checked a proof and found it wanting.
func Refused(contract abi.ABI, method string, answer []byte) bool {
	m, ok := contract.Methods[method]
	if !ok || len(m.Outputs) != 1 || m.Outputs[0].Type.T != abi.BoolTy {
		return false
	}
	return len(answer) == 32 && common.BytesToHash(answer) == common.Hash{}
}
