package main

import (
	"fmt"
	"os"
	"regexp"
	"sort"
	"strings"
)

// page is where the report stands.
const page = "docs/mutation.md"

const preface = `# Mutants of the circuit code

Written by ` + "`go run ./dev/mutate -write docs/mutation.md`" + `; not to be edited.

A mutant is one edit of argument, circuits, gate or lookup: a statement dropped that
comes to a gate or to a record of one, or that changes a big integer; a coefficient
changed or taken away; a number that reaches the gates, such as a width or a shift, made
one more; all that a call asserts left out; a wire left out of the commitment, the
challenge made a constant or two points of it one; the last round of a loop or a
condition's branch skipped. Which code that is follows from the call graph: what reaches
a method of gate.API that the counter counts. The tests of the package run for each, then
those of the packages that use it. A mutant that no test notices is a constraint that
nobody has shown to be needed: it gets a test, or a reason below why the circuit without
it admits the same statements.

`

// report is the page: a row for each function, then the survivors.
func report(results []result) string {
	var b strings.Builder
	b.WriteString(preface)
	killed := 0
	for _, r := range results {
		if r.killer != "" {
			killed++
		}
	}
	fmt.Fprintf(&b, "%d mutants, %d killed, %d explained.\n\n", len(results), killed, len(results)-killed)
	b.WriteString("| file | function | mutants | killed | by |\n|---|---|---|---|---|\n")
	for _, group := range byFunction(results) {
		b.WriteString(row(group))
	}
	b.WriteString("\n## Survivors, and why they change nothing\n\n")
	for _, r := range results {
		if r.killer == "" {
			fmt.Fprintf(&b, "- %s `%s`: %s: %s\n", r.mutant.file, r.mutant.function, code(r.mutant),
				explained[r.mutant.name()])
		}
	}
	return b.String()
}

// byFunction groups results, in their order.
func byFunction(results []result) [][]result {
	var out [][]result
	for _, r := range results {
		if n := len(out); n > 0 && out[n-1][0].mutant.file == r.mutant.file &&
			out[n-1][0].mutant.function == r.mutant.function {
			out[n-1] = append(out[n-1], r)
			continue
		}
		out = append(out, []result{r})
	}
	return out
}

// row counts a function's mutants, and names the tests that killed most.
func row(group []result) string {
	by := map[string]int{}
	killed := 0
	for _, r := range group {
		if r.killer != "" {
			killed++
			by[topLevel(r.killer)]++
		}
	}
	var names []string
	for name := range by {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		if by[names[i]] != by[names[j]] {
			return by[names[i]] > by[names[j]]
		}
		return names[i] < names[j]
	})
	const most = 3
	more := ""
	if len(names) > most {
		more = fmt.Sprintf(" and %d more", len(names)-most)
	}
	m := group[0].mutant
	return fmt.Sprintf("| %s | %s | %d | %d | %s%s |\n", m.file, m.function, len(group), killed,
		strings.Join(names[:min(most, len(names))], ", "), more)
}

// topLevel gives the test that a subtest belongs to.
func topLevel(killer string) string {
	pkg, test, found := strings.Cut(killer, ".")
	if !found {
		return killer
	}
	test, _, _ = strings.Cut(test, "/")
	return pkg + "." + test
}

// code shows a mutant's edit where Markdown would mistake its characters.
func code(m mutant) string {
	s := m.what
	if m.ordinal > 1 {
		s += fmt.Sprintf(" (%d)", m.ordinal)
	}
	return "`" + s + "`"
}

var written = regexp.MustCompile(`(?m)^\| (\S+) \| (\S+) \| \d+ \| \d+ \| (.*) \|$`)

// remembered reads from an earlier report which tests to try first for the
// mutants of each function. There may be no report.
func remembered(path string) map[string][]string {
	text, _ := os.ReadFile(path)
	killers := map[string][]string{}
	for _, m := range written.FindAllStringSubmatch(string(text), -1) {
		list, _, _ := strings.Cut(m[3], " and ")
		killers[m[1]+" "+m[2]] = strings.Split(list, ", ")
	}
	return killers
}
