// Package toy makes keys and proofs of a small circuit with the public inputs of any
// layout. Only tests import it. Its SRS is unsafe: everybody knows the secret. It must
// not know models.
package toy

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark/backend"
	"github.com/consensys/gnark/backend/plonk"
	plonkbn254 "github.com/consensys/gnark/backend/plonk/bn254"
	"github.com/consensys/gnark/backend/solidity"
	"github.com/consensys/gnark/constraint"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/scs"
	"github.com/consensys/gnark/test/unsafekzg"

	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// circuit ties a secret to all public inputs and makes one commitment, if it is
// not plain.
type circuit struct {
	Public []frontend.Variable `gnark:",public"`
	Secret frontend.Variable
	// tag is a constant of the circuit, so that two layouts have two keys.
	tag   *big.Int
	rows  int
	plain bool
}

// Define sets Secret = tag + Σ (i+1)·Public[i], which is 0 for none of the
// inputs that the tests use, and squares it until there are enough rows.
func (c *circuit) Define(api frontend.API) error {
	sum := frontend.Variable(c.tag)
	for i, p := range c.Public {
		sum = api.Add(sum, api.Mul(p, i+1))
	}
	api.AssertIsEqual(c.Secret, sum)
	challenge := c.Secret
	if !c.plain {
		var err error
		if challenge, err = api.Compiler().(frontend.Committer).Commit(c.Secret); err != nil {
			return err
		}
	}
	x := api.Mul(challenge, c.Secret)
	for range c.rows {
		x = api.Add(api.Mul(x, x), 1)
	}
	api.AssertIsDifferent(api.Mul(x, c.Secret), 0)
	return nil
}

// Prover is a compiled toy circuit with its keys.
type Prover struct {
	Key *verifier.Key
	tag *big.Int
	ccs constraint.ConstraintSystem
	pk  plonk.ProvingKey
}

// New compiles the circuit of a layout with at least the given number of rows.
func New(layout visibility.Layout, about verifier.About, rows int) (*Prover, error) {
	return compile(layout, about, &circuit{rows: rows})
}

// NewPlain is New for a circuit that makes no commitment.
func NewPlain(layout visibility.Layout, about verifier.About, rows int) (*Prover, error) {
	return compile(layout, about, &circuit{rows: rows, plain: true})
}

func compile(layout visibility.Layout, about verifier.About, shape *circuit) (*Prover, error) {
	text, err := json.Marshal(layout)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	tag := new(big.Int).SetBytes(sum[:16])
	shape.Public, shape.tag = make([]frontend.Variable, layout.Count()), tag
	ccs, err := frontend.Compile(ecc.BN254.ScalarField(), scs.NewBuilder, shape)
	if err != nil {
		return nil, err
	}
	srs, lagrange, err := unsafekzg.NewSRS(ccs, unsafekzg.WithToxicSeed([]byte("toy")))
	if err != nil {
		return nil, err
	}
	pk, vk, err := plonk.Setup(ccs, srs, lagrange)
	if err != nil {
		return nil, err
	}
	key, err := verifier.NewKey(vk.(*plonkbn254.VerifyingKey), layout, about)
	if err != nil {
		return nil, err
	}
	return &Prover{Key: key, tag: tag, ccs: ccs, pk: pk}, nil
}

// Prove proves a claim. The circuit holds for every one.
func (p *Prover) Prove(claim visibility.Claim) (*verifier.Proof, error) {
	public, err := p.Key.Layout.Public(claim)
	if err != nil {
		return nil, err
	}
	assignment := &circuit{Public: make([]frontend.Variable, len(public))}
	secret := new(big.Int).Set(p.tag)
	for i, v := range public {
		assignment.Public[i] = v
		secret.Add(secret, new(big.Int).Mul(v, big.NewInt(int64(i+1))))
	}
	assignment.Secret = secret
	witness, err := frontend.NewWitness(assignment, ecc.BN254.ScalarField())
	if err != nil {
		return nil, err
	}
	proof, err := plonk.Prove(p.ccs, p.pk, witness, solidity.WithProverTargetSolidityVerifier(backend.PLONK))
	if err != nil {
		return nil, fmt.Errorf("toy: %w", err)
	}
	return verifier.NewProof(p.Key, proof.(*plonkbn254.Proof), claim)
}
