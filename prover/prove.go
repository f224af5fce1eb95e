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
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/signature"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// ProveOptions are a proof's own.
type ProveOptions struct {
	Options
	// Openings give salts of commitments in place of fresh ones, each of one port of the
	// layout.
	Openings []Opening
	// Signature is the signer's word for the input, where the model was compiled to
	// ask for one. Only its key is shown.
	Signature *circuits.Signature
	// Context, below r, binds the proof to one use, where the model was compiled
	// with one.
	Context *big.Int
}

// Opening is the salt, below r, of the commitment of the port that has the role and
// the name. A salt must have at least 128 bits of entropy, and must not be used for
// other values. Commitment, where not nil, is what the values must commit to: others
// are refused, since the proof would be about something else.
type Opening struct {
	Role       visibility.Role
	Name       string
	Salt       *big.Int
	Commitment *big.Int
}

// Result is a proof and what belongs to it.
type Result struct {
	Proof *verifier.Proof
	// Secrets open the proof's commitments. They are for the prover's own file.
	Secrets verifier.Secrets
	// Outputs are the integer model's outputs, each as the layout's tensor has it.
	Outputs [][]int64
	// Seconds is the time from reading the bundle to the checked proof.
	Seconds float64
}

// Prove runs a bundle's integer model on its inputs, each flattened row-major, in the
// layout's order, and proves its outputs. The proof was verified when it is returned.
//
// An element outside an input's format is an error that names its position. ctx
// is looked at between the steps; the longest, proving itself, is not cut short.
func Prove(ctx context.Context, b *artifact.Bundle, inputs [][]int64, o ProveOptions) (*Result, error) {
	begin := time.Now()
	if err := o.check(b.Manifest.Layout); err != nil {
		return nil, err
	}
	key := b.Key()
	res, system, err := assign(ctx, b, key, inputs, &o)
	if err != nil {
		return nil, err
	}
	proof, err := prove(ctx, b, key, system, res.witness, &o)
	if err != nil {
		return nil, err
	}
	if res.Proof, err = verifier.NewProof(key, proof, res.claim); err != nil {
		return nil, err
	}
	if err := o.next(ctx, "verify"); err != nil {
		return nil, err
	}
	if _, err := verifier.Verify(key, res.Proof); err != nil {
		return nil, fmt.Errorf("bundle %s: the proof that was just made does not verify (%w): its key is not that "+
			"of its program; compile the model again", b.Dir, err)
	}
	res.Seconds = time.Since(begin).Seconds()
	return res.Result, nil
}

// check holds the options against the layout.
func (o *ProveOptions) check(l visibility.Layout) error {
	for i, x := range o.Openings {
		if o.committed(l, x) == nil {
			return fmt.Errorf("the salt of a commitment to %s %s is given, and the bundle's proofs have none", x.Role,
				x.Name)
		}
		if err := belowField("salt of "+x.Name, x.Salt); err != nil {
			return err
		}
		for _, y := range o.Openings[:i] {
			if y.Salt.Cmp(x.Salt) == 0 {
				return fmt.Errorf("one salt is given for %s %s and %s %s: it would show whether their values are "+
					"equal; commit to each with its own",
					y.Role, y.Name, x.Role, x.Name)
			}
		}
	}
	signed, wanted := len(l.Signers()) > 0, l.HasContext()
	switch {
	case !wanted && o.Context != nil:
		return compiledWithout("${Context}")
	case wanted && o.Context == nil:
		return compiledWith("${Context}", "${Context}")
	case signed && o.Signature == nil:
		return compiledWith("${InputSignedBy}", "${Signature}")
	case !signed && o.Signature != nil:
		return compiledWithout("${Signature}")
	case o.Context != nil:
		return belowField("context", o.Context)
	}
	return nil
}

// compiledWithout is the error of an option that a bundle's proofs have no place for.
func compiledWithout(given string) error {
	return &problem.Error{
		Code: problem.Conflict, Option: given, Got: "the model was compiled without",
		Remedy: "compile it again, or leave it out",
	}
}

// compiledWith is the error of a missing option that an option of the compilation
// asks for.
func compiledWith(option, missing string) error {
	return &problem.Error{
		Code: problem.Missing, Option: option, Got: "the model was compiled with it", Remedy: "give " + missing,
	}
}

func belowField(name string, v *big.Int) error {
	if v == nil || v.Sign() < 0 || v.Cmp(fr.Modulus()) >= 0 {
		return fmt.Errorf("the %s is not below the field's size r: drop its highest 3 bits", name)
	}
	return nil
}

// committed is the port that an opening is of; nil without one.
func (o *ProveOptions) committed(l visibility.Layout, x Opening) *visibility.Port {
	for _, p := range l.Commitments() {
		if p.Role == x.Role && p.Name == x.Name {
			return p
		}
	}
	return nil
}

// assigned is what one run of the integer model gives.
type assigned struct {
	claim   visibility.Claim
	witness witness.Witness
	*Result
}

// statement loads what the bundle's proofs prove, and holds it against its key's rows
// before any work on it. The key's SRS is held against what is here before that: a
// bundle cannot ask for a circuit larger than its prover's points.
func (o *ProveOptions) statement(b *artifact.Bundle, key *verifier.Key) (*circuits.Statement, error) {
	rows := key.VerifyingKey().Size
	if _, err := o.Entry(rows, &b.Manifest.SRS); err != nil {
		return nil, err
	}
	if err := CheckRoom(b.Manifest.Layout, rows); err != nil {
		return nil, fmt.Errorf("bundle %s: %w", b.Dir, err)
	}
	s, err := b.Statement()
	if err != nil {
		return nil, err
	}
	if err := CheckSize(s, rows); err != nil {
		return nil, fmt.Errorf("bundle %s: %w: compile the model again", b.Dir, err)
	}
	return s, nil
}

