package adversary

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// told is a testing.TB that remembers errors in place of failing.
type told struct {
	testing.TB
	errors []string
}

func (t *told) Helper()                   {}
func (t *told) Log(...any)                {}
func (t *told) Failed() bool              { return len(t.errors) > 0 }
func (t *told) Errorf(f string, _ ...any) { t.errors = append(t.errors, f) }

// examined records two subjects; max has a wire that is loose if loose is set.
func examined(tb testing.TB, folder string, update bool, loose ...string) *Records {
	r := NewRecords(tb, folder, update)
	r.Attacked(tb, "gadget/max", "of two", &System{}, Tally{Tried: 7})
	r.Pinned(tb, "gadget/max", "of two", Pins{Lookups: 3, Loose: loose})
	r.Says("operator/Relu", "all", "0 admitted")
	return r
}

func TestRecords(t *testing.T) {
	folder := t.TempDir()
	examined(t, folder, true).Check(t)
	got, err := os.ReadFile(filepath.Join(folder, "gadget", "max.txt"))
	if err != nil || string(got) != "of two\t0 admitted\t0 loose\tpinned by lookups\n" {
		t.Fatalf("%q, %v", got, err)
	}
	tests := []struct {
		name    string
		examine func(tb testing.TB) *Records
		errors  int
	}{
		{"the same", func(tb testing.TB) *Records { return examined(tb, folder, false) }, 0},
		// the wire itself, and the record
		{"a loose wire", func(tb testing.TB) *Records { return examined(tb, folder, false, "w") }, 2},
		{"a case less", func(tb testing.TB) *Records {
			r := NewRecords(tb, folder, false)
			r.Says("operator/Relu", "all", "0 admitted")
			return r
		}, 1},
		{"a case kept", func(tb testing.TB) *Records {
			r := NewRecords(tb, folder, false)
			r.Says("operator/Relu", "all", "0 admitted")
			r.Keep("gadget/max", "of two")
			return r
		}, 0},
		{"a case more", func(tb testing.TB) *Records {
			r := examined(tb, folder, false)
			r.Says("operator/Relu", "more", "0 admitted")
			return r
		}, 1},
		{"something else", func(tb testing.TB) *Records {
			r := examined(tb, folder, false)
			r.Says("operator/Relu", "all", "1 loose")
			return r
		}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tb := &told{TB: t}
			test.examine(tb).Check(tb)
			if len(tb.errors) != test.errors {
				t.Errorf("%d errors, not %d: %v", len(tb.errors), test.errors, tb.errors)
			}
		})
	}
}

// TestRecordsRewritten checks that a subject that is gone takes its file along, and
// that what was kept stays.
func TestRecordsRewritten(t *testing.T) {
	folder := t.TempDir()
	examined(t, folder, true).Check(t)
	r := NewRecords(t, folder, true)
	r.Keep("operator/Relu", "all")
	r.Check(t)
	if _, err := os.Stat(filepath.Join(folder, "gadget", "max.txt")); !os.IsNotExist(err) {
		t.Errorf("the file of a subject that is gone: %v", err)
	}
	if _, err := os.Stat(filepath.Join(folder, "operator", "Relu.txt")); err != nil {
		t.Error(err)
	}
}

func TestCounts(t *testing.T) {
	counts := t.TempDir()
	t.Setenv("ZKML_COUNTS", counts)
	examined(t, t.TempDir(), true).Check(t)
	got, err := os.ReadFile(filepath.Join(counts, "adversary.tsv"))
	if err != nil || !strings.HasPrefix(string(got), "gadget/max\tof two\t0\t0\t7\t0\t") {
		t.Errorf("%q, %v", got, err)
	}
}
