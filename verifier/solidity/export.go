// Package solidity owns how a verifying key gets onto a chain: the contracts that
// check its proofs, and the calldata that they take. The Solidity code is in
// templates/, one file for each that is written. It must not know how circuits
// or proofs are made, and never imports compiler, circuits or prover; the
// command line and the demo import it.
package solidity

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/verifier"
)

// Result describes what Export wrote.
type Result struct {
	// Directory holds the files.
	Directory string
	// Name is the wrapper contract's name.
	Name string
	// Contracts are the contracts' names: verifier, key of a shared one, wrapper,
	// interface, example.
	Contracts []string
	// Files are the files' names, in the order of writing; Removed are the files of an
	// earlier export that were removed.
	Files, Removed []string
	// Kept are files of an earlier export that were edited since: they stay as they are.
	// Where there is a new form, it is beside them, and Beside has its name.
	Kept, Beside []string
}

// Option adds something to an export.
type Option func(*view)

// WithClient adds a TypeScript client of the contract: the ABI, types, and functions
// that turn proof.json into calls with viem.
var WithClient Option = func(v *view) { v.Client = true }

// Force overwrites files that were edited since an earlier export.
var Force Option = func(v *view) { v.force = true }

// As sets the model's default name, so that a further export finds the name that it was
// given: see Description.Model.
func As(model string) Option { return func(v *view) { v.model = model } }

// CompilerVersion is the version of the Solidity compiler that exported projects name.
const CompilerVersion = "0.8.37"

// VerifierName is the name of gnark's contract.
const VerifierName = "PlonkVerifier"

// files lists what is always written from a template. In a file's path, NAME stands for
// the wrapper contract's name.
var files = []struct{ path, template string }{
	{formatFile, "format.sol.tmpl"},
	{"INAME.sol", "interface.sol.tmpl"},
	{"NAME.sol", "wrapper.sol.tmpl"},
	{ConsumerFolder + "/NAMEConsumer.sol", "consumer.sol.tmpl"},
	{"test/NAME.t.sol", "test.sol.tmpl"},
	{settings, "foundry.toml.tmpl"},
	{ignored, "gitignore.tmpl"},
	{detectors, "slither.config.json.tmpl"},
	{"README.md", "readme.md.tmpl"},
}

// Export writes the contracts of a key into dir: gnark's PlonkVerifier.sol, the
// typed wrapper with its interface, an example that consumes predictions, a
// JSON file with ABI, layout and digests, a README, and what makes the folder a
// Foundry project whose tests pass unchanged. name is the model's; Identifier
// derives the contract's name from it, with the prefix Unsafe for a key with an
// unsafe SRS. A fixture, if not nil, is a proof that is written into the JSON; it
// must verify.
//
// The files appear completely or not at all. dir may exist: an earlier export there is
// replaced, except files that were edited since: these stay, and the new version is written
// beside them (NAME.new) unless that was edited itself. The settings of Foundry and git
// stay, whoever wrote them; any other file in the way is an error. The same arguments
// always write the same bytes.
func Export(key *verifier.Key, fixture *verifier.Proof, name, dir string, with ...Option) (Result, error) {
	return export(key, fixture, name, dir, gnarks, with)
}

// base returns the files on which the wrapper depends: the contract that checks proofs. It
// completes the view.
type base func(v *view, key *verifier.Key) ([]file, error)

// gnarks is the base with gnark's verifier, for one key.
func gnarks(v *view, key *verifier.Key) ([]file, error) {
	v.Contracts = []string{VerifierName}
	var plonk bytes.Buffer
	err := key.VerifyingKey().ExportSolidity(&plonk)
	return []file{{VerifierName + ".sol", plonk.Bytes()}}, err
}

func export(key *verifier.Key, fixture *verifier.Proof, name, dir string, below base, with []Option) (Result, error) {
	if key == nil || key.VerifyingKey() == nil {
		return Result{}, errors.New("export: the verifying key is empty: make it with NewKey or ReadKey")
	}
	if fixture != nil {
		if _, err := verifier.Verify(key, fixture); err != nil {
			return Result{}, fmt.Errorf("export: the proof to include as an example: %w", err)
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
	r := Result{Directory: dir, Name: v.Name, Contracts: v.Contracts}
	for _, f := range list {
		r.Files = append(r.Files, f.name)
	}
	r.Files = append(r.Files, v.JSON)
	if err := r.write(v, key, list); err != nil {
		return Result{}, fmt.Errorf("export: %w", err)
	}
	return r, nil
}

// write puts files and their description into the result's folder.
func (r *Result) write(v view, key *verifier.Key, list []file) error {
	dir := filepath.Clean(r.Directory)
	old, err := earlierExport(dir, v.JSON)
	if err != nil {
		return err
	}
	p := old.plan(dir, list, v.force)
	if err := checkFree(dir, slices.Concat(list, p.beside, []file{{name: v.JSON}}), old.names); err != nil {
		return err
	}
	description, err := describe(v, key, append(slices.Clone(list), p.beside...))
	if err != nil {
		return err
	}
	if err := writeAll(dir, append(p.write, file{v.JSON, description})); err != nil {
		return err
	}
	r.Kept = p.kept
	for _, f := range p.beside {
		if !slices.Contains(p.kept, f.name) {
			r.Beside = append(r.Beside, f.name)
		}
	}
	for _, name := range p.stale {
		switch err := os.Remove(filepath.Join(dir, name)); {
		case err == nil:
			r.Removed = append(r.Removed, name)
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	return nil
}

// contents makes all files but the description in memory.
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
	if len(v.Encoded()) > 0 {
		text, err := render("encoder.sol.tmpl", *v)
		if err != nil {
			return nil, err
		}
		list = append(list, file{v.Name + encoderSuffix + ".sol", text})
	}
	texts, err := renderTexts(*v)
	if err != nil {
		return nil, err
	}
	list = append(list, texts...)
	if v.Client {
		text, err := renderClient(*v, key)
		if err != nil {
			return nil, err
		}
		list = append(list, file{v.Name + clientSuffix, text})
	}
	return list, nil
}
