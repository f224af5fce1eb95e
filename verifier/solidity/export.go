// Package solidity owns the way of a verifying key to a chain: the contracts
// that check its proofs, and the calldata they take. The Solidity stands in
// templates/, one file for each that is written. It must not know how circuits
// or proofs are made, and never imports compiler, circuits or prover; the
// command line and the demo import it.
package solidity

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/zkml-go/zkml/verifier"
)

// Result tells what Export wrote.
type Result struct {
	// Directory holds the files.
	Directory string
	// Name is the wrapper contract's name.
	Name string
	// Contracts are the contracts' names: verifier, key of a shared one, wrapper,
	// interface, example.
	Contracts []string
	// Files are the files' names, in the order of writing; Removed are those of an
	// earlier export that this one does not write.
	Files, Removed []string
}

// Option adds to an export.
type Option func(*view)

// WithClient adds a TypeScript client of the contract: the ABI, types, and functions
// that turn proof.json into calls with viem.
var WithClient Option = func(v *view) { v.Client = true }

// verifierName is the name of gnark's contract.
const verifierName = "PlonkVerifier"

// files is the table of what is always written from a template. In a file's path,
// NAME is the wrapper contract's name.
var files = []struct{ path, template string }{
	{"INAME.sol", "interface.sol.tmpl"},
	{"NAME.sol", "wrapper.sol.tmpl"},
	{"NAMEConsumer.sol", "consumer.sol.tmpl"},
	{"test/NAME.t.sol", "test.sol.tmpl"},
	{settings, "foundry.toml.tmpl"},
	{"README.md", "readme.md.tmpl"},
}

// Export writes the contracts of a key into dir: gnark's PlonkVerifier.sol, the
// typed wrapper with its interface, an example that consumes predictions, a
// JSON file with ABI, layout and digests, a README, and what makes the folder a
// Foundry project whose tests pass as they stand. The name is the
// model's; Identifier makes the contract's of it, and a key with an unsafe SRS
// puts Unsafe before it. A fixture, if not nil, is a proof that goes into the
// JSON; it must verify.
//
// The files appear whole or not at all, and dir may exist: an earlier export there
// is replaced, but for Foundry's settings, which may be somebody's own; any other
// file in the way is an error. The same arguments give the same bytes.
func Export(key *verifier.Key, fixture *verifier.Proof, name, dir string, with ...Option) (Result, error) {
	return export(key, fixture, name, dir, gnarks, with)
}

// base makes the files below the wrapper: the contract that checks proofs. It
// completes the view.
type base func(v *view, key *verifier.Key) ([]file, error)

// gnarks is the base that belongs to one key.
func gnarks(v *view, key *verifier.Key) ([]file, error) {
	v.Contracts = []string{verifierName}
	var plonk bytes.Buffer
	err := key.VerifyingKey().ExportSolidity(&plonk)
	return []file{{verifierName + ".sol", plonk.Bytes()}}, err
}

func export(key *verifier.Key, fixture *verifier.Proof, name, dir string, below base, with []Option) (Result, error) {
	if key == nil || key.VerifyingKey() == nil {
		return Result{}, errors.New("export: the verifying key is empty: make it with NewKey or ReadKey")
	}
	if fixture != nil {
		if _, err := verifier.Verify(key, fixture); err != nil {
			return Result{}, fmt.Errorf("export: the proof to ship as an example: %w", err)
		}
	}
	v := newView(key, name)
	for _, add := range with {
		add(&v)
	}
	list, err := contents(&v, key, fixture, below)
	if err != nil {
		return Result{}, fmt.Errorf("export: %w", err)
	}
	removed, err := writeAll(dir, list)
	if err != nil {
		return Result{}, fmt.Errorf("export: %w", err)
	}
	r := Result{Directory: dir, Name: v.Name, Contracts: v.Contracts, Removed: removed}
	for _, f := range list {
		r.Files = append(r.Files, f.name)
	}
	return r, nil
}

// contents makes all files in memory.
func contents(v *view, key *verifier.Key, fixture *verifier.Proof, below base) ([]file, error) {
	list, err := below(v, key)
	if err != nil {
		return nil, err
	}
	if v.Fixture, err = newFixture(*v, key, fixture); err != nil {
		return nil, err
	}
	v.Contracts = append(v.Contracts, v.Name, "I"+v.Name, v.Name+"Consumer")
	for _, f := range files {
		text, err := render(f.template, *v)
		if err != nil {
			return nil, err
		}
		list = append(list, file{strings.ReplaceAll(f.path, "NAME", v.Name), text})
	}
	if v.Client {
		text, err := renderClient(*v, key)
		if err != nil {
			return nil, err
		}
		list = append(list, file{v.Name + clientSuffix, text})
	}
	description, err := describe(*v, key, list)
	return append(list, file{v.JSON, description}), err
}
