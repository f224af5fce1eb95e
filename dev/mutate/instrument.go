package main

import (
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// examined is a package with mutants, and those whose tests are asked about them.
type examined struct {
	dir   string
	tests []string
}

// mutated are the packages whose code is mutated, each with the packages whose
// tests may kill its mutants, in the order in which they are asked.
var mutated = []examined{
	{"argument", []string{"argument", "lookup", "circuits", "program"}},
	{"lookup", []string{"lookup", "circuits", "program"}},
	{"gate", []string{"gate", "lookup", "circuits", "program"}},
	{"circuits", []string{"circuits", "program"}},
}

// unmutated are files of those packages without constraints: hints, which
// nothing may rest on, and the counter.
var unmutated = []string{"hints.go", "counter.go"}

// environment names the variable that chooses a mutant.
const environment = "ZKML_MUTANT"

// switches is the code behind the mutants' numbers. It is in each package, with
// what gate lends to the others where GATE stands.
const switches = `package %s

import (
	"math/big"
	"os"
	"reflect"
	"strconv"
%s)

var mutant, _ = strconv.Atoi(os.Getenv("` + environment + `"))

func mutantAlter[T int | int64](id int, v T) T { if mutant == id { return v + 1 }; return v }

func mutantMore(id int, v *big.Int) *big.Int {
	if mutant != id { return v }
	return new(big.Int).Add(v, big.NewInt(1))
}

func mutantNone(id int, v int) int { if mutant == id { return 0 }; return v }

func mutantNever(id int, c bool) bool { return c && mutant != id }

func mutantPick[T any](id int, v, other T) T { if mutant == id { return other }; return v }

func mutantTail[T any](id int, v []T) []T { if mutant == id && len(v) > 1 { return v[1:] }; return v }

func mutantHead[T any](id int, v []T) []T { if mutant == id && len(v) > 1 { return v[:len(v)-1] }; return v }

func mutantSame[T any](id int, v []T) []T {
	if mutant != id { return v }
	for i := range v { v[i] = v[len(v)-1] }
	return v
}

func mutantLast(id, i int, of any) bool {
	if mutant != id { return false }
	if n, ok := of.(int); ok { return i == n-1 }
	return i == mutantLength(of)-1
}

func mutantLength(v any) int { return reflect.ValueOf(v).Len() }

func mutantQuiet(id int) int {
	if mutant != id { return 0 }
	GATEMutantQuiet++
	return id
}

func mutantLoud[T any](id int, v T) T {
	if id != 0 { GATEMutantQuiet-- }
	return v
}

func mutantConstant(g GATEAPI) func([]GATEWire) GATEWire {
	return func(ws []GATEWire) GATEWire { return g.Quad(ws[0], ws[0], GATEQ{K: 12345}) }
}
`

// muting is of package gate only: how many calls are under way whose assertions
// a mutant leaves out.
const muting = `
// MutantQuiet is of mutants only.
var MutantQuiet int
`

// instrumented is the code with all mutants in it: new texts for paths.
type instrumented struct {
	mutants []mutant
	files   map[string][]byte
}

func instrument(root string) (*instrumented, error) {
	c, err := load(root, nil)
	if err != nil {
		return nil, err
	}
	r, err := derive(c)
	if err != nil {
		return nil, err
	}
	out := &instrumented{files: map[string][]byte{}}
	for _, p := range mutated {
		for _, f := range c.files {
			if path.Dir(f.path) == p.dir && !slices.Contains(unmutated, path.Base(f.path)) {
				out.mutate(root, scanFile(r, f, len(out.mutants)))
			}
		}
		if err := out.addSwitches(root, p.dir, c.packages[p.dir].Name()); err != nil {
			return nil, err
		}
	}
	number(out.mutants)
	return out, nil
}

func (c *instrumented) mutate(root string, s *scan) {
	if len(s.mutants) > 0 {
		c.mutants = append(c.mutants, s.mutants...)
		c.files[filepath.Join(root, s.path)] = s.apply()
	}
}

func (c *instrumented) addSwitches(root, dir, name string) error {
	imports, gate, more := "\n\t\""+module+"gate\"\n", "gate.", ""
	if dir == "gate" {
		imports, gate, more = "", "", muting
	}
	text := []byte(strings.ReplaceAll(fmt.Sprintf(switches, name, imports)+more, "GATE", gate))
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
