package chain

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// ProofCall is a call of a contract with a proof.
type ProofCall struct {
	Deployment *Deployment
	To         common.Address
	Method     string
	Data       []byte
	// Known are the ABIs that explain what comes back, the wrapper's first.
	Known []abi.ABI
}

// NewProofCall prepares a call of a method of a deployment with a proof. The
// contract is the one at the address to, or where that is empty, the first of the
// deployment's that has the method.
func NewProofCall(d *Deployment, p *verifier.Proof, to, method string) (*ProofCall, error) {
	c := &ProofCall{Deployment: d, Method: method}
	for i := range d.Contracts {
		parsed, err := d.Contracts[i].Interface()
		if err != nil {
			return nil, err
		}
		c.Known = append(c.Known, parsed)
	}
	var err error
	if c.Data, err = Calldata(d.Layout, p, c.Known[0], method); err != nil {
		return nil, err
	}
	if to != "" {
		c.To, err = ParseAddress(to)
		return c, err
	}
	contract, err := d.Method(method)
	if err != nil {
		return nil, fmt.Errorf("%w; name its contract by address", err)
	}
	c.To = contract.Address
	return c, nil
}

// Try makes the call without a transaction. The error is verifier.ErrRejected if
// the contract refused the proof.
func (c *ProofCall) Try(ctx context.Context, n *Node, from common.Address) error {
	code, err := n.Client.CodeAt(ctx, c.To, nil)
	if err != nil {
		return fmt.Errorf("code: %w", anonymous(err))
	}
	if len(code) == 0 {
		return fmt.Errorf("no contract is at %s on chain %s", c.To, n.ChainID)
	}
	answer, err := n.Call(ctx, from, c.To, c.Data, c.Known...)
	if err != nil {
		return c.Judge(err)
	}
	for _, known := range c.Known {
		if Refused(known, c.Method, answer) {
			return fmt.Errorf("%w: %s answered false", verifier.ErrRejected, c.Method)
		}
	}
	return nil
}

// Judge makes verifier.ErrRejected of a revert that says that the proof does not
// hold, and leaves other errors as they are.
func (c *ProofCall) Judge(err error) error {
	var r *Revert
	if errors.As(err, &r) && solidity.Rejects(r.Name) {
		return fmt.Errorf("%w: %w", verifier.ErrRejected, r)
	}
	return err
}

// Send sends the plan of this call and waits for it.
func (c *ProofCall) Send(ctx context.Context, n *Node, p *Plan, patience time.Duration) (*types.Receipt, error) {
	hash, err := n.Send(ctx, p)
	if err != nil {
		return nil, err
	}
	r, err := n.Wait(ctx, hash, patience)
	if err != nil {
		return nil, err
	}
	if r.Status == types.ReceiptStatusSuccessful {
		return r, nil
	}
	if err := c.Try(ctx, n, n.From()); err != nil {
		return nil, fmt.Errorf("transaction %s: %w", hash, err)
	}
	return nil, fmt.Errorf("transaction %s: %w", hash, &Revert{Text: "in the block it was mined in, and not since; send it again"})
}
