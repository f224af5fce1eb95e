package chain

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/zkml-go/zkml/chain/solc"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// Build is a compiled contract with the arguments of its constructor.
type Build struct {
	Name      string
	Artifact  solc.Artifact
	arguments []byte
	parts     []part
}

// part is a contract that a constructor creates. With data its code is data, which is not
// the code that was compiled.
type part struct {
	Part
	artifact solc.Artifact
	data     []byte
}

// Build returns a contract of the project as it will be created.
func (p *Project) Build(name string, args ...any) (*Build, error) {
	a, err := p.Artifact(name)
	if err != nil {
		return nil, err
	}
	b := &Build{Name: name, Artifact: a}
	if b.arguments, err = a.ABI.Pack("", args...); err != nil {
		return nil, fmt.Errorf("%s: the constructor takes other arguments than zkml knows; "+
			"deploy the contract by hand", name)
	}
	if name == p.Description.Name {
		err = b.add(p.created())
	}
	return b, err
}

// created is what the wrapper's constructor creates.
func (p *Project) created() part {
	name, data := solidity.VerifierName, []byte(nil)
	if p.Shared() {
		name, data = p.Description.Name+"Key", p.Description.KeyData
	}
	return part{Part: Part{Name: name, Data: data != nil}, artifact: p.artifacts[name], data: data}
}

// add adds a part, if it was compiled.
func (b *Build) add(p part) (err error) {
	if p.artifact.Origin == nil {
		return nil
	}
	p.Compiled, err = newCompiled(p.artifact, nil)
	b.parts = append(b.parts, p)
	return err
}

// Code returns the code that creates the contract.
func (b *Build) Code() []byte { return append(bytes.Clone(b.Artifact.Code), b.arguments...) }

// CheckShared requires that the shared verifier of the project's sources is at a contract's
// address. Then it says in the contract what it was compiled from, if that was not known.
// The error is ErrOtherContract if something else is there, or nothing; where the contract
// was compiled by another version of the compiler, it says so.
func (p *Project) CheckShared(ctx context.Context, n *Node, c *Contract) error {
	a, err := p.Artifact(solidity.SharedName)
	if err != nil {
		return err
	}
	err = n.checkCode(ctx, c.Address, a)
	switch {
	case err == nil && c.Compiled == nil:
		c.Compiled, err = newCompiled(a, nil)
	case errors.Is(err, ErrOtherContract) && c.Compiled != nil && c.Compiled.Compiler != a.Origin.Compiler:
		err = fmt.Errorf("%w; the one at that address was compiled by solc %s", err, c.Compiled.Compiler)
	}
	return err
}
