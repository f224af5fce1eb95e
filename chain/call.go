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

	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// ProofCall is a call of a contract with a proof.
type ProofCall struct {
	Deployment *Deployment
	To         common.Address
	Method     string
	Data       []byte
	// Known are the ABIs that decode the answer, the wrapper's first.
	Known []abi.ABI
	// verify is the calldata of the wrapper's verify for the same proof.
	verify []byte
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
	if c.verify, err = Calldata(d.Layout, p, c.Known[0], string(solidity.MethodVerify)); err != nil {
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
// the contract refused the proof, and ErrOtherContract if the method is the wrapper's
// but the contract is not. Contracts may ignore a proof, or lie: for a method that is
// not the wrapper's, the recorded wrapper must accept the proof too.
func (c *ProofCall) Try(ctx context.Context, n *Node, from common.Address) error {
	code, err := n.Client.CodeAt(ctx, c.To, nil)
	if err != nil {
		return fmt.Errorf("code: %w", anonymous(err))
	}
	if len(code) == 0 {
		return c.Deployment.at(c.To).absent(n.ChainID)
	}
	_, own := c.Known[0].Methods[c.Method]
	if own {
		if err := n.CheckKey(ctx, c.Known[0], c.To, c.Deployment.VKSHA256); err != nil {
			return err
		}
	}
	if err := c.ask(ctx, n, from, c.To, c.Method, c.Data); err != nil || own {
		return err
	}
	return c.ask(ctx, n, from, c.Deployment.Contracts[0].Address, string(solidity.MethodVerify), c.verify)
}

// ask makes a call and reads the verdict. A method that gives one bool, by a known
// ABI, must give it.
func (c *ProofCall) ask(ctx context.Context, n *Node, from, to common.Address, method string, data []byte) error {
	answer, err := n.Call(ctx, from, to, data, c.Known...)
	if err != nil {
		return c.Judge(err)
	}
	if !c.decides(method) || bytes.Equal(answer, yes[:]) {
		return nil
	}
	if bytes.Equal(answer, no[:]) {
		return fmt.Errorf("%w: %s answered false", verifier.ErrRejected, method)
	}
	return fmt.Errorf("%s of %s answered %d bytes that are neither true nor false; is it the model's contract?",
		method, to, len(answer))
}

// yes and no are how contracts write true and false.
var yes, no = common.Hash{31: 1}, common.Hash{}

// decides tells whether a known ABI has the method with one bool as its answer.
func (c *ProofCall) decides(method string) bool {
	for _, known := range c.Known {
		if m, ok := known.Methods[method]; ok && len(m.Outputs) == 1 && m.Outputs[0].Type.T == abi.BoolTy {
			return true
		}
	}
	return false
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
