package prover

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/kzg"
	"github.com/consensys/gnark/backend"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"
	"github.com/consensys/gnark/backend/solidity"
	"github.com/consensys/gnark/backend/witness"
	cs "github.com/consensys/gnark/constraint/bn254"
	"github.com/consensys/gnark/frontend"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/signature"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// ProveOptions are a proof's own.
type ProveOptions struct {
	Options
	// InputSalt and OutputSalt, below r, open the commitments to a private input
	// and a hidden output. Where nil, they are drawn afresh. A salt must have at
	// least 128 bits of entropy, and must not be used for another input.
	InputSalt, OutputSalt *big.Int
	// InputCommitment, where not nil, is what the input and InputSalt must commit
	// to: another input is refused, whose proof would be about something else.
	InputCommitment *big.Int
	// Signature is the signer's word for the input, where the model was compiled to
	// ask for one. Only its key is shown.
	Signature *circuits.Signature
	// Context, below r, binds the proof to one use, where the model was compiled
	// with one.
	Context *big.Int
}

// Result is a proof and what belongs to it.
type Result struct {
	Proof *verifier.Proof
	// Secrets open the proof's commitments. They are for the prover's own file.
	Secrets verifier.Secrets
	// Output is the integer model's output, as the layout's tensor has it.
	Output []int64
	// Seconds is the time from reading the bundle to the checked proof.
	Seconds float64
}

// Prove runs a bundle's integer model on an input, flattened row-major, and
// proves its output. The proof was verified when it is returned.
//
// An element outside the input's format is an error that names its position. ctx
// is looked at between the steps; the longest, proving itself, is not cut short.
func Prove(ctx context.Context, b *artifact.Bundle, input []int64, o ProveOptions) (*Result, error) {
	begin := time.Now()
	if err := o.check(b.Manifest.Layout); err != nil {
		return nil, err
	}
	claim, full, res, err := assign(ctx, b, input, &o)
	if err != nil {
		return nil, err
	}
	key, err := b.Key()
	if err != nil {
		return nil, err
	}
	proof, err := prove(ctx, b, key, full, &o)
	if err != nil {
		return nil, err
	}
	if res.Proof, err = verifier.NewProof(key, proof, claim); err != nil {
		return nil, err
	}
	if err := o.next(ctx, "verify"); err != nil {
		return nil, err
	}
	if _, err := verifier.Verify(key, res.Proof); err != nil {
		return nil, fmt.Errorf("the proof that was just made does not verify (%w): try again, and report it if it stays", err)
	}
	res.Seconds = time.Since(begin).Seconds()
	return res, nil
}

// check holds the options against the layout.
func (o *ProveOptions) check(l visibility.Layout) error {
	for _, x := range []struct {
		name   string
		value  *big.Int
		wanted bool
		remedy string
	}{
		{"input salt", o.InputSalt, l.Private.Input, "the bundle's input is public"},
		{"output salt", o.OutputSalt, l.Reveal == visibility.Commitment, "the bundle reveals its output"},
		{"context", o.Context, l.Context, "the model was compiled without --context"},
	} {
		if x.value == nil {
			continue
		}
		if !x.wanted {
			return fmt.Errorf("an %s is given, but %s", x.name, x.remedy)
		}
		if x.value.Sign() < 0 || x.value.Cmp(fr.Modulus()) >= 0 {
			return fmt.Errorf("the %s is not below the field's size r: drop its highest 3 bits", x.name)
		}
	}
	switch signed := l.SignedBy != ""; {
	case l.Context && o.Context == nil:
		return errors.New("the model was compiled with --context: give one with --context HEX")
	case signed && o.Signature == nil:
		return errors.New("the model was compiled with --input-signed-by: give the signer's word with --signature FILE")
	case !signed && o.Signature != nil:
		return errors.New("a signature is given, but the model was compiled without --input-signed-by")
	}
	return nil
}

