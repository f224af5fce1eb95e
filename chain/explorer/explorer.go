// Package explorer owns how an explorer gets to know what deployed contracts were compiled
// from: it compiles that itself, compares the code with the chain's, and shows it to
// everybody. Two protocols are spoken, Sourcify's and Etherscan's. It must not know models,
// proofs or terminals. The command line imports it.
package explorer

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/zkml-go/zkml/chain"
)

// Explorer is an explorer that one asks.
type Explorer struct {
	protocol
	// Questions is how many a contract may take, and Pause the time between two of them.
	Questions int
	Pause     time.Duration
}

// Verdict is an explorer's, on sources that it found to be a contract's.
type Verdict struct {
	// Before tells that it knew them before.
	Before bool
	// Match is how well they match, in its own words; it may be empty.
	Match string
}

// ErrRefused says that an explorer does not take the sources for the contract's, or does
// not look at them.
var ErrRefused = errors.New("the explorer refuses it")

// ErrNoVerdict says that an explorer was asked as often as allowed and has not decided.
var ErrNoVerdict = errors.New("the explorer has not decided")

// protocol is how one speaks to an explorer. The errors are of type *busyError where it may
// help to ask once more.
type protocol interface {
	// submit hands in the sources of a contract.
	submit(ctx context.Context, chainID *big.Int, s chain.Source) (answer, error)
	// check asks what became of them.
	check(ctx context.Context, chainID *big.Int, id string) (answer, error)
}

// answer is what an explorer says. id is its name for sources that it has taken; text is its
// reason, or how well they match.
type answer struct {
	state    state
	id, text string
}

type state int

const (
	waiting  state = iota // it has not decided, or not taken them yet
	anew                  // it did not know the contract yet: they have to be handed in again
	taken                 // it has them
	verified              // they match
	before                // it knew them
	refused               // they do not match, or it does not take them
)

// kinds are the protocols by name.
var kinds = map[string]func(*client) (protocol, error){
	"sourcify":             newSourcify,
	"etherscan-compatible": func(c *client) (protocol, error) { return etherscan{c}, nil },
}

// Kinds lists the protocols.
func Kinds() []string { return []string{"sourcify", "etherscan-compatible"} }

// New returns the explorer with a protocol at a URL. The key is the one that an explorer may
// want from whoever asks; no error repeats it.
func New(kind, rawURL, key string) (*Explorer, error) {
	if !slices.Contains(Kinds(), kind) {
		return nil, fmt.Errorf("explorers are of the kinds %s", strings.Join(Kinds(), ", "))
	}
	c, err := newClient(rawURL, key)
	if err != nil {
		return nil, err
	}
	p, err := kinds[kind](c)
	return &Explorer{protocol: p, Questions: 60, Pause: 2 * time.Second}, err
}

// mostBusy is how often in a row an explorer may be too busy.
const mostBusy = 3

// Verify hands in the sources of a contract and waits for the verdict. The errors are
// ErrRefused and ErrNoVerdict, with the explorer's reason, or say what is wrong with the
// explorer.
func (e *Explorer) Verify(ctx context.Context, chainID *big.Int, s chain.Source) (Verdict, error) {
	var a answer
	busy, last := 0, "nothing"
	for n := range e.Questions {
		if n > 0 {
			if err := e.pause(ctx); err != nil {
				return Verdict{}, err
			}
		}
		next, err := e.ask(ctx, chainID, s, a.id)
		var b *busyError
		if errors.As(err, &b) && busy < mostBusy {
			busy, last = busy+1, err.Error()
			continue
		}
		if err != nil {
			return Verdict{}, err
		}
		busy = 0
		switch next.state {
		case verified, before:
			return Verdict{Before: next.state == before, Match: next.text}, nil
		case refused:
			return Verdict{}, fmt.Errorf("%w: %s", ErrRefused, next.text)
		case taken:
			a.id = next.id
		case anew:
			a.id = ""
		}
		if next.text != "" {
			last = next.text
		}
	}
	return Verdict{}, fmt.Errorf("%w after %d questions; it said last: %s", ErrNoVerdict, e.Questions, last)
}

// ask asks what became of sources, or hands them in where they have no name.
func (e *Explorer) ask(ctx context.Context, chainID *big.Int, s chain.Source, id string) (answer, error) {
	if id == "" {
		return e.submit(ctx, chainID, s)
	}
	return e.check(ctx, chainID, id)
}

func (e *Explorer) pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(e.Pause):
		return nil
	}
}
