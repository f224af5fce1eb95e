package main

import (
	"context"
	"math/big"
	"path"
	"path/filepath"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/srs"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// desk is where models are compiled and proofs are made.
type desk struct {
	dir   string
	store *srs.Store
}

// model is a compiled network. The lender has the key alone.
type model struct {
	bundle *artifact.Bundle
	key    *verifier.Key
}

// compile compiles an embedded network for a private input, in the format that
// both networks share.
func (d *desk) compile(ctx context.Context, name string) (*model, error) {
	file, err := models.ReadFile(path.Join("models", name+".onnx"))
	if err != nil {
		return nil, err
	}
	g, err := onnx.Decode(file)
	if err != nil {
		return nil, err
	}
	r, err := compiler.Compile(g, compiler.Options{
		Private: visibility.Private{Input: true}, Reveal: visibility.Class, Input: &format,
	})
	if err != nil {
		return nil, err
	}
	setup, err := prover.NewSetup(ctx, r.Statement, prover.Options{Store: d.store})
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(d.dir, name+artifact.Suffix)
	if _, err := artifact.Write(ctx, dir, &artifact.Contents{
		Tool: "example", Program: r.Program, Layout: r.Statement.Layout, Digit: r.Statement.Digit,
		Cost: r.Cost, Circuit: setup.CS, VK: setup.VK, SRS: setup.SRS.Identity, Model: file,
	}); err != nil {
		return nil, err
	}
	b, err := artifact.Open(dir)
	if err != nil {
		return nil, err
	}
	key, err := b.Key()
	return &model{b, key}, err
}

// prove proves the class of an application under a salt. Where commitment is not
// nil, an application that it is not of is refused.
func (d *desk) prove(ctx context.Context, m *model, a application, salt, commitment *big.Int) (*verifier.Proof, error) {
	res, err := prover.Prove(ctx, m.bundle, format.Encode(a.features()), prover.ProveOptions{
		Options: prover.Options{Store: d.store}, InputSalt: salt, InputCommitment: commitment,
	})
	if err != nil {
		return nil, err
	}
	return res.Proof, nil
}
