package prover

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/consensys/gnark-crypto/ecc"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"
	"github.com/consensys/gnark/constraint"
	cs "github.com/consensys/gnark/constraint/bn254"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/scs"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/srs"
	"github.com/zkml-go/zkml/visibility"
)

// Setup is a compiled statement with its verifying key.
type Setup struct {
	CS *cs.SparseR1CS
	VK *plonk.VerifyingKey
	// SRS is what the key was derived from.
	SRS *srs.Pair
}

// NewSetup compiles a statement and derives its verifying key. The same
// statement, salt and SRS give the same key; a hashed model's depends on neither
// weights nor salt. A private model must have its salt (SaltFor), a public one
// must not. Where the SRS is too small for the circuit, the error names the
// remedy.
func NewSetup(ctx context.Context, s *circuits.Statement, o Options) (*Setup, error) {
	if err := CheckStatement(s); err != nil {
		return nil, err
	}
	if err := o.next(ctx, "compile the circuit"); err != nil {
		return nil, err
	}
	system, err := Compile(s)
	if err != nil {
		return nil, err
	}
	if err := o.next(ctx, "load the SRS"); err != nil {
		return nil, err
	}
	pair, err := o.pair(Domain(system), o.SRS)
	if err != nil {
		return nil, fmt.Errorf("a circuit of %d rows: %w", system.GetNbConstraints()+len(system.Public), err)
	}
	if err := o.next(ctx, "derive the key"); err != nil {
		return nil, err
	}
	_, vk, err := plonk.Setup(system, *pair.Canonical, *pair.Lagrange)
	if err != nil {
		return nil, fmt.Errorf("derive the key: %w", err)
	}
	return &Setup{CS: system, VK: vk, SRS: pair}, nil
}

// Compile gives the statement's constraint system.
func Compile(s *circuits.Statement) (*cs.SparseR1CS, error) {
	compiled, err := frontend.Compile(ecc.BN254.ScalarField(), scs.NewBuilder, circuits.NewCircuit(s))
	if err != nil {
		return nil, fmt.Errorf("compile the circuit: %w", err)
	}
	return compiled.(*cs.SparseR1CS), nil
}

// Domain is the size of a circuit's evaluation domain: its gates and public
// inputs, padded to a power of two.
func Domain(c constraint.ConstraintSystem) uint64 {
	return ecc.NextPowerOfTwo(uint64(c.GetNbConstraints() + c.GetNbPublicVariables()))
}

// maxDigit bounds the table of digits, 2^maxDigit rows.
const maxDigit = 20

// CheckStatement holds the statement's parts against each other: what NewSetup asks
// before it compiles one.
func CheckStatement(s *circuits.Statement) error {
	switch hidden := s.Layout.Private.Model; {
	case hidden && len(s.Salt) != s.SaltSize():
		return fmt.Errorf("a private model needs a salt of %d elements, this one has %d", s.SaltSize(), len(s.Salt))
	case !hidden && len(s.Salt) > 0:
		return errors.New("a public model has no salt: its key must be the same for everybody")
	case s.Digit < 1 || s.Digit > maxDigit:
		return fmt.Errorf("range checks by digits of %d bits; 1 to %d can be had", s.Digit, maxDigit)
	}
	p, ok := s.Model.(*program.Program)
	if !ok {
		return nil
	}
	if err := checkWeights(p, s.Layout); err != nil {
		return err
	}
	if n := s.Layout.Item().Input.Count(); p.Size(0) != n {
		return fmt.Errorf("the program's input has %d elements, the layout's %d", p.Size(0), n)
	}
	if in := span(s.Layout.Input); in.Lo < p.Input.Lo || in.Hi > p.Input.Hi {
		return fmt.Errorf("the input's format is [%d, %d], the program takes [%d, %d]", in.Lo, in.Hi, p.Input.Lo, p.Input.Hi)
	}
	if err := checkMeaning(p, s.Layout); err != nil {
		return err
	}
	ranges, err := p.Ranges()
	if err != nil {
		return err
	}
	out := span(s.Layout.Output)
	for i, iv := range ranges[p.Output] {
		if iv.Lo < out.Lo || iv.Hi > out.Hi {
			return fmt.Errorf("output %d may be in [%d, %d], its format is [%d, %d]: more bits are needed", i, iv.Lo, iv.Hi, out.Lo, out.Hi)
		}
	}
	return nil
}

// checkWeights tells whether the program's weights are where the layout says: of a
// private model, in the key or in witnesses, and nowhere else.
func checkWeights(p *program.Program, l visibility.Layout) error {
	for _, s := range p.Steps {
		k, ok := s.Kernel.(program.Secretive)
		if !ok {
			continue
		}
		if secret, hashed := k.Holds(); secret && hashed != l.Hashed() {
			return fmt.Errorf("%s: the program's weights and the layout disagree on what binds the model: compile the model again", s.Node)
		}
	}
	return nil
}

// checkMeaning tells whether the layout reads the program's integers as the program
// does: by its scales, and as classes where an argmax makes them.
func checkMeaning(p *program.Program, l visibility.Layout) error {
	for _, t := range []struct {
		name         string
		layout, made float64
	}{{"input", l.Input.Scale, p.Values[0].Scale}, {"output", l.Output.Scale, p.Values[p.Output].Scale}} {
		if t.layout != t.made {
			return fmt.Errorf("the layout gives the %s the scale %g, the program %g", t.name, t.layout, t.made)
		}
	}
	made := slices.ContainsFunc(p.Steps, func(s program.Step) bool {
		_, ok := s.Kernel.(program.Classifier)
		return ok && s.Out == p.Output
	})
	if made != l.Classes {
		return fmt.Errorf("the layout says classes: %t, and that an argmax makes the program's output is %t", l.Classes, made)
	}
	return nil
}

// span is the interval that a format holds.
func span(t visibility.Tensor) program.Interval {
	return program.Interval{Lo: -t.Zero, Hi: 1<<t.Bits - 1 - t.Zero}
}
