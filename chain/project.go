package chain

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/chain/solc"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// Project is a folder that `zkml export-verifier` wrote.
type Project struct {
	Dir         string
	Description *solidity.Description
	artifacts   map[string]solc.Artifact
}

// OpenProject reads a description: the file at path, or the only one in the folder at
// path. The error says that there is none, or lists them if there are several.
func OpenProject(path string) (*Project, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		d, err := solidity.ReadDescription(path)
		if err != nil {
			return nil, err
		}
		if d == nil {
			return nil, fmt.Errorf("%s: it does not describe exported contracts; "+
				"write them with zkml export-verifier", path)
		}
		return &Project{Dir: filepath.Dir(path), Description: d}, nil
	}
	all, err := solidity.Descriptions(path)
	switch {
	case err != nil:
		return nil, err
	case len(all) == 0:
		return nil, fmt.Errorf("%s: there is no description of exported contracts; "+
			"write them with zkml export-verifier", path)
	case len(all) > 1:
		var files []string
		for _, d := range all {
			files = append(files, filepath.Join(path, d.File))
		}
		return nil, fmt.Errorf("%s: contracts of %d models; name one of the descriptions: %s", path, len(all),
			strings.Join(files, ", "))
	}
	return &Project{Dir: path, Description: all[0].Description}, nil
}

// Compile compiles the contracts beside the wrapper: with the given program, which
// speaks solc's standard JSON, or if it is empty with the project's pinned compiler.
// With consumer it compiles the example that uses the wrapper, too. The error is
// solc.ErrNoCompiler if there is no compiler.
func (p *Project) Compile(program string, consumer bool) error {
	dir, err := p.sourceFolder()
	if err != nil {
		return err
	}
	sources, err := beside(dir)
	if err != nil {
		return err
	}
	if err := p.Description.CheckSources(sources); err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	if consumer {
		if err := p.addConsumer(dir, sources); err != nil {
			return err
		}
	}
	compile := solc.Compile
	if program != "" {
		compile = func(s map[string]string) (map[string]solc.Artifact, error) { return solc.CompileWith(program, s) }
	}
	byPath, err := compile(sources)
	if err != nil {
		return err
	}
	p.artifacts = byName(byPath)
	return nil
}

// byName names contracts without their files. Of several that have one name it takes that
// of the file of the name, whose digest was checked.
func byName(all map[string]solc.Artifact) map[string]solc.Artifact {
	named := map[string]solc.Artifact{}
	for _, at := range slices.Sorted(maps.Keys(all)) {
		colon := strings.LastIndex(at, ":")
		file, name := at[:colon], at[colon+1:]
		if _, taken := named[name]; !taken || path.Base(file) == name+".sol" {
			named[name] = all[at]
		}
	}
	return named
}

// addConsumer adds the example that uses the wrapper to its sources.
func (p *Project) addConsumer(dir string, sources map[string]string) error {
	name := solidity.ConsumerFolder + "/" + p.Description.Name + "Consumer.sol"
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	sources[name] = string(text)
	return nil
}

// sourceFolder finds the folder with the wrapper's source: the project's or one below it.
func (p *Project) sourceFolder() (string, error) {
	var found string
	want := p.Description.Name + ".sol"
	err := filepath.WalkDir(p.Dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() == want && found == "" {
			found = filepath.Dir(path)
		}
		return err
	})
	if err == nil && found == "" {
		err = fmt.Errorf("%s: there is no %s; write the contracts again with zkml export-verifier", p.Dir, want)
	}
	return found, err
}

// beside reads the .sol files of a folder, without those below it.
func beside(dir string) (map[string]string, error) {
	all, err := solc.Sources(dir)
	if err != nil {
		return nil, err
	}
	for path := range all {
		if strings.Contains(path, "/") {
			delete(all, path)
		}
	}
	return all, nil
}

// Shared reports whether the wrapper uses a verifier that models share.
func (p *Project) Shared() bool { return len(p.Description.KeyData) > 0 }

// CheckShared requires that the shared verifier of the project's sources is at an address.
// The error is ErrOtherContract if something else is, or nothing.
func (p *Project) CheckShared(ctx context.Context, n *Node, at Address) error {
	a, err := p.Artifact(solidity.SharedName)
	if err != nil {
		return err
	}
	return n.checkCode(ctx, at, a)
}

// Artifact returns a compiled contract by name.
func (p *Project) Artifact(name string) (solc.Artifact, error) {
	a, ok := p.artifacts[name]
	if !ok || len(a.Code) == 0 {
		return solc.Artifact{}, fmt.Errorf("%s: no contract %s that can be deployed", p.Dir, name)
	}
	return a, nil
}

// Wrapper returns the compiled wrapper, whose constructor also creates gnark's verifier.
func (p *Project) Wrapper() (solc.Artifact, error) { return p.Artifact(p.Description.Name) }

// CreationCode returns the code that creates a contract, with its constructor's
// arguments.
func CreationCode(a solc.Artifact, args ...any) ([]byte, error) {
	packed, err := a.ABI.Pack("", args...)
	if err != nil {
		return nil, errors.New("the constructor takes other arguments than zkml knows; deploy the contract by hand")
	}
	return append(bytes.Clone(a.Code), packed...), nil
}
