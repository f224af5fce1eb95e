package input

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestKeyed reads maps: objects of JSON, and columns of CSV, by their keys.
func TestKeyed(t *testing.T) {
	for _, c := range []struct{ file, text, want, refuse string }{
		{"a.json", `{"c": 3, "a": 1.5}`, "[[1.5 0 3]]", ""},
		{"b.json", `{"x": {"b": true, "other": 7}}`, "[[0 1 0]]", ""},
		{"c.json", `[{"a": 1}, {"b": 2}, {}]`, "[[1 0 0] [0 2 0] [0 0 0]]", ""},
		{"d.jsonl", "{\"a\": 1}\n{\"x\": {\"c\": 2}}\n", "[[1 0 0] [0 0 2]]", ""},
		{"e.json", `[[1, 2, 3], [4, 5, 6]]`, "[[1 2 3] [4 5 6]]", ""},
		{"f.json", `{"input_data": [[1, 2, 3]]}`, "[[1 2 3]]", ""},
		{"g.json", `{"x": [1, 2, 3]}`, "[[1 2 3]]", ""},
		{"a.csv", "when, c ,a\n9,3,1.5\n8,4,2\n", "[[1.5 0 3] [2 0 4]]", ""},
		{"b.csv", "1,2,3\n", "[[1 2 3]]", ""},
		{"h.json", `{"d": 1}`, "", `none of its members is a key of the model's map; the keys are ["a" "b" "c"]`},
		{"i.json", `{"a": [1]}`, "", `key "a": a list where a number is expected`},
		{"j.json", `{"a": "1"}`, "", `key "a": at the top: expected a number`},
		{"k.json", `{"a": 1, "a": 2}`, "", `the member "a" twice`},
		{"c.csv", "d,e\n1,2\n", "", "none of its columns is a key"},
		{"d.csv", "a,a\n1,2\n", "", `has several columns "a"`},
		{"e.csv", "a,b\n1,two\n", "", "row 0, column 1 (line 2)"},
	} {
		path := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		spec := Spec{Name: "x", Shape: []int{1, 3}, Keys: []string{"a", "b", "c"}}
		set, err := ReadSet(path, nil, spec, 0)
		var got [][]float64
		for _, x := range set {
			got = append(got, x.Data)
		}
		switch {
		case c.refuse != "":
			if err == nil || !strings.Contains(err.Error(), c.refuse) {
				t.Errorf("%s: %v, want %q", c.file, err, c.refuse)
			}
		case err != nil || fmt.Sprint(got) != c.want:
			t.Errorf("%s: %v, %v, want %s", c.file, got, err, c.want)
		}
	}
	// Beside another input both are found by name.
	path := filepath.Join(t.TempDir(), "two.json")
	if err := os.WriteFile(path, []byte(`{"n": [5], "x": {"b": 2}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	x, err := ReadInputs([]string{path}, nil, []Spec{{Name: "n", Shape: []int{1}},
		{Name: "x", Shape: []int{1, 3}, Keys: []string{"a", "b", "c"}}}, 1)
	if err != nil || fmt.Sprint(x) != "[[5] [0 2 0]]" {
		t.Errorf("%v, %v", x, err)
	}
}
