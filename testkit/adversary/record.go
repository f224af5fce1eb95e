package adversary

import (
	"cmp"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Records are files that say what must be true of a circuit under attack: a folder
// with a file for each subject (a gadget, an operator, a model), and in the file a line
// for each case: the case, and what is true of it, separated by tabs. They hold no
// counts, which depend on the number of lies: those go to Counts. So a change to a
// gadget changes only that gadget's file, and only if something else becomes true.
type Records struct {
	// Update has Check rewrite the files.
	Update bool
	folder string
	before map[place]string
	now    map[place][]string
	kept   map[place]bool
	counts []string
}

// place is the place of a line.
type place struct{ subject, name string }

// NewRecords reads the records of a folder, which may be empty or missing.
func NewRecords(t testing.TB, folder string, update bool) *Records {
	t.Helper()
	r := &Records{Update: update, folder: folder, before: map[place]string{}, now: map[place][]string{},
		kept: map[place]bool{}}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(folder, path)
		subject := strings.TrimSuffix(filepath.ToSlash(rel), extension)
		for line := range strings.Lines(string(data)) {
			name, facts, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
			r.before[place{subject, name}] = facts
		}
		return err
	})
	if err != nil && !update {
		t.Fatal(err)
	}
	return r
}

// extension is that of a record's file.
const extension = ".txt"

// Says adds what is true of a case of a subject.
func (r *Records) Says(subject, name string, facts ...string) {
	at := place{subject, name}
	r.now[at] = append(r.now[at], facts...)
}

// Keep keeps the record of a case that is not available for examination.
func (r *Records) Keep(subject, name string) { r.kept[place{subject, name}] = true }

// Attacked records a tally and counts it. It fails the test of every attack that
// was admitted.
func (r *Records) Attacked(t testing.TB, subject, name string, s *System, tally Tally) {
	t.Helper()
	for _, a := range tally.Accepted {
		t.Errorf("%s: %s: %s", subject, name, a)
	}
	r.Says(subject, name, fmt.Sprintf("%d admitted", len(tally.Accepted)))
	r.Count(subject, name, s.Gates, s.Chosen(), tally.Tried, len(tally.Accepted), tally.reasons())
}

// Pinned records what pins the wires of a structure. It fails the test of every
// wire that is loose.
func (r *Records) Pinned(t testing.TB, subject, name string, p Pins) {
	t.Helper()
	for _, fault := range p.Loose {
		t.Errorf("%s: %s: %s", subject, name, fault)
	}
	r.Says(subject, name, fmt.Sprintf("%d loose", len(p.Loose)), "pinned by "+p.kinds())
}

// kinds lists what pins wires, without counts.
func (p Pins) kinds() string {
	var out []string
	for _, k := range []struct {
		name  string
		wires int
	}{{"range polynomials", p.Polynomials}, {"lookups", p.Lookups}, {"equations", p.Equations}} {
		if k.wires > 0 {
			out = append(out, k.name)
		}
	}
	if len(out) == 0 {
		return "nothing: no wire is the prover's choice"
	}
	return strings.Join(out, ", ")
}

// Add adds the wires of another structure.
func (p *Pins) Add(o Pins) {
	p.Advice += o.Advice
	p.Polynomials += o.Polynomials
	p.Equations += o.Equations
	p.Lookups += o.Lookups
	p.Loose = append(p.Loose, o.Loose...)
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

// Count adds a line to the counts, which are for the report of a release.
func (r *Records) Count(subject, name string, cells ...any) {
	line := subject + "\t" + name
	for _, c := range cells {
		line += "\t" + fmt.Sprint(c)
	}
	r.counts = append(r.counts, line)
}

// Check compares the records with their files, or rewrites them, and writes the
// counts to the folder that ZKML_COUNTS names, if it does.
func (r *Records) Check(t testing.TB) {
	t.Helper()
	if err := r.writeCounts(); err != nil {
		t.Fatal(err)
	}
	// A part of the examination, chosen by -run, knows nothing of the other cases.
	part := strings.Contains(flag.Lookup("test.run").Value.String(), "/")
	if r.Update {
		if err := r.write(part); err != nil {
			t.Fatal(err)
		}
		return
	}
	for at, facts := range r.now {
		if now, was := strings.Join(facts, "\t"), r.before[at]; was != now {
			t.Errorf("%s: the record has\t%s\nnow it is\t%s", r.file(at.subject), was, at.name+"\t"+now)
		}
	}
	for at := range r.before {
		if r.now[at] == nil && !r.kept[at] && !part {
			t.Errorf("%s has %q, which is no longer examined", r.file(at.subject), at.name)
		}
	}
	if t.Failed() {
		t.Log("if that is meant, run the test with -update")
	}
}

func (r *Records) file(subject string) string {
	return filepath.Join(r.folder, filepath.FromSlash(subject)+extension)
}

// write rewrites the files. What was not examined stays if it is kept, or if only a
// part was run.
func (r *Records) write(part bool) error {
	files := map[string][]string{}
	for at, facts := range r.before {
		if _, there := files[at.subject]; !there {
			files[at.subject] = nil // one without lines is removed
		}
		if r.now[at] == nil && (part || r.kept[at]) {
			files[at.subject] = append(files[at.subject], at.name+"\t"+facts)
		}
	}
	for at, facts := range r.now {
		files[at.subject] = append(files[at.subject], at.name+"\t"+strings.Join(facts, "\t"))
	}
	for subject, lines := range files {
		path := r.file(subject)
		if len(lines) == 0 {
			if err := os.Remove(path); err != nil {
				return err
			}
			continue
		}
		slices.Sort(lines)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// writeCounts writes the counts under the name of the package's folder.
func (r *Records) writeCounts() error {
	folder := os.Getenv("ZKML_COUNTS")
	if folder == "" || len(r.counts) == 0 {
		return nil
	}
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	text := strings.Join(r.counts, "\n") + "\n"
	return os.WriteFile(filepath.Join(folder, filepath.Base(here)+".tsv"), []byte(text), 0o644)
}
