package adversary

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Record is a file of what examinations found: a line for each, in which tabs
// part the section, the subject and the cells. docs/soundness.md is made of it.
type Record struct {
	// Update has Check rewrite the file.
	Update bool
	path   string
	before map[string]string
	lines  []string
	seen   map[string]bool
}

// NewRecord reads the record at path, if there is one.
func NewRecord(t testing.TB, path string, update bool) *Record {
	t.Helper()
	r := &Record{Update: update, path: path, before: map[string]string{}, seen: map[string]bool{}}
	data, err := os.ReadFile(path)
	if err != nil && !update {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		r.before[key(line)] = line
	}
	return r
}

// key is a line's section and subject.
func key(line string) string {
	cells := strings.SplitN(line, "\t", 3)
	return strings.Join(cells[:min(2, len(cells))], "\t")
}

// Add writes a line.
func (r *Record) Add(section, subject string, cells ...any) {
	line := section + "\t" + subject
	for _, c := range cells {
		line += "\t" + fmt.Sprint(c)
	}
	r.lines = append(r.lines, line)
	r.seen[key(line)] = true
}

// Keep repeats what is known of a subject that is not here to be examined.
func (r *Record) Keep(section, subject string) {
	if line, ok := r.before[section+"\t"+subject]; ok {
		r.lines = append(r.lines, line)
		r.seen[key(line)] = true
	}
}

// Attacked writes the line of a tally: gates, wires of the prover's choice,
// attacks, admitted ones, and rejections by constraint. It fails the test of
// every attack that was admitted.
func (r *Record) Attacked(t testing.TB, section, subject string, gates, wires int, tally Tally) {
	t.Helper()
	for _, a := range tally.Accepted {
		t.Errorf("%s: %s", subject, a)
	}
	r.Add(section, subject, gates, wires, tally.Tried, len(tally.Accepted), tally.reasons())
}

// Pinned writes the line of a structure: wires pinned by range polynomials, by
// lookups and by equations, wires that are advice, and loose ones, which fail the
// test.
func (r *Record) Pinned(t testing.TB, section, subject string, p Pins) {
	t.Helper()
	for _, fault := range p.Loose {
		t.Errorf("%s: %s", subject, fault)
	}
	r.Add(section, subject, p.Polynomials, p.Lookups, p.Equations, p.Advice, len(p.Loose))
}

// reasons lists rejections by constraint, the most frequent first.
func (t Tally) reasons() string {
	var names []string
	for name := range t.By {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(t.By[b]-t.By[a], strings.Compare(a, b))
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", name, t.By[name])
	}
	return strings.Join(names, ", ")
}

// Check compares the record with its file, or rewrites it.
func (r *Record) Check(t testing.TB) {
	t.Helper()
	if r.Update {
		if err := os.MkdirAll(filepath.Dir(r.path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(r.path, []byte(strings.Join(r.lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, line := range r.lines {
		if was := r.before[key(line)]; was != line {
			t.Errorf("%s has\t%s\nnow it is\t%s", r.path, was, line)
		}
	}
	part := strings.Contains(flag.Lookup("test.run").Value.String(), "/")
	for k, line := range r.before {
		if !part && !r.seen[k] && k != "" {
			t.Errorf("%s has\t%s\nwhich is examined no more", r.path, line)
		}
	}
	if t.Failed() {
		t.Log("if that is meant, run go generate ./dev/gen/soundness")
	}
}
