package chain

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/zkml-go/zkml/chain/calldata"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// ProofCall is a call of a contract with a proof.
type ProofCall struct {
	Deployment *Deployment
	To         common.Address
	Method     calldata.Method
	// Arguments are the method's.
	Arguments []verifier.Argument
	Data      []byte
	// Known are the ABIs that decode the answer: the caller's own first, and then those
	// of the deployment, whose first is the wrapper's.
	Known   []abi.ABI
	wrapper abi.ABI
	// own tells that the contract must be the model's wrapper.
	own bool
	// verify is the calldata of the wrapper's verify for the same proof.
	verify []byte
}

// CallOptions say which method of which contract is called, and with what beside a proof.
type CallOptions struct {
	// To is the contract's address; without one it is the first contract of the
	// deployment that has the method.
	To string
	// Method is the method's name or signature. It may be empty for a contract of which
	// only one method takes a proof.
	Method string
	// Interface is the contract's ABI, if it is none of the deployment's, and Exact the
	// method itself, if it has no ABI.
	Interface *calldata.Interface
	Exact     *calldata.Method
	// Given are arguments that the proof does not have.
	Given []calldata.Given
}

// NewProofCall prepares a call of a method with a proof. The error is verifier.ErrRejected
// if the public inputs do not fit the deployment's layout.
func NewProofCall(d *Deployment, p *verifier.Proof, o CallOptions) (*ProofCall, error) {
	c := &ProofCall{Deployment: d}
	offered, err := solidity.Arguments(d.Layout, p)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", verifier.ErrRejected, err)
	}
	if o.Interface != nil {
		c.Known = append(c.Known, *o.Interface)
	}
	for i := range d.Contracts {
		parsed, err := d.Contracts[i].Interface()
		if err != nil {
			return nil, err
		}
		if c.Known = append(c.Known, parsed); i == 0 {
			c.wrapper = parsed
		}
	}
	if c.verify, err = Calldata(d.Layout, p, c.wrapper, string(solidity.MethodVerify)); err != nil {
		return nil, err
	}
	contract, err := c.find(o, offered)
	if err != nil {
		return nil, err
	}
	call, err := calldata.New(c.Method, offered, o.Given)
	if err != nil {
		return nil, err
	}
	c.Data, c.Arguments = call.Data, call.Arguments
	if c.To = contract.Address; o.To != "" {
		if c.To, err = ParseAddress(o.To); err != nil {
			return nil, err
		}
	}
	w, named := c.wrapper.Methods[c.Method.RawName]
	c.own = named && w.Sig == c.Method.Sig && (o.Interface == nil || c.To == d.Contracts[0].Address)
	if c.own {
		c.Method = w // a signature, or an ABI that is not the wrapper's, may not say that it answers
	}
	return c, nil
}

// find decides on the method, and on the contract of the deployment that has it where no
// address is given. A contract at an address that nothing is known of has a method that
// takes what the wrapper's calls take.
func (c *ProofCall) find(o CallOptions, offered []verifier.Argument) (contract *Contract, err error) {
	if o.To == "" && (o.Interface != nil || o.Exact != nil) {
		return nil, errors.New("a contract of your own is called at an address: give it")
	}
	contract = &Contract{}
	switch {
	case o.Exact != nil:
		c.Method = *o.Exact
	case o.Interface != nil:
		c.Method, err = calldata.Find(*o.Interface, o.Method)
	default:
		if contract, err = c.Deployment.Method(o.Method); err == nil {
			var parsed abi.ABI
			if parsed, err = contract.Interface(); err == nil {
				c.Method, err = calldata.Find(parsed, o.Method)
			}
			break
		}
		if o.To == "" {
			return nil, fmt.Errorf("%w; name its contract by address", err)
		}
		contract = &Contract{}
		c.Method, err = calldata.Like(o.Method, offered)
	}
	return contract, err
}

