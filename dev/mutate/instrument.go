package main

import (
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// mutated are the packages whose code is mutated, each with the packages whose
// tests may kill its mutants, in the order in which they are asked.
var mutated = []struct {
	dir   string
	tests []string
}{
	{"lookup", []string{"lookup", "circuits", "program"}},
	{"gate", []string{"gate", "lookup", "circuits", "program"}},
	{"circuits", []string{"circuits", "program"}},
}

// unmutated are files of those packages without constraints: hints, which
// nothing may rest on, and the counter.
var unmutated = []string{"hints.go", "counter.go"}

// environment names the variable that chooses a mutant.
const environment = "ZKML_MUTANT"

// switches is the code behind the mutants' numbers. It is in each package.
const switches = `package %s

import (
	"os"
	"strconv"
%s)

var mutant, _ = strconv.Atoi(os.Getenv("` + environment + `"))

func mutantAlter[T int | int64](id int, v T) T { if mutant == id { return v + 1 }; return v }

func mutantNone(id int, v int) int { if mutant == id { return 0 }; return v }

func mutantNever(id int, c bool) bool { return c && mutant != id }

func mutantPick[T any](id int, v, other T) T { if mutant == id { return other }; return v }

func mutantTail[T any](id int, v []T) []T { if mutant == id && len(v) > 1 { return v[1:] }; return v }

func mutantHead[T any](id int, v []T) []T { if mutant == id && len(v) > 1 { return v[:len(v)-1] }; return v }

func mutantLast(id, i int, of any) bool {
	if mutant != id { return false }
	if n, ok := of.(int); ok { return i == n-1 }
	return i == mutantLength(of)-1
}
`

// gadgets are the switches of package circuits alone.
const gadgets = `
func mutantUnbound(wires []gate.Wire, w Window) []*Value {
	out := make([]*Value, len(wires))
	for i, x := range wires { out[i] = Known(x, w.Base, w.Last()) }
	return out
}

func mutantConstant(g gate.API) func([]gate.Wire) gate.Wire {
	return func(ws []gate.Wire) gate.Wire { return g.Quad(ws[0], ws[0], gate.Q{K: 12345}) }
}
`

// instrumented is the code with all mutants in it: new texts for paths.
type instrumented struct {
	mutants []mutant
	files   map[string][]byte
}

func instrument(root string) (*instrumented, error) {
	out := &instrumented{files: map[string][]byte{}}
	for _, p := range mutated {
		paths, err := filepath.Glob(filepath.Join(root, p.dir, "*.go"))
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") || slices.Contains(unmutated, filepath.Base(path)) {
				continue
			}
			if err := out.mutate(root, path); err != nil {
				return nil, err
			}
		}
		if err := out.addSwitches(root, p.dir); err != nil {
			return nil, err
		}
	}
	number(out.mutants)
	return out, nil
}

func (c *instrumented) mutate(root, path string) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(root, path)
	if err != nil {
		return err
	}
	s, err := scanFile(filepath.ToSlash(rel), source, len(c.mutants))
	if err != nil {
		return err
	}
	if len(s.mutants) > 0 {
		c.mutants = append(c.mutants, s.mutants...)
		c.files[path] = s.apply()
	}
	return nil
}

func (c *instrumented) addSwitches(root, dir string) error {
	name := filepath.Base(dir)
	imports, more := "\t\"reflect\"\n", "\nfunc mutantLength(v any) int { return reflect.ValueOf(v).Len() }\n"
	if name == "circuits" {
		imports += "\n\t\"github.com/zkml-go/zkml/gate\"\n"
		more += gadgets
	}
	text := []byte(fmt.Sprintf(switches, name, imports) + more)
	if _, err := parser.ParseFile(token.NewFileSet(), "", text, 0); err != nil {
		return fmt.Errorf("the switches of %s: %w", dir, err)
	}
	c.files[filepath.Join(root, dir, "mutant_switches.go")] = text
	return nil
}

// overlay writes the texts into a folder and gives the file for -overlay.
func (c *instrumented) overlay(dir string) (string, error) {
	replace := map[string]string{}
	n := 0
	for path, text := range c.files {
		n++
		to := filepath.Join(dir, fmt.Sprintf("%d.go", n))
		if err := os.WriteFile(to, text, 0o600); err != nil {
			return "", err
		}
		replace[path] = to
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "overlay.json")
	return file, os.WriteFile(file, text, 0o600)
}
