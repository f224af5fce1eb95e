package chain

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/zkml-go/zkml/chain/solc"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

// Creation is a signed creation of a contract. Contract describes the contract and its
// future address, and is unconfirmed until Create is done.
type Creation struct {
	Contract Contract
	build    *Build
	signed   *types.Transaction
}

// SignCreation signs a plan that creates a contract, and sends nothing. The addresses of the
// contract and of what its constructor creates follow from the account and its nonce: they
// are not taken from the node.
func (n *Node) SignCreation(ctx context.Context, p *Plan, b *Build) (*Creation, error) {
	tx, err := n.Sign(ctx, p)
	if err != nil {
		return nil, err
	}
	at := crypto.CreateAddress(n.From(), tx.Nonce())
	compiled, err := newCompiled(b.Artifact, b.arguments)
	if err != nil {
		return nil, err
	}
	c := Contract{
		Name: b.Name, Address: at, Transaction: tx.Hash(), ABI: b.Artifact.Interface, Unconfirmed: true,
		Compiled: compiled,
	}
	for i, p := range b.parts {
		// The nonce of a contract that is being created begins at 1.
		p.Part.Address = crypto.CreateAddress(at, uint64(i)+1)
		c.Creates = append(c.Creates, p.Part)
	}
	return &Creation{Contract: c, build: b, signed: tx}, nil
}

// Create sends a creation, waits for it, and checks that the compiled code is at the
// right address. The error is ErrOtherContract if the node shows something else.
func (n *Node) Create(ctx context.Context, c *Creation, patience time.Duration) error {
	r, err := n.Send(ctx, c.signed, patience)
	if err != nil {
		return err
	}
	made := &c.Contract
	if r.Status != types.ReceiptStatusSuccessful {
		failed := &Revert{Text: fmt.Sprintf("the constructor failed after %d gas", r.GasUsed)}
		return fmt.Errorf("transaction %s: %w", made.Transaction, failed)
	}
	if r.ContractAddress != made.Address {
		return fmt.Errorf("transaction %s: %w is at %s, which the node takes for the one created at %s; "+
			"ask another node",
			made.Transaction, ErrOtherContract, r.ContractAddress, made.Address)
	}
	err = eventually(ctx, patience, func() error { return n.checkBuild(ctx, made, c.build) })
	if err != nil {
		return fmt.Errorf("transaction %s: %w", made.Transaction, err)
	}
	made.Block, made.GasUsed, made.Unconfirmed = r.BlockNumber, r.GasUsed, false
	return nil
}

// ErrOtherContract says that the contract at an address is not the expected one.
var ErrOtherContract = errors.New("another contract")

// checkBuild requires that a contract, and what its constructor creates, is there.
func (n *Node) checkBuild(ctx context.Context, made *Contract, b *Build) error {
	err := n.checkCode(ctx, made.Address, b.Artifact)
	for i := 0; err == nil && i < len(b.parts); i++ {
		err = n.checkPart(ctx, made.Creates[i], b.parts[i])
	}
	return err
}

// checkPart is checkCode for what a constructor creates.
func (n *Node) checkPart(ctx context.Context, at Part, p part) error {
	if p.data == nil {
		return n.checkCode(ctx, at.Address, p.artifact)
	}
	code, err := n.Client.CodeAt(ctx, at.Address, nil)
	if err != nil {
		return fmt.Errorf("code: %w", anonymous(err))
	}
	if !bytes.Equal(code, p.data) {
		return fmt.Errorf("%w than %s, which the constructor creates, is at %s", ErrOtherContract, at.Name, at.Address)
	}
	return nil
}

// checkCode requires that a compiled contract is at an address.
func (n *Node) checkCode(ctx context.Context, at common.Address, a solc.Artifact) error {
	code, err := n.Client.CodeAt(ctx, at, nil)
	if err != nil {
		return fmt.Errorf("code: %w", anonymous(err))
	}
	if !a.Is(code) {
		return fmt.Errorf("%w than the one that was compiled is at %s: %d bytes of code, %d were expected of solc %s; "+
			"another version of the compiler gives other code",
			ErrOtherContract, at, len(code), len(a.Runtime), a.Origin.Compiler)
	}
	return nil
}

