package chain

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/zkml-go/zkml/internal/solc"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// Project is a folder that `zkml export-verifier` wrote.
type Project struct {
	Dir         string
	Description *solidity.Description
	artifacts   map[string]solc.Artifact
}

// OpenProject reads the folder's description. The error tells that none is there.
func OpenProject(dir string) (*Project, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		d, err := readDescription(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if d != nil {
			return &Project{Dir: dir, Description: d}, nil
		}
	}
	return nil, fmt.Errorf("%s: there is no description of exported contracts; write them with zkml export-verifier", dir)
}

// readDescription gives nil for JSON that describes something else.
func readDescription(path string) (*solidity.Description, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	d := new(solidity.Description)
	if err := json.Unmarshal(text, d); err != nil || d.Name == "" || len(d.VKSHA256) != 64 {
		return nil, nil
	}
	if d.Version != solidity.DescriptionVersion {
		return nil, fmt.Errorf("version %d, this program reads %d; export the contracts again", d.Version, solidity.DescriptionVersion)
	}
	return d, verifier.CheckLayout(d.Layout)
}

// Compile compiles the contracts beside the wrapper: with the program named, which
// speaks solc's standard JSON, or else with the project's pinned compiler. The
// error is solc.ErrNoCompiler where none can be had.
func (p *Project) Compile(program string) error {
	dir, err := p.sourceFolder()
	if err != nil {
		return err
	}
	sources, err := beside(dir)
	if err != nil {
		return err
	}
	compile := solc.Compile
	if program != "" {
		compile = func(s map[string]string) (map[string]solc.Artifact, error) { return solc.CompileWith(program, s) }
	}
	byPath, err := compile(sources)
	if err != nil {
		return err
	}
	p.artifacts = map[string]solc.Artifact{}
	for path, a := range byPath {
		p.artifacts[path[strings.LastIndex(path, ":")+1:]] = a
	}
	return nil
}

// sourceFolder is where the wrapper's source stands: in the folder, or below it.
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

// Artifact gives a compiled contract by name.
func (p *Project) Artifact(name string) (solc.Artifact, error) {
	a, ok := p.artifacts[name]
	if !ok || len(a.Code) == 0 {
		return solc.Artifact{}, fmt.Errorf("%s: no contract %s that can be deployed", p.Dir, name)
	}
	return a, nil
}

// Wrapper is the code that creates the wrapper, whose constructor creates gnark's
// verifier too.
func (p *Project) Wrapper() (solc.Artifact, error) { return p.Artifact(p.Description.Name) }

// CreationCode is the code that creates a contract with its constructor's
// arguments.
func CreationCode(a solc.Artifact, args ...any) ([]byte, error) {
	packed, err := a.ABI.Pack("", args...)
	if err != nil {
		return nil, errors.New("the constructor takes other arguments than zkml knows; deploy the contract by hand")
	}
	return append(bytes.Clone(a.Code), packed...), nil
}