// Try makes the call without a transaction. The error is verifier.ErrRejected if
// the contract refused the proof, a *Revert if it reverted for a reason of its own, and
// ErrOtherContract if the method is the wrapper's but the contract is not. Contracts may
// ignore a proof, or lie, also about their key: whatever is called that is not a method of
// the recorded wrapper, that must accept the proof too. If none is recorded, the caller has
// verified the proof.
func (c *ProofCall) Try(ctx context.Context, n *Node, from common.Address) error {
	code, err := n.Client.CodeAt(ctx, c.To, nil)
	if err != nil {
		return fmt.Errorf("code: %w", anonymous(err))
	}
	if len(code) == 0 {
		return c.Deployment.at(c.To).absent(n.ChainID)
	}
	if c.own {
		if err := n.CheckKey(ctx, c.wrapper, c.To, c.Deployment.VKSHA256); err != nil {
			return err
		}
	}
	recorded := c.Deployment.Contracts[0].Address
	err = c.ask(ctx, n, from, c.To, c.Method, c.Data)
	// The arguments of the caller's may stand in place of the proof's.
	asked := c.own && c.To == recorded && bytes.Equal(c.Data[4:], c.verify[4:])
	if err != nil || asked || c.Deployment.Unrecorded() {
		return err
	}
	return c.ask(ctx, n, from, recorded, c.wrapper.Methods[string(solidity.MethodVerify)], c.verify)
}

// Gas is the node's estimate of what a transaction with this call would use. Errors are
// those of Try.
func (c *ProofCall) Gas(ctx context.Context, n *Node, from common.Address) (uint64, error) {
	gas, err := n.estimate(ctx, from, &c.To, c.Data, c.Known)
	return gas, c.Judge(err)
}

// ask makes a call and reads the verdict. A method that gives one bool must give it.
func (c *ProofCall) ask(
	ctx context.Context, n *Node, from, to common.Address, method calldata.Method, data []byte,
) error {
	answer, err := n.Call(ctx, from, to, data, c.Known...)
	if err != nil {
		return c.Judge(err)
	}
	if !decides(method) || bytes.Equal(answer, yes[:]) {
		return nil
	}
	if bytes.Equal(answer, no[:]) {
		return fmt.Errorf("%w: %s answered false", verifier.ErrRejected, method.RawName)
	}
	return fmt.Errorf("%s of %s answered %d bytes that are neither true nor false; is it the model's contract?",
		method.RawName, to, len(answer))
}

// yes and no are how contracts write true and false.
var yes, no = common.Hash{31: 1}, common.Hash{}

// decides reports whether a method's answer is one bool.
func decides(m calldata.Method) bool {
	return len(m.Outputs) == 1 && m.Outputs[0].Type.T == abi.BoolTy
}

// Judge turns a revert that says that the proof does not hold into
// verifier.ErrRejected, and returns other errors unchanged.
func (c *ProofCall) Judge(err error) error {
	var r *Revert
	if errors.As(err, &r) && solidity.Rejects(r.Name) {
		return fmt.Errorf("%w: %w", verifier.ErrRejected, r)
	}
	return err
}

// Send sends the plan of this call and waits for it.
func (c *ProofCall) Send(ctx context.Context, n *Node, p *Plan, patience time.Duration) (*types.Receipt, error) {
	tx, err := n.Sign(ctx, p)
	if err != nil {
		return nil, err
	}
	r, err := n.Send(ctx, tx, patience)
	if err != nil {
		return nil, err
	}
	if r.Status == types.ReceiptStatusSuccessful {
		return r, nil
	}
	if err := c.Try(ctx, n, n.From()); err != nil {
		return nil, fmt.Errorf("transaction %s: %w", tx.Hash(), err)
	}
	once := &Revert{Text: "in the block it was mined in, and not since; send it again"}
	return nil, fmt.Errorf("transaction %s: %w", tx.Hash(), once)
}