// assign runs the integer model and makes the claim, the full witness and the
// salts. The program is not kept.
func assign(ctx context.Context, b *artifact.Bundle, input []int64, o *ProveOptions) (visibility.Claim, witness.Witness, *Result, error) {
	fail := func(err error) (visibility.Claim, witness.Witness, *Result, error) {
		return visibility.Claim{}, nil, nil, err
	}
	layout := b.Manifest.Layout
	if err := o.next(ctx, "run the integer model"); err != nil {
		return fail(err)
	}
	if err := o.checkInput(layout, input); err != nil {
		return fail(err)
	}
	program, err := b.Program()
	if err != nil {
		return fail(err)
	}
	s := &circuits.Statement{Layout: layout, Model: program, Digit: b.Manifest.Digit}
	if layout.Hashed() {
		if s.Salt, err = b.Salt(); err != nil {
			return fail(err)
		}
	}
	if p := program.Size(0) * layout.Items(); p != len(input) {
		return fail(fmt.Errorf("bundle %s: the program takes %d elements, the layout %d: compile the model again", b.Dir, p, len(input)))
	}
	res := &Result{Output: program.Eval(input)}
	salts, err := o.salts(layout)
	if err != nil {
		return fail(err)
	}
	claim, err := s.Claim(input, res.Output, salts, o.Context)
	if err != nil {
		return fail(err)
	}
	res.Secrets = secrets(layout, salts, claim)
	if o.InputCommitment != nil && claim.InputCommitment.Cmp(o.InputCommitment) != 0 {
		return fail(errors.New("the input is not the one that was committed to: prove the same file, or commit to this one"))
	}
	assignment, err := s.Assign(claim, input, salts)
	if err != nil {
		return fail(err)
	}
	full, err := frontend.NewWitness(assignment, ecc.BN254.ScalarField())
	if err != nil {
		return fail(errors.New("the assignment does not fit the circuit: compile the model again with this version of zkml"))
	}
	return claim, full, res, nil
}

// checkInput requires that the input fits its format, and that the signature, if
// one is asked for, is of it.
func (o *ProveOptions) checkInput(l visibility.Layout, input []int64) error {
	message, err := circuits.Message(l.Input, input)
	if err != nil || l.SignedBy == "" {
		return err
	}
	return signature.Check(message, o.Signature)
}

// salts gives the salts that the layout has: the given ones, or fresh ones.
func (o *ProveOptions) salts(l visibility.Layout) (circuits.Secrets, error) {
	s := circuits.Secrets{InputSalt: o.InputSalt, OutputSalt: o.OutputSalt, Signature: o.Signature}
	var err error
	if l.Private.Input && s.InputSalt == nil {
		if s.InputSalt, err = NewInputSalt(); err != nil {
			return s, err
		}
	}
	if l.Reveal == visibility.Commitment && s.OutputSalt == nil {
		s.OutputSalt, err = NewInputSalt()
	}
	return s, err
}

// secrets are what the prover keeps of a proof.
func secrets(l visibility.Layout, salts circuits.Secrets, claim visibility.Claim) verifier.Secrets {
	s := verifier.Secrets{InputSalt: saltBytes(salts.InputSalt), OutputSalt: saltBytes(salts.OutputSalt)}
	if l.Private.Input {
		s.InputCommitment, s.InputFormat = verifier.InWords(l, claim).InputCommitment, l.Input.Format()
	}
	return s
}

func saltBytes(v *big.Int) verifier.Hex {
	if v == nil {
		return nil
	}
	return v.FillBytes(make([]byte, fr.Bytes))
}

// prove loads the proving material and proves. The proving key is the verifying
// key with the SRS in both forms: nothing of the setup is done again.
func prove(ctx context.Context, b *artifact.Bundle, key *verifier.Key, full witness.Witness, o *ProveOptions) (*plonk.Proof, error) {
	if err := o.next(ctx, "load the circuit and the SRS"); err != nil {
		return nil, err
	}
	loaded, err := b.Circuit()
	if err != nil {
		return nil, err
	}
	system := loaded.(*cs.SparseR1CS)
	pair, err := o.pair(Domain(system), &b.Manifest.SRS)
	if err != nil {
		return nil, err
	}
	vk := key.VerifyingKey()
	if vk.Size != Domain(system) || !vk.Kzg.G2[1].Equal(&pair.Canonical.Vk.G2[1]) {
		return nil, fmt.Errorf("bundle %s: its key, circuit and SRS do not belong together: compile the model again", b.Dir)
	}
	pk := &plonk.ProvingKey{
		Kzg:         kzg.ProvingKey{G1: pair.Canonical.Pk.G1[:vk.Size+3]},
		KzgLagrange: kzg.ProvingKey{G1: pair.Lagrange.Pk.G1},
		Vk:          vk,
	}
	if err := o.next(ctx, "prove"); err != nil {
		return nil, err
	}
	proof, err := plonk.Prove(system, pk, full, proverOptions(b.Manifest.Layout)...)
	if err != nil {
		return nil, errors.New("the circuit does not hold for this input, or a hint of it is missing: compile the model again with this version of zkml, and report it if it stays")
	}
	return proof, nil
}

// proverOptions: proofs are for Solidity, and give nothing away where anything is
// private.
func proverOptions(l visibility.Layout) []backend.ProverOption {
	opts := []backend.ProverOption{solidity.WithProverTargetSolidityVerifier(backend.PLONK)}
	if l.Private.Input || l.Private.Model || l.Reveal == visibility.Commitment {
		opts = append(opts, backend.WithStatisticalZeroKnowledge())
	}
	return opts
}
