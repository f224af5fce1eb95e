package chain

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// Plan is a transaction that was simulated and priced, but not sent.
type Plan struct {
	// To is nil for a deployment.
	To   *common.Address
	Data []byte
	// Gas is the node's estimate, Limit the most gas that the transaction may use.
	Gas, Limit uint64
	// FeeCap is the most that a unit of gas may cost, and Tip the most of it that
	// goes to the block's producer, in wei.
	FeeCap, Tip *big.Int
	// Balance is the sender's balance, in wei.
	Balance *big.Int
}

// ErrInsufficientFunds says that the sender cannot pay.
var ErrInsufficientFunds = errors.New("the account cannot pay for the transaction")

// ErrFeeCap says that a transaction may cost more than Node.MaxFee.
var ErrFeeCap = errors.New("the transaction may cost more than the limit on fees")

// ErrPending says that a transaction was sent and not mined in time. It may still be
// mined.
var ErrPending = errors.New("not mined yet")

// Most returns the most that the transaction can cost, in wei.
func (p *Plan) Most() *big.Int {
	return new(big.Int).Mul(p.FeeCap, new(big.Int).SetUint64(p.Limit))
}

// headroom is how much more gas than estimated a transaction may use, in percent of the
// estimate: the state may change in between.
const headroom = 10

// Plan simulates a transaction of the signer on the latest state and prices it. The
// error is a *Revert if it would revert, with the names of the errors in known,
// ErrFeeCap, or ErrInsufficientFunds.
func (n *Node) Plan(ctx context.Context, to *common.Address, data []byte, known ...abi.ABI) (*Plan, error) {
	p := &Plan{To: to, Data: data}
	gas, err := n.estimate(ctx, n.From(), to, data, known)
	if err != nil {
		return nil, err
	}
	p.Gas, p.Limit = gas, gas+gas*headroom/100
	if p.Balance, err = n.Client.BalanceAt(ctx, n.From(), nil); err != nil {
		return nil, fmt.Errorf("balance: %w", anonymous(err))
	}
	if err := n.price(ctx, p); err != nil {
		return nil, fmt.Errorf("gas price: %w", anonymous(err))
	}
	if n.MaxFee != nil && p.Most().Cmp(n.MaxFee) > 0 {
		return p, fmt.Errorf("%w: %d gas at the node's price of %s wei may cost %s ETH, and the limit is %s ETH",
			ErrFeeCap, p.Limit, p.FeeCap, Ether(p.Most()), Ether(n.MaxFee))
	}
	if p.Most().Cmp(p.Balance) > 0 {
		return p, fmt.Errorf("%w: it has %s ETH and needs up to %s ETH",
			ErrInsufficientFunds, Ether(p.Balance), Ether(p.Most()))
	}
	return p, nil
}

// estimate asks the node for the gas of a transaction.
func (n *Node) estimate(
	ctx context.Context, from common.Address, to *common.Address, data []byte, known []abi.ABI,
) (uint64, error) {
	gas, err := n.Client.EstimateGas(ctx, ethereum.CallMsg{From: from, To: to, Data: data})
	if err != nil {
		return 0, fmt.Errorf("estimate: %w", reverted(err, known))
	}
	return gas, nil
}

// price sets what a unit of gas may cost: twice the base fee, so that the transaction
// stays valid over some full blocks, plus the tip that the node suggests.
func (n *Node) price(ctx context.Context, p *Plan) error {
	head, err := n.Client.HeaderByNumber(ctx, nil)
	if err != nil {
		return err
	}
	if head.BaseFee == nil || n.Signer.Legacy() {
		p.FeeCap, err = n.Client.SuggestGasPrice(ctx)
		return err
	}
	if p.Tip, err = n.Client.SuggestGasTipCap(ctx); err != nil {
		return err
	}
	p.FeeCap = new(big.Int).Add(p.Tip, new(big.Int).Lsh(head.BaseFee, 1))
	return nil
}