// assign runs the integer model and makes the claim, the full witness, the salts and
// the circuit. The program is not kept.
func assign(
	ctx context.Context, b *artifact.Bundle, key *verifier.Key, inputs [][]int64, o *ProveOptions,
) (*assigned, *cs.SparseR1CS, error) {
	if err := o.next(ctx, "run the integer model"); err != nil {
		return nil, nil, err
	}
	if err := o.checkInputs(b.Manifest.Layout, inputs); err != nil {
		return nil, nil, err
	}
	s, err := o.statement(b, key)
	if err != nil {
		return nil, nil, err
	}
	res, err := o.run(s, inputs)
	if err != nil {
		return nil, nil, err
	}
	if err := o.next(ctx, "compile the circuit"); err != nil {
		return nil, nil, err
	}
	system, err := Compile(s)
	return res, system, err
}

// run runs a statement's model and makes what belongs to its outputs.
func (o *ProveOptions) run(s *circuits.Statement, inputs [][]int64) (*assigned, error) {
	layout, model := s.Layout, s.Model.(*program.Program)
	res := &Result{Outputs: model.Eval(inputs...)}
	known, err := o.secrets(layout)
	if err != nil {
		return nil, err
	}
	claim, err := s.Claim(inputs, res.Outputs, known, o.Context)
	if err != nil {
		return nil, err
	}
	if res.Secrets, err = o.openings(layout, known, claim); err != nil {
		return nil, err
	}
	assignment, err := s.Assign(claim, inputs, known)
	if err != nil {
		return nil, err
	}
	full, err := frontend.NewWitness(assignment, ecc.BN254.ScalarField())
	if err != nil {
		return nil, errors.New("the assignment does not fit the circuit: compile the model again with this version " +
			"of zkml")
	}
	return &assigned{claim, full, res}, nil
}

// checkInputs requires that each input fits its format, and that the signature, if
// one is asked for, is of its input.
func (o *ProveOptions) checkInputs(l visibility.Layout, inputs [][]int64) error {
	ports := l.Inputs()
	if len(inputs) != len(ports) {
		return fmt.Errorf("%d inputs, the model takes %d", len(inputs), len(ports))
	}
	for k, in := range ports {
		if _, err := in.Pack(inputs[k]); err != nil {
			return err
		}
		signer := l.Signer(in.Name)
		if signer == nil {
			continue
		}
		message, err := circuits.Message(in.Tensor, signer.Purpose, inputs[k])
		if err != nil {
			return err
		}
		if err := signature.Check(message, o.Signature); err != nil {
			return fmt.Errorf("input %q: %w", in.Name, err)
		}
	}
	return nil
}

// secrets gives the salts that the layout has, the given ones or fresh ones, and the
// signature.
func (o *ProveOptions) secrets(l visibility.Layout) (circuits.Secrets, error) {
	salt := func(p *visibility.Port) (*big.Int, error) {
		for _, x := range o.Openings {
			if o.committed(l, x) == p {
				return x.Salt, nil
			}
		}
		return NewInputSalt()
	}
	return circuits.NewSecrets(l, salt, func(*visibility.Port) (*circuits.Signature, error) { return o.Signature, nil })
}

// openings are what the prover keeps of a proof. The error is of values that are not
// those that were committed to before.
func (o *ProveOptions) openings(
	l visibility.Layout, known circuits.Secrets, claim visibility.Claim,
) (verifier.Secrets, error) {
	var s verifier.Secrets
	for i := range l.Ports {
		p := &l.Ports[i]
		if !p.Salted() {
			continue
		}
		made := claim[i].Element()
		for _, x := range o.Openings {
			if o.committed(l, x) == p && x.Commitment != nil && x.Commitment.Cmp(made) != 0 {
				return s, fmt.Errorf("%s %s: it is not the one that was committed to: prove the same file, or commit "+
					"to this one", p.Role, printable.Names(verifier.CoveredNames(l, p)))
			}
		}
		commitment, err := verifier.NewWord(made)
		if err != nil {
			return s, err
		}
		s.Openings = append(s.Openings, verifier.Opening{
			Role: p.Role, Names: verifier.CoveredNames(l, p), Salt: known.Salts[i].FillBytes(make([]byte, fr.Bytes)),
			Commitment: commitment, Formats: l.Format(p),
		})
	}
	return s, nil
}

// prove loads the points and proves. The proving key is the verifying key with the SRS
// in both forms: nothing of the setup is done again.
func prove(
	ctx context.Context, b *artifact.Bundle, key *verifier.Key, system *cs.SparseR1CS, full witness.Witness,
	o *ProveOptions,
) (*plonk.Proof, error) {
	if err := o.next(ctx, "load the SRS"); err != nil {
		return nil, err
	}
	pair, err := o.pair(Domain(system), &b.Manifest.SRS)
	if err != nil {
		return nil, err
	}
	vk := key.VerifyingKey()
	if vk.Size != Domain(system) || !vk.Kzg.G2[1].Equal(&pair.Canonical.Vk.G2[1]) {
		return nil, fmt.Errorf("bundle %s: its key, program and SRS do not belong together: compile the model again",
			b.Dir)
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
		return nil, errors.New("the circuit does not hold for this input, or a hint of it is missing: compile the " +
			"model again with this version of zkml, and report it if it stays")
	}
	return proof, nil
}

// proverOptions: proofs are for Solidity, and give nothing away where anything is
// private.
func proverOptions(l visibility.Layout) []backend.ProverOption {
	opts := []backend.ProverOption{solidity.WithProverTargetSolidityVerifier(backend.PLONK)}
	if l.Hides() {
		opts = append(opts, backend.WithStatisticalZeroKnowledge())
	}
	return opts
}
