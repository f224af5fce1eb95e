// Command mutate shows that the tests of the circuit code notice a missing or a
// weakened constraint. It owns the mutants: edits of argument, circuits, gate and
// lookup, each of which drops one assertion, widens one range check, leaves one
// wire out of the commitment, replaces one challenge, and so on. The call graph says
// where they are: in code that reaches a gate. It must not know what the gadgets
// compute. Nobody imports it.
//
// The source tree is never touched. One copy of the code with all mutants in it,
// each behind a number, is compiled into the packages' tests through `go test
// -overlay`; an environment variable then chooses the mutant of a run. A mutant is
// killed when a test fails.
//
//	go run ./dev/mutate [-sample N] [-match TEXT] [-names FILE] [-first N] [-list] [-again] [-write FILE]
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// options are the program's flags.
type options struct {
	sample int
	match  string
	names  string
	first  int
	list   bool
	write  string
	again  bool
}

func main() {
	o := options{}
	flag.IntVar(&o.sample, "sample", 0, "try only this many mutants, always the same ones; 0 tries all")
	flag.StringVar(&o.match, "match", "", "try only mutants whose name contains this text")
	flag.StringVar(&o.names, "names", "", "try only mutants whose names this file lists, one per line")
	flag.IntVar(&o.first, "first", 0, "run only the tests of this many packages, the mutant's own first; a mutant "+
		"that they do not notice is a survivor")
	flag.BoolVar(&o.list, "list", false, "print the mutants' names and try none")
	flag.StringVar(&o.write, "write", "", "write the report to a file")
	flag.BoolVar(&o.again, "again", false, "try explained mutants too, which runs all tests for each")
	flag.Parse()
	if err := run(".", o); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(root string, o options) error {
	root, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	code, err := instrument(root)
	if err != nil {
		return err
	}
	chosen, err := choose(code.mutants, o)
	if err != nil {
		return err
	}
	if o.list {
		for _, m := range chosen {
			fmt.Println(m.name())
		}
		return nil
	}
	bench, err := compile(root, code, chosen, o.first)
	if err != nil {
		return err
	}
	defer bench.close()
	results, err := bench.try(chosen, o.again, func(r result) { fmt.Println(r) })
	if err != nil {
		return err
	}
	if o.write != "" {
		if err := os.WriteFile(o.write, []byte(report(results)), 0o644); err != nil {
			return err
		}
	}
	return unexplained(results)
}

// choose applies the flags.
func choose(all []mutant, o options) ([]mutant, error) {
	var names []string
	if o.names != "" {
		text, err := os.ReadFile(o.names)
		if err != nil {
			return nil, err
		}
		names = strings.Split(string(text), "\n")
	}
	var out []mutant
	for _, m := range all {
		if strings.Contains(m.name(), o.match) && (o.names == "" || slices.Contains(names, m.name())) {
			out = append(out, m)
		}
	}
	if o.sample > 0 {
		out = sample(out, o.sample)
	}
	return out, nil
}

// unexplained fails if a mutant survives without a recorded reason.
func unexplained(results []result) error {
	var names []string
	for _, r := range results {
		if r.killer == "" && explained[r.mutant.name()] == "" {
			names = append(names, r.mutant.name())
		}
	}
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("%d mutants survive; add a test that fails for each, or explain in explained.go why it "+
		"changes nothing:\n  %s",
		len(names), strings.Join(names, "\n  "))
}