// Sign makes a transaction of a plan, with the account's next nonce.
func (n *Node) Sign(ctx context.Context, p *Plan) (*types.Transaction, error) {
	nonce, err := n.Client.PendingNonceAt(ctx, n.From())
	if err != nil {
		return nil, fmt.Errorf("nonce: %w", anonymous(err))
	}
	tx, err := n.Signer.Sign(types.NewTx(p.transaction(n.ChainID, nonce)), n.ChainID)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return tx, nil
}

// Send sends a signed transaction and waits as Wait does. A node that answers with an
// error may have accepted it nevertheless.
func (n *Node) Send(ctx context.Context, tx *types.Transaction, patience time.Duration) (*types.Receipt, error) {
	if err := n.Client.SendTransaction(ctx, tx); err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("transaction %s may have been sent, and is %w: %w", tx.Hash(), ErrPending, ctx.Err())
		}
		return nil, fmt.Errorf("send transaction %s: %w", tx.Hash(), anonymous(err))
	}
	return n.Wait(ctx, tx.Hash(), patience)
}

// transaction returns a transaction with a tip (EIP-1559), or one of the legacy type.
func (p *Plan) transaction(chainID *big.Int, nonce uint64) types.TxData {
	if p.Tip == nil {
		return &types.LegacyTx{Nonce: nonce, To: p.To, Data: p.Data, Gas: p.Limit, GasPrice: p.FeeCap}
	}
	return &types.DynamicFeeTx{
		ChainID: chainID, Nonce: nonce, To: p.To, Data: p.Data, Gas: p.Limit,
		GasFeeCap: p.FeeCap, GasTipCap: p.Tip,
	}
}

// poll is how often a node is asked for a receipt.
const poll = 250 * time.Millisecond

// Wait waits until a transaction is mined. The error is ErrPending after patience, or
// if ctx is done before. For a transaction that reverted, it returns its receipt and no
// error.
func (n *Node) Wait(ctx context.Context, hash common.Hash, patience time.Duration) (*types.Receipt, error) {
	limit := time.After(patience)
	for {
		r, err := n.Client.TransactionReceipt(ctx, hash)
		if err == nil && r.TxHash != hash {
			return nil, fmt.Errorf("transaction %s was sent, but the node returned the receipt of another one", hash)
		}
		if err == nil {
			return r, nil
		}
		if !errors.Is(err, ethereum.NotFound) && !indexing(err) {
			return nil, fmt.Errorf("transaction %s was sent, and is %w as far as the node tells: %w",
				hash, ErrPending, anonymous(err))
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("transaction %s was sent, and is %w: %w", hash, ErrPending, ctx.Err())
		case <-limit:
			return nil, fmt.Errorf("transaction %s was sent, and is %w after %s", hash, ErrPending, patience)
		case <-time.After(poll):
		}
	}
}

// lag is how long the nodes behind one URL may take to agree on the state.
const lag = 10 * time.Second

// eventually asks again until ask succeeds, for as long as a node may lag, or patience
// if that is less. The error is the last one of ask.
func eventually(ctx context.Context, patience time.Duration, ask func() error) error {
	limit := time.After(min(patience, lag))
	for {
		err := ask()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-limit:
			return err
		case <-time.After(poll):
		}
	}
}

// indexing reports whether the error means that the node has not indexed the block yet.
func indexing(err error) bool { return err.Error() == "transaction indexing is in progress" }

// Ether writes wei in ether, with no more than six decimals.
func Ether(wei *big.Int) string {
	e := new(big.Rat).SetFrac(wei, big.NewInt(1e18))
	f, _ := e.Float64()
	return fmt.Sprintf("%.6g", f)
}

// Wei converts an amount of ether to wei, rounded down. It returns nil for a negative or
// infinite amount and for NaN.
func Wei(ether float64) *big.Int {
	e := new(big.Rat).SetFloat64(ether)
	if e == nil || e.Sign() < 0 {
		return nil
	}
	e.Mul(e, new(big.Rat).SetInt64(1e18))
	return new(big.Int).Quo(e.Num(), e.Denom())
}