// ConfirmWrapper asks a wrapper that was just created for its key, which must be the
// one given, and for gnark's verifier. Errors are as for CheckKey.
func (n *Node) ConfirmWrapper(
	ctx context.Context, wrapper *Contract, vkSHA256 string, patience time.Duration,
) (at common.Address, err error) {
	parsed, err := wrapper.Interface()
	if err != nil {
		return at, err
	}
	err = eventually(ctx, patience, func() error {
		if err := n.CheckKey(ctx, parsed, wrapper.Address, vkSHA256); err != nil {
			return err
		}
		raw, err := n.ask(ctx, parsed, wrapper.Address, "verifier")
		at = common.BytesToAddress(raw)
		return err
	})
	return at, err
}

// Deployed returns the newest recorded deployment of a key whose wrapper answers with the
// key. It ignores a deployment that was never confirmed and does not answer with the key;
// the error is ErrPending if there is no other. Other errors are as for CheckKey.
func (n *Node) Deployed(ctx context.Context, r *Record, vkSHA256 string) (*Deployment, error) {
	list, err := r.Of(vkSHA256)
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		wrapper := &d.Contracts[0]
		parsed, err := wrapper.Interface()
		if err != nil {
			return nil, err
		}
		err = n.CheckKey(ctx, parsed, wrapper.Address, vkSHA256)
		if !wrapper.Unconfirmed || !errors.Is(err, ErrOtherContract) {
			return d, err
		}
	}
	return nil, list[0].Contracts[0].absent(n.ChainID)
}

// absent is the error for a contract that is recorded but not on its chain.
func (c *Contract) absent(chainID *big.Int) error {
	if c.Unconfirmed {
		return fmt.Errorf("%s is %w, or never will be: transaction %s put nothing at %s on chain %s so far",
			c.Name, ErrPending, c.Transaction, c.Address, chainID)
	}
	return fmt.Errorf("no contract is at %s on chain %s", c.Address, chainID)
}

// CheckKey asks the contract at an address for its key's digest, as wrappers declare
// it, and requires that it is the one given. The error is ErrOtherContract if it is
// another, or none.
func (n *Node) CheckKey(ctx context.Context, wrapper abi.ABI, at common.Address, vkSHA256 string) error {
	raw, err := n.ask(ctx, wrapper, at, "VK_SHA256")
	if err != nil {
		return err
	}
	if got := hex.EncodeToString(raw); got != vkSHA256 {
		return notTheWrapper(at, fmt.Errorf("its key is %.16s, the model's is %.16s", got, vkSHA256))
	}
	return nil
}

// notTheWrapper wraps the reason why a contract is not the model's wrapper.
func notTheWrapper(at common.Address, why error) error {
	return fmt.Errorf("%w than the model's wrapper is at %s: %v", ErrOtherContract, at, why)
}

// ask calls a method of wrappers without arguments, whose answer is one word. The error
// is ErrOtherContract if the answer is something else.
func (n *Node) ask(ctx context.Context, wrapper abi.ABI, at common.Address, method string) ([]byte, error) {
	data, err := wrapper.Pack(method)
	if err != nil {
		return nil, err
	}
	raw, err := n.Call(ctx, n.From(), at, data, wrapper)
	var revert *Revert
	switch {
	case errors.As(err, &revert):
		return nil, notTheWrapper(at, err)
	case err == nil && len(raw) != 32:
		return nil, notTheWrapper(at, fmt.Errorf("%s returned %d bytes, but one word was expected", method, len(raw)))
	}
	return raw, err
}

// Calldata calls a method with a proof: any method with the same arguments as the
// wrapper's verify, in the same order. The error is verifier.ErrRejected if the public
// inputs do not fit the layout.
func Calldata(layout visibility.Layout, p *verifier.Proof, wrapper abi.ABI, method string) ([]byte, error) {
	data, err := solidity.Calldata(layout, p, solidity.MethodVerify)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", verifier.ErrRejected, err)
	}
	like, ok := wrapper.Methods[string(solidity.MethodVerify)]
	if !ok || !bytes.HasPrefix(data, like.ID) {
		return nil, fmt.Errorf("calldata: the recorded wrapper has no %s for this layout; deploy it again",
			solidity.MethodVerify)
	}
	named := abi.NewMethod(method, method, abi.Function, "", false, false, like.Inputs, nil)
	return append(bytes.Clone(named.ID), data[len(like.ID):]...), nil
}
