// Package chain owns deploying contracts and sending proofs over JSON-RPC: keys that
// sign, transactions whose price is known before they are sent, answers of contracts
// and their reasons to revert, and the record of deployments. It must not know how
// circuits or proofs are made, nor terminals. The command line imports it.
package chain

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// Address is that of an account or a contract.
type Address = common.Address

// Client is what this package needs of a node. go-ethereum's client and its simulated
// chain implement it.
type Client interface {
	ethereum.BlockNumberReader
	ethereum.ChainIDReader
	ethereum.ChainStateReader
	ethereum.ContractCaller
	ethereum.GasEstimator
	ethereum.GasPricer
	ethereum.GasPricer1559
	ethereum.PendingStateReader
	ethereum.TransactionSender
	HeaderByNumber(ctx context.Context, number *big.Int) (*types.Header, error)
	TransactionReceipt(ctx context.Context, hash common.Hash) (*types.Receipt, error)
}

// Node is a chain as one account sees it. Signer is nil if nothing is to be
// signed. It is not safe for concurrent use.
type Node struct {
	Client  Client
	Signer  Signer
	ChainID *big.Int
	// MaxFee is the most that a transaction may cost, in wei; nil is no limit.
	MaxFee *big.Int
	close  func()
}

// schemes are the URL schemes of nodes.
var schemes = []string{"http", "https", "ws", "wss"}

// checkURL requires a URL with one of the schemes or the path of a socket: a client
// would take a URL without its scheme for a path, and name it in its errors.
func checkURL(rawURL string) error {
	if u, err := url.Parse(rawURL); err == nil && slices.Contains(schemes, u.Scheme) && u.Host != "" {
		return nil
	}
	if info, err := os.Stat(rawURL); err == nil && info.Mode()&fs.ModeSocket != 0 {
		return nil
	}
	return fmt.Errorf("node: its URL is wrong: it must begin with %s://, or be the path of an existing socket",
		strings.Join(schemes, "://, "))
}

// Dial connects to a node by the URL of its JSON-RPC: http, https, ws, wss, or a
// path of a socket. The URL may hold a secret, and no error repeats it.
func Dial(ctx context.Context, rawURL string) (*Node, error) {
	if err := checkURL(rawURL); err != nil {
		return nil, err
	}
	c, err := dial(ctx, rawURL)
	if err != nil {
		return nil, fmt.Errorf("node: %w", anonymous(err))
	}
	n, err := NewNode(ctx, c)
	if err != nil {
		c.Close()
		return nil, err
	}
	n.close = c.Close
	return n, nil
}

// NewNode makes a node from a connected client.
func NewNode(ctx context.Context, c Client) (*Node, error) {
	id, err := c.ChainID(ctx)
	if err != nil {
		return nil, fmt.Errorf("node: its chain ID cannot be read: %w", anonymous(err))
	}
	if id.Sign() <= 0 {
		return nil, fmt.Errorf("node: it returns the chain ID %s, but chain IDs are positive; "+
			"use another node", id)
	}
	return &Node{Client: c, ChainID: id, close: func() {}}, nil
}

// Close ends the connection and closes the signer.
func (n *Node) Close() error {
	n.close()
	if n.Signer == nil {
		return nil
	}
	return n.Signer.Close()
}

// From returns the account that signs, or the zero address if there is no signer.
func (n *Node) From() common.Address {
	if n.Signer == nil {
		return common.Address{}
	}
	return n.Signer.Address()
}

// ParseAddress reads 0x and 40 hex digits. An address in mixed case carries a
// checksum, which must be right.
func ParseAddress(text string) (common.Address, error) {
	if !common.IsHexAddress(text) || len(text) != 42 {
		return common.Address{}, errors.New("an address is 0x and 40 hex digits")
	}
	address := common.HexToAddress(text)
	if lower, upper := cases(text[2:]); lower && upper && address.Hex() != text {
		return common.Address{}, fmt.Errorf("%s: the checksum in the address's capitals is wrong; copy it again", text)
	}
	return address, nil
}

// cases reports whether a text has lower-case and upper-case letters.
func cases(text string) (lower, upper bool) {
	for _, c := range text {
		lower = lower || 'a' <= c && c <= 'f'
		upper = upper || 'A' <= c && c <= 'F'
	}
	return lower, upper
}
