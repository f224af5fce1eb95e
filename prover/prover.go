// Package prover makes keys and proofs: it compiles a statement, derives its key from
// the SRS, runs the integer model, and proves. It must not know ONNX or float models.
// The library imports it; verifier never does.
//
// An error of this package never shows a private value. gnark's own errors can,
// as they print the wires of a gate that does not hold, and are not passed on.
package prover

import (
	"context"
	"fmt"
	"math/big"
	"math/bits"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark/logger"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/srs"
)

// gnark logs to standard output, which belongs to the answers of commands.
func init() { logger.Disable() }

// Options are what setup and proving have in common.
type Options struct {
	// Store serves the SRS.
	Store *srs.Store
	// UnsafeSRS uses an SRS whose secret everybody knows in its place. Proofs with it
	// prove nothing.
	UnsafeSRS bool
	// SRS, where not nil, names the one from which a key is derived. Otherwise the
	// store chooses.
	SRS *srs.Identity
	// Stage, where not nil, is told the name of each stage when it begins.
	Stage func(name string)
}

// next begins a stage, unless the work was cancelled.
func (o *Options) next(ctx context.Context, stage string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("stopped before: %s: %w", stage, err)
	}
	if o.Stage != nil {
		o.Stage(stage)
	}
	return nil
}

// Entry is the SRS that a domain of the size takes: of the given identity, or where
// that is nil, the store's choice. It does no work on points. The error says that
// there is none here, with the remedy.
func (o *Options) Entry(size uint64, id *srs.Identity) (srs.Entry, error) {
	logN := bits.Len64(size - 1)
	switch {
	case o.UnsafeSRS && (id == nil || id.Unsafe):
		return srs.UnsafeEntry(logN)
	case o.UnsafeSRS:
		return srs.Entry{}, &problem.Error{
			Code: problem.Ceremony, Option: "${UnsafeSRS}",
			Got:    fmt.Sprintf("the bundle was made with a ceremony's SRS (%s)", id.Source),
			Remedy: "prove without it",
		}
	case o.Store == nil:
		return srs.Entry{}, fmt.Errorf("no SRS for a domain of 2^%d: open a store", logN)
	}
	var options []srs.Option
	if id != nil {
		options = append(options, srs.WithIdentity(*id))
	}
	return o.Store.Choose(logN, options...)
}

// pair loads the SRS of a domain: of the given identity, or where that is nil,
// the store's choice.
func (o *Options) pair(size uint64, id *srs.Identity) (*srs.Pair, error) {
	if _, err := o.Entry(size, id); err != nil {
		return nil, err
	}
	logN := bits.Len64(size - 1)
	switch {
	case o.UnsafeSRS:
		return srs.Unsafe(logN, "")
	case id == nil:
		return o.Store.For(logN)
	}
	return o.Store.For(logN, srs.WithIdentity(*id))
}

// SaltFor draws the salt that a statement's model needs: none for a public one,
// one element for a hashed one, that of NewSalt else.
func SaltFor(s *circuits.Statement) ([]*big.Int, error) { return draw(s.SaltSize()) }

// NewSalt draws the coefficients that hide a private model in its key: a
// uniform nonzero field element for each of the three selectors of every salt
// row.
func NewSalt() ([]*big.Int, error) { return draw(3 * circuits.SaltRows) }

// draw draws uniform nonzero field elements; nil for none.
func draw(n int) ([]*big.Int, error) {
	if n == 0 {
		return nil, nil
	}
	out := make([]*big.Int, n)
	for i := range out {
		var err error
		if out[i], err = NewInputSalt(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// NewInputSalt draws the salt of a commitment to an input or an output: a
// uniform nonzero field element, of 253 bits of entropy.
func NewInputSalt() (*big.Int, error) {
	var e fr.Element
	for e.IsZero() {
		if _, err := e.SetRandom(); err != nil {
			return nil, fmt.Errorf("draw a salt: %w", err)
		}
	}
	return e.BigInt(new(big.Int)), nil
}
