package input

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestMissing: a value may be missing where the input says so, in every format of files that
// can say so, and nowhere else; infinity is refused everywhere.
func TestMissing(t *testing.T) {
	nan := math.NaN()
	npy := func(x ...float64) []byte {
		return npyBytes(t, 1, "<f8", "(1, 4)", false, binary.LittleEndian, x)
	}
	for _, c := range []struct {
		file   string
		data   []byte
		refuse string
	}{
		{"a.csv", []byte("1,,3,nan\n"), ""},
		{"b.csv", []byte("a,b,c,d\n1, ,3,NaN\n"), ""},
		{"c.csv", []byte("1,2,,4\n"), "row 0, column 2 (line 1): empty, where a number is needed"},
		{"d.csv", []byte("1,inf,3,4\n"), "row 0, column 1 (line 1): not a finite number"},
		{"f.csv", []byte("1,2,nan,4\n"), "row 0, column 2 (line 1): not a finite number"},
		{"e.csv", []byte("1,none,3,4\n"), "row 0, column 1 (line 1): not a finite number"},
		{"a.json", []byte("[1,null,3,null]"), ""},
		{"b.json", []byte("[null,2,3,4]"), "element [0 0]: not a finite number"},
		{"c.json", []byte(`[1,"",3,4]`),
			"at [1]: expected a number or a list, and not a text; a missing value is written null"},
		{"d.json", []byte(`[1,"NaN",3,4]`), "a missing value is written null"},
		{"a.npy", npy(1, nan, 3, nan), ""},
		{"b.npy", npy(1, 2, nan, 4), "element [0 2]: not a finite number"},
	} {
		path := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		spec := row4()
		spec.Missing = func(i int) bool { return i%2 == 1 }
		got, err := Read(path, nil, spec)
		switch {
		case c.refuse != "":
			if err == nil || !strings.Contains(err.Error(), c.refuse) {
				t.Errorf("%s: %v, want %q", c.file, err, c.refuse)
			}
		case err != nil || fmt.Sprint(got.Data) != "[1 NaN 3 NaN]":
			t.Errorf("%s: %v, %v", c.file, got, err)
		}
		if _, err := Read(path, nil, row4()); err == nil {
			t.Errorf("%s: taken where no value may be missing", c.file)
		}
	}
}

// TestSurplus: the columns that no input reads are told, once.
func TestSurplus(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte("a, when ,b,answer\n1,2,3,4\n5,6,7,8\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var told []string
	surplus := func(columns []string) { told = append(told, columns...) }
	specs := []Spec{{Name: "a", Shape: []int{1}, Surplus: surplus}, {Name: "b", Shape: []int{1}, Surplus: surplus}}
	x, err := ReadSamples([]string{path}, nil, specs, 0)
	if err != nil || fmt.Sprint(x) != "[[[1] [3]] [[5] [7]]]" {
		t.Errorf("%v, %v", x, err)
	}
	if !slices.Equal(told, []string{"when", "answer"}) {
		t.Errorf("told of %q", told)
	}
	told, specs[0].Name, specs[1].Name = nil, "when", "answer"
	if _, err := ReadSamples([]string{path + "#a,b"}, nil, specs[:1], 0); err == nil || told != nil {
		t.Errorf("of one input, whose columns are named: %v, %q", err, told)
	}
}

// TestSurplusMembers: the members that no input reads are told, once, also those within a map; not
// where the reference names one, nor where no member has an input's name.
func TestSurplusMembers(t *testing.T) {
	key := []string{"age", "home"}
	for _, c := range []struct {
		text, part string
		specs      []Spec
		told       string
	}{
		{`[{"a": 1, "b": 2, "z": 3}, {"b": 2, "a": 1, "when": "now", "z": 1}]`, "", []Spec{{Name: "a"}, {Name: "b"}},
			"[when z]"},
		{`{"a": [1], "answer": [3], "b": [2]}`, "", []Spec{{Name: "a"}, {Name: "b"}}, "[answer]"},
		{`{"a": [1], "answer": [3]}`, "", []Spec{{Name: "a"}}, "[answer]"},
		{`{"a": [1], "answer": [3]}`, "#answer", []Spec{{Name: "a"}}, "[]"},
		{`{"input_data": [[1]], "output_data": [[9]]}`, "", []Spec{{Name: "a"}}, "[]"},
		{`{"other": [1]}`, "", []Spec{{Name: "a"}}, "[]"},
		{`{"age": 41, "hobby": 2}`, "", []Spec{{Name: "x", Keys: key}}, "[hobby]"},
		{`[{"a": 1, "x": {"age": 41, "hobby": 2}}]`, "", []Spec{{Name: "a"}, {Name: "x", Keys: key}}, "[hobby]"},
	} {
		path := filepath.Join(t.TempDir(), "a.json")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		told := []string{}
		for i := range c.specs {
			c.specs[i].Shape = []int{max(1, len(c.specs[i].Keys))}
			c.specs[i].Surplus = func(names []string) { told = append(told, names...) }
		}
		if _, err := ReadSamples([]string{path + c.part}, nil, c.specs, 0); err != nil || fmt.Sprint(told) != c.told {
			t.Errorf("%s: told of %q, %v", c.text, told, err)
		}
	}
}
