package main

import (
	"context"
	"path"
	"path/filepath"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// desk is where models are compiled and proofs are made.
type desk struct{ dir string }

// model is a compiled network. The lender has only the key.
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
	network, err := zkml.DecodeModel(name, file)
	if err != nil {
		return nil, err
	}
	inputs, err := network.InputSpecs(zkml.CompileOptions{})
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(d.dir, name+artifact.Suffix)
	if _, err := zkml.Compile(ctx, network, dir, zkml.CompileOptions{
		Private: visibility.Private{Input: true}, Reveal: visibility.Class,
		InputFormats: map[string]compiler.InputFormat{inputs[0].Name: format},
	}); err != nil {
		return nil, err
	}
	b, err := artifact.Open(dir)
	if err != nil {
		return nil, err
	}
	return &model{b, b.Key()}, nil
}

// prove proves the class of an application under a commitment. An application that it
// is not of is refused.
func (d *desk) prove(ctx context.Context, m *model, a application, c verifier.Secrets) (*verifier.Proof, error) {
	res, err := zkml.Prove(ctx, m.bundle, zkml.Sample{a.features()}, zkml.ProveOptions{Commitment: c})
	if err != nil {
		return nil, err
	}
	return res.Proof, nil
}
