// Command release runs every long examination whole, one part at a time, and writes
// docs/release-report.md. Run it at the top of the project:
//
//	go run ./dev/release [-again] [PART...]
//
// A part that passed at the current commit is not run again without -again, so that an
// interrupted run continues where it ended. The results of each part are kept in
// dev/release/results. It must not know how anything is examined: parts are commands.
// Nobody imports it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
)

const usage = `usage: go run ./dev/release [-again] [-list] [-write] [PART...]

Without PART, all parts are run. -list names them, -write only writes the report.
`

func main() {
	again := flag.Bool("again", false, "run parts that passed at this commit, too")
	list := flag.Bool("list", false, "name the parts and run none")
	write := flag.Bool("write", false, "write the report of what is known and run nothing")
	flag.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	flag.Parse()
	var err error
	switch {
	case *list:
		for _, p := range parts {
			fmt.Printf("%-12s %s\n", p.name, p.what)
		}
	case *write:
		err = writeReport(".")
	default:
		err = check(".", flag.Args(), *again)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// check runs the named parts, or all, and writes the report after each.
func check(root string, names []string, again bool) error {
	chosen, err := choose(names)
	if err != nil {
		return err
	}
	at, err := versionsOf(root)
	if err != nil {
		return err
	}
	var failed []string
	for i, p := range chosen {
		if r, err := readResult(root, p.name); err == nil && r.Passed && r.Versions == at && !again {
			fmt.Printf("== %d of %d: %s passed at %s already\n", i+1, len(chosen), p.name, at.Commit)
			continue
		}
		fmt.Printf("== %d of %d: %s: %s\n", i+1, len(chosen), p.name, p.what)
		r, err := p.run(root)
		if err != nil {
			return err
		}
		r.Versions = at
		if err := r.write(root); err != nil {
			return err
		}
		if err := writeReport(root); err != nil {
			return err
		}
		fmt.Printf("== %s: %s in %s\n", p.name, r.outcome(), r.duration())
		if !r.Passed {
			failed = append(failed, p.name)
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("failed: %s", strings.Join(failed, ", "))
	}
	return nil
}

// choose finds parts by name; no name stands for all.
func choose(names []string) ([]part, error) {
	if len(names) == 0 {
		return parts, nil
	}
	var out []part
	for _, name := range names {
		i := slices.IndexFunc(parts, func(p part) bool { return p.name == name })
		if i < 0 {
			return nil, errors.New("no part is called " + name + "; -list names them")
		}
		out = append(out, parts[i])
	}
	return out, nil
}
