package prover

import (
	"context"
	"errors"
	"fmt"

	"github.com/consensys/gnark-crypto/ecc"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"
	"github.com/consensys/gnark/constraint"
	cs "github.com/consensys/gnark/constraint/bn254"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/scs"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/problem"
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

// Compile gives the statement's constraint system: the same for the same statement.
func Compile(s *circuits.Statement) (*cs.SparseR1CS, error) {
	var compiled constraint.ConstraintSystem
	err := problem.Guard(func() (err error) {
		compiled, err = frontend.Compile(ecc.BN254.ScalarField(), scs.NewBuilder, circuits.NewCircuit(s))
		return err
	})
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

// CheckStatement compares the statement's parts with each other, as NewSetup does before
// it compiles one.
func CheckStatement(s *circuits.Statement) error {
	switch hidden := s.Layout.PrivateModel(); {
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
	return checkPorts(p, s.Layout)
}

// checkPorts compares the program's inputs and outputs with the layout's: their number
// of elements, their meaning, and their ranges.
func checkPorts(p *program.Program, l visibility.Layout) error {
	one := l.Item()
	inputs, outputs := one.Inputs(), one.Outputs()
	if len(inputs) != len(p.Inputs) || len(outputs) != len(p.Outputs) {
		return fmt.Errorf("the program has %d inputs and %d outputs, the layout %d and %d", len(p.Inputs),
			len(p.Outputs), len(inputs), len(outputs))
	}
	for k, in := range inputs {
		if err := checkMeaning(p, in, k); err != nil {
			return err
		}
		for i, iv := range p.InputRange(k) {
			format := span(in.Tensor, i)
			if format.Lo < iv.Lo || format.Hi > iv.Hi {
				return fmt.Errorf("the format of element %d of input %s is [%d, %d], the program takes [%d, %d]", i,
					in.Name, format.Lo, format.Hi, iv.Lo, iv.Hi)
			}
		}
	}
	ranges, err := p.Ranges()
	if err != nil {
		return err
	}
	for k, out := range outputs {
		if err := checkMeaning(p, out, p.Outputs[k]); err != nil {
			return err
		}
		format, highest := span(out.Tensor, 0), int64(-1)
		for i, iv := range ranges[p.Outputs[k]] {
			highest = max(highest, iv.Hi)
			if iv.Lo < format.Lo || iv.Hi > format.Hi {
				return fmt.Errorf("element %d of output %s may be in [%d, %d], its format is [%d, %d]: more bits "+
					"are needed",
					i, out.Name, iv.Lo, iv.Hi, format.Lo, format.Hi)
			}
		}
		classes := highest + 1
		if _, side := makerOf(p, p.Outputs[k]).(*program.Compare); side || out.Threshold != nil {
			classes = 2 // also where one of them is never reached
		}
		if out.ClassCount != 0 && out.ClassCount != classes {
			return fmt.Errorf("the layout gives %s %d classes, the program %d", out.Name, out.ClassCount, classes)
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
			return fmt.Errorf("%s: the program's weights and the layout disagree on what binds the model: compile "+
				"the model again", s.Node)
		}
	}
	return nil
}

// checkMeaning tells whether the layout reads the integers of a value as the program
// does: as many, by its scale, and as classes where an argmax or a threshold makes them. The
// scales of single elements are the layout's alone: a program has one for a whole value.
func checkMeaning(p *program.Program, port *visibility.Port, value int) error {
	if n := port.Count(); p.Size(value) != n {
		return fmt.Errorf("the program has %d elements for %s, the layout %d", p.Size(value), port.Name, n)
	}
	if len(port.Elements) == 0 && port.Scale != p.Values[value].Scale {
		return fmt.Errorf("the layout gives %s the scale %g, the program %g", port.Name, port.Scale,
			p.Values[value].Scale)
	}
	maker := makerOf(p, value)
	_, made := maker.(program.Classifier)
	_, decided := maker.(*program.Splits)
	_, side := maker.(*program.Compare) // a class of two, or a number
	if made != port.Classes && !side {
		return fmt.Errorf("the layout says that %s holds classes: %t, and that an argmax or a threshold makes it is %t",
			port.Name, port.Classes, made)
	}
	if known := port.Threshold != nil; known != decided {
		return fmt.Errorf("the layout gives %s a threshold: %t, and the program: %t", port.Name, known, decided)
	}
	return nil
}

// makerOf is the kernel that makes a value; nil for an input.
func makerOf(p *program.Program, value int) program.Kernel {
	for _, s := range p.Steps {
		if s.Out == value {
			return s.Kernel
		}
	}
	return nil
}

// span is the interval that the format of element i holds.
func span(t visibility.Tensor, i int) program.Interval {
	return program.Interval{Lo: t.LowestOf(i), Hi: t.HighestOf(i)}
}
