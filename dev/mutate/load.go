package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// module is the path that the packages are imported by.
const module = "github.com/zkml-go/zkml/"

// codebase is the source of the mutated packages, with its types.
type codebase struct {
	fset     *token.FileSet
	info     *types.Info
	packages map[string]*types.Package // by folder
	files    []*source
}

// source is one file.
type source struct {
	path   string // from the repository's root
	text   []byte
	syntax *ast.File
}

// listed is what go list says of a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
}

// load reads and type-checks the mutated packages. planted are further files, by
// their paths from the root.
func load(root string, planted map[string]string) (*codebase, error) {
	exports, own, err := list(root)
	if err != nil {
		return nil, err
	}
	c := &codebase{
		fset: token.NewFileSet(), packages: map[string]*types.Package{},
		info: &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
			Uses:       map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{},
		},
	}
	compiled := importer.ForCompiler(c.fset, "gc",
		func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	for _, p := range own {
		if err := c.check(root, p, planted, compiled); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// list gives the export data of all packages that the mutated ones import, by
// path, and the mutated ones, each after those that it imports.
func list(root string) (exports map[string]string, own []listed, err error) {
	args := []string{"list", "-deps", "-export", "-json=ImportPath,Dir,Export,GoFiles"}
	isOwn := map[string]bool{}
	for _, m := range mutated {
		args = append(args, "./"+m.dir)
		isOwn[module+m.dir] = true
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, nil, fmt.Errorf("go list: %w", err)
	}
	exports = map[string]string{}
	for in := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		switch err := in.Decode(&p); {
		case errors.Is(err, io.EOF):
			return exports, own, nil
		case err != nil:
			return nil, nil, err
		case isOwn[p.ImportPath]:
			own = append(own, p)
		default:
			exports[p.ImportPath] = p.Export
		}
	}
}

// check type-checks one package from its source.
func (c *codebase) check(root string, p listed, planted map[string]string, compiled types.Importer) error {
	dir := strings.TrimPrefix(p.ImportPath, module)
	var syntax []*ast.File
	add := func(path string, text []byte) error {
		f, err := parser.ParseFile(c.fset, path, text, parser.SkipObjectResolution)
		syntax = append(syntax, f)
		c.files = append(c.files, &source{path: path, text: text, syntax: f})
		return err
	}
	for _, name := range p.GoFiles {
		text, err := os.ReadFile(filepath.Join(p.Dir, name))
		if err == nil {
			err = add(dir+"/"+name, text)
		}
		if err != nil {
			return err
		}
	}
	for path, text := range planted {
		if filepath.Dir(path) == dir {
			if err := add(path, []byte(text)); err != nil {
				return err
			}
		}
	}
	config := types.Config{Importer: &mixed{c.packages, compiled}}
	pkg, err := config.Check(p.ImportPath, c.fset, syntax, c.info)
	c.packages[dir] = pkg
	return err
}

// mixed imports the mutated packages as they were checked, and others from what
// the compiler exported.
type mixed struct {
	own   map[string]*types.Package
	other types.Importer
}

// Import implements types.Importer.
func (m *mixed) Import(path string) (*types.Package, error) {
	if p := m.own[strings.TrimPrefix(path, module)]; p != nil && strings.HasPrefix(path, module) {
		return p, nil
	}
	return m.other.Import(path)
}
