package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// limit is how long the tests of one package may take for one mutant: one that
// makes them hang is killed by that.
const limit = 5 * time.Minute

// golden are tests that compare counts, of gates or of attacks, with a file: any
// edit changes them, which shows nothing.
const golden = "^(TestSoundness|TestGateCounts)$"

// bench holds the compiled tests.
type bench struct {
	root, dir string
	first     int                 // packages to ask; 0 for all
	binaries  map[string]string   // package -> program
	stages    map[string][]string // package -> -test.run of what runs together, the quickest first
}

// result says which test killed a mutant: none where it survived.
type result struct {
	mutant mutant
	killer string
}

// String is the line that the program prints.
func (r result) String() string {
	if r.killer == "" {
		return "SURVIVED " + r.mutant.name()
	}
	return fmt.Sprintf("killed   %s   by %s", r.mutant.name(), r.killer)
}

// compile builds the tests that the chosen mutants need, with all mutants in them, and checks
// that they pass while no mutant is chosen.
func compile(root string, code *instrumented, chosen []mutant, first int) (*bench, error) {
	dir, err := os.MkdirTemp("", "zkml-mutate-*")
	if err != nil {
		return nil, err
	}
	b := &bench{root: root, dir: dir, binaries: map[string]string{}, stages: map[string][]string{}, first: first}
	overlay, err := code.overlay(dir)
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	for _, m := range chosen {
		for _, pkg := range b.asked(tests(m)) {
			if b.binaries[pkg] != "" {
				continue
			}
			b.binaries[pkg] = filepath.Join(dir, strings.ReplaceAll(pkg, "/", "-")+".test")
			cmd := exec.Command("go", "test", "-c", "-overlay", overlay, "-o", b.binaries[pkg], "./"+pkg)
			cmd.Dir = root
			if text, err := cmd.CombinedOutput(); err != nil {
				return nil, errors.Join(fmt.Errorf("tests of %s: %w\n%s", pkg, err, text), b.close())
			}
			if err := b.stage(pkg); err != nil {
				return nil, errors.Join(err, b.close())
			}
		}
	}
	return b, nil
}

// asked are the packages whose tests are run, of those that may notice.
func (b *bench) asked(tests []string) []string {
	if b.first > 0 {
		return tests[:min(b.first, len(tests))]
	}
	return tests
}

func (b *bench) close() error { return os.RemoveAll(b.dir) }

// try runs the tests for each mutant, until one fails. Those that killed another
// mutant of its function come first. Mutants that are explained are known to live;
// they are tried only where again is set, since all tests run for them.
func (b *bench) try(list []mutant, again bool, done func(result)) ([]result, error) {
	var out []result
	killers := remembered(filepath.Join(b.root, page))
	for _, m := range list {
		if !again && explained[m.name()] != "" {
			out = append(out, result{mutant: m})
			continue
		}
		function := m.file + " " + m.function
		killer, err := b.kill(m, killers[function])
		if err != nil {
			return nil, err
		}
		if killer != "" && !slices.Contains(killers[function], killer) {
			killers[function] = append([]string{killer}, killers[function]...)
		}
		r := result{mutant: m, killer: killer}
		out = append(out, r)
		done(r)
	}
	return out, nil
}

// kill gives the test that fails for a mutant.
func (b *bench) kill(m mutant, likely []string) (string, error) {
	for _, l := range likely {
		pkg, test, found := strings.Cut(l, ".")
		if !found || b.binaries[pkg] == "" { // a panic or no end: no test by name
			continue
		}
		out, err := b.run(pkg, m.id, "-test.failfast", "-test.run="+exactly(test))
		if killer, err := verdict(pkg, out, err); killer != "" || err != nil {
			return killer, err
		}
	}
	for _, pkg := range b.asked(tests(m)) {
		if killer, err := b.test(pkg, m.id); killer != "" || err != nil {
			return killer, err
		}
	}
	return "", nil
}

func tests(m mutant) []string {
	for _, p := range mutated {
		if path.Dir(m.file) == p.dir {
			return p.tests
		}
	}
	return nil
}

var failed = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// test runs a package's tests with a mutant, and gives the one that failed.
func (b *bench) test(pkg string, id int) (string, error) {
	for _, stage := range b.stages[pkg] {
		out, err := b.run(pkg, id, "-test.failfast", "-test.run="+stage)
		if killer, err := verdict(pkg, out, err); killer != "" || err != nil {
			return killer, err
		}
	}
	return "", nil
}

// errNoEnd is a run that took too long.
var errNoEnd = errors.New("no end")

func (b *bench) run(pkg string, id int, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.binaries[pkg], append(args, "-test.short", "-test.skip="+golden)...)
	cmd.Dir = filepath.Join(b.root, pkg)
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", environment, id))
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		err = errNoEnd
	}
	return out, err
}

// verdict reads what a run of tests said.
func verdict(pkg string, out []byte, err error) (killer string, _ error) {
	if err == nil {
		return "", nil
	}
	if all := failed.FindAllSubmatch(out, -1); len(all) > 0 {
		return pkg + "." + string(all[len(all)-1][1]), nil
	}
	if errors.Is(err, errNoEnd) {
		return pkg + " (no end)", nil
	}
	if bytes.Contains(out, []byte("panic:")) {
		return pkg + " (panic)", nil
	}
	return "", fmt.Errorf("tests of %s: %w\n%s", pkg, err, out)
}

// exactly is the -test.run of one test or subtest.
func exactly(test string) string {
	parts := strings.Split(test, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}

// quick is how long a test may take to run together with others.
const quick = time.Second

var passed = regexp.MustCompile(`(?m)^--- PASS: (\S+) \((\S+s)\)`)

// stage runs a package's tests without a mutant, and plans their order by the
// time that each took.
func (b *bench) stage(pkg string) error {
	out, err := b.run(pkg, 0, "-test.v")
	if err != nil {
		return fmt.Errorf("tests of %s without a mutant: %w\n%s", pkg, err, out)
	}
	type timed struct {
		name string
		took time.Duration
	}
	var slow []timed
	var together []string
	for _, m := range passed.FindAllSubmatch(out, -1) {
		took, err := time.ParseDuration(string(m[2]))
		if err != nil {
			return err
		}
		if took < quick {
			together = append(together, string(m[1]))
			continue
		}
		slow = append(slow, timed{string(m[1]), took})
	}
	slices.SortFunc(slow, func(a, b timed) int { return cmp.Compare(a.took, b.took) })
	stages := []string{"^(" + strings.Join(together, "|") + ")$"}
	for _, t := range slow {
		stages = append(stages, "^"+t.name+"$")
	}
	b.stages[pkg] = stages
	return nil
}
