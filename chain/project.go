package chain

import (
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

// Compile compiles the wrapper and what was exported with it: with the given program, which
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
	exported := maps.Clone(sources)
	maps.DeleteFunc(exported, func(name, _ string) bool { return p.Description.Sources[name] == "" })
	byPath, err := solc.CompileWith(program, exported)
	if err != nil {
		return err
	}
	p.artifacts = byName(byPath)
	if consumer {
		return p.compileConsumer(program, dir, sources)
	}
	return nil
}

// byName names contracts without their files. Of several that have one name it takes that
// of the file of the name.
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

// compileConsumer compiles the example that uses the wrapper, with those of the sources
// that it depends on: an explorer is to be shown no others.
func (p *Project) compileConsumer(program, dir string, sources map[string]string) error {
	name := p.Description.Name + "Consumer"
	file := solidity.ConsumerFolder + "/" + name + ".sol"
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(file)))
	if err != nil {
		return err
	}
	sources[file] = string(text)
	needed, err := solc.Closure(program, sources, file+":"+name)
	if err != nil {
		return err
	}
	byPath, err := solc.CompileWith(program, needed)
	if err != nil {
		return err
	}
	p.artifacts[name] = byPath[file+":"+name]
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

// Compiler returns the version of the compiler that compiled the project.
func (p *Project) Compiler() string {
	for _, a := range p.artifacts {
		return a.Origin.Compiler
	}
	return ""
}

// Artifact returns a compiled contract by name.
func (p *Project) Artifact(name string) (solc.Artifact, error) {
	a, ok := p.artifacts[name]
	if !ok || len(a.Code) == 0 {
		return solc.Artifact{}, fmt.Errorf("%s: no contract %s that can be deployed", p.Dir, name)
	}
	return a, nil
}
