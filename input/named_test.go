package input

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// twoInputs are those of a model: three numbers and one.
func twoInputs() []Spec {
	return []Spec{{Name: "a", Shape: []int{1, 3}}, {Name: "b=c", Shape: []int{1}}}
}

// files writes files into one folder and makes it the working directory.
func files(t *testing.T, contents map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, data := range contents {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

// aFew are files for the two inputs, in every format that has names and in one that has not.
func aFew(t *testing.T) map[string]string {
	a := npyBytes(t, 1, "<f4", "(3,)", false, little, []float32{1, 2, 3})
	b := npyBytes(t, 1, "<i8", "()", false, little, int64(7))
	as := npyBytes(t, 1, "<f4", "(2, 3)", false, little, []float32{1, 2, 3, 4, 5, 6})
	bs := npyBytes(t, 1, "<i8", "(2,)", false, little, []int64{7, 8})
	return map[string]string{
		"one.npz":      string(zipBytes(t, member{"a.npy", a}, member{"b=c.npy", b}, member{"label.npy", b})),
		"set.npz":      string(zipBytes(t, member{"a.npy", as}, member{"b=c.npy", bs})),
		"odd.npz":      string(zipBytes(t, member{"a.npy", as}, member{"b=c.npy", b})),
		"half.npz":     string(zipBytes(t, member{"a.npy", a}, member{"A.npy", b})),
		"twice.npz":    string(zipBytes(t, member{"a.npy", a}, member{"a.npy", a}, member{"b=c.npy", b})),
		"a.npy":        string(a),
		"b.npy":        string(b),
		"as.npy":       string(as),
		"bs.npy":       string(bs),
		"one.json":     `{"a": [1, 2, 3], "b=c": 7, "label": "unread"}`,
		"set.json":     `{"a": [[1, 2, 3], [4, 5, 6]], "b=c": [7, 8]}`,
		"ezkl.json":    `{"input_data": [[1, 2, 3], [7]]}`,
		"ezkls.json":   `{"input_data": [[1, 2, 3, 4, 5, 6], [7, 8]]}`,
		"list.json":    `[{"a": [1, 2, 3], "b=c": [7]}, {"a": [4, 5, 6], "b=c": 8}]`,
		"lines.jsonl":  `{"a": [1, 2, 3], "b=c": [7]}` + "\n" + `{"a": [[4, 5, 6]], "b=c": 8}` + "\n",
		"twice.json":   `{"a": [1, 2, 3], "b=c": 7, "a": [4, 5, 6]}`,
		"case.json":    `{"a": [1, 2, 3], "b=c": 7, "A": [4, 5, 6]}`,
		"two.jsonl":    `{"a": [[1, 2, 3], [4, 5, 6]], "b=c": [7, 8]}` + "\n" + `{"a": [1, 2, 3], "b=c": 8}`,
		"holes.jsonl":  `{"a": [1, 2, 3], "b=c": [7]}` + "\n" + `{"a": [4, 5, 6]}`,
		"plain.json":   `[1, 2, 3]`,
		"columns.csv":  "b=c,unread,a\n7,x,1\n8,y,2\n",
		"nameless.csv": "7,1\n8,2\n",
		"equal.csv":    "a,a,b=c\n1,2,3\n",
	}
}

func TestReadInputs(t *testing.T) {
	files(t, aFew(t))
	one, two := [][]float64{{1, 2, 3}, {7}}, [][]float64{{1, 2, 3, 4, 5, 6}, {7, 8}}
	for _, test := range []struct {
		refs  string
		items int
		want  [][]float64
	}{
		{"one.npz", 1, one},
		{"one.json", 1, one},
		{"ezkl.json", 1, one},
		{"a=a.npy b=c=b.npy", 1, one},
		{"b=c=one.json#b=c a=one.npz#a", 1, one},
		{"a=plain.json one.npz", 1, one}, // a by itself, the others from the archive
		{"list.json:0", 1, one},
		{"lines.jsonl:0", 1, one},
		{"set.npz:0", 1, one},
		{"set.npz", 2, two},
		{"set.json", 2, two},
		{"ezkls.json", 2, two},
		{"list.json", 2, two},
		{"lines.jsonl", 2, two},
		{"a=as.npy b=c=bs.npy", 2, two},
		{"a=as.npy:0 b=c=bs.npy a=as.npy:1", 2, two},
		{"lines.jsonl:0 set.npz:1", 2, two},
	} {
		got, err := ReadInputs(strings.Fields(test.refs), nil, twoInputs(), test.items)
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, %v", test.refs, got, err)
		}
	}
	got, err := ReadInputs([]string{"-"}, strings.NewReader(`{"a": [1, 2, 3], "b=c": 7}`), twoInputs(), 1)
	if err != nil || !reflect.DeepEqual(got, one) {
		t.Errorf("standard input: %v, %v", got, err)
	}
}

// TestUnread: nothing needs to be given for an input that is not asked for.
func TestUnread(t *testing.T) {
	files(t, aFew(t))
	specs := twoInputs()
	specs[0].Unread = true
	for _, refs := range []string{"b=c=b.npy", "one.npz", "half.npz b=c=b.npy", "a=none.npy b=c=b.npy", "ezkl.json"} {
		got, err := ReadInputs(strings.Fields(refs), nil, specs, 1)
		if err != nil || !reflect.DeepEqual(got, [][]float64{nil, {7}}) {
			t.Errorf("%s: %v, %v", refs, got, err)
		}
	}
	if _, err := ReadInputs([]string{"a=a.npy"}, nil, specs, 1); err == nil {
		t.Error("the input that is asked for is missing")
	}
}

// TestReadInputsOfOne: a model with one input is given files as they are, with or without
// its name before them.
func TestReadInputsOfOne(t *testing.T) {
	contents := aFew(t)
	contents["a=1.npy"] = contents["a.npy"]
	files(t, contents)
	only := twoInputs()[:1]
	for refs, items := range map[string]int{"a.npy": 1, "a=a.npy": 1, "a=1.npy": 1, "a=1.npy a=plain.json": 2,
		"as.npy": 2, "a=-": 1} {
		got, err := ReadInputs(strings.Fields(refs), strings.NewReader("[1, 2, 3]"), only, items)
		if err != nil || len(got) != 1 || len(got[0]) != 3*items || got[0][2] != 3 {
			t.Errorf("%s: %v, %v", refs, got, err)
		}
	}
}

func TestReadInputsRefuses(t *testing.T) {
	files(t, aFew(t))
	for _, test := range []struct {
		refs  string
		items int
		want  string
	}{
		{"a=a.npy", 1,
			`nothing is given for input "b=c"; add b=c=FILE, or give one file that has the names of all inputs`},
		{"A=a.npy b=c=b.npy", 1, `"A": the model has no input with this name; its inputs are ["a" "b=c"]`},
		{"a=a.npy b=c=b.npy one.npz", 1, "one.npz: every input already has its own file"},
		{"a=a.npy a=a.npy b=c=b.npy", 1, `input "a": option Input: 2 files; a proof of this model is about 1 sample`},
		{"a=as.npy b=c=bs.npy", 1, `input "a": as.npy: holds 2 samples; pick one`},
		{"one.npz one.npz", 1, "option Input: 2 files; a proof of this model is about 1 sample"},
		{"a=as.npy b=c=b.npy", 2, `input "b=c": b.npy: holds 1 sample; a proof of this model is about 2`},
		{"a=- b=c=-", 1, "standard input is named 2 times, but can be read only once"},
		{"a.npy", 1, "a.npy: is a file of format npy, which holds one array, but the model has several inputs"},
		{"plain.json", 1, "is a file of format JSON with a list, which holds one array"},
		{"one.npz#a", 1, "#a picks one part of the file, but the model's inputs are found in it by name"},
		{"a=a.npy b.npy", 1, "b.npy: is a file of format npy, which holds one array, but the model has several inputs"},
		{"half.npz", 1, `half.npz: holds no array "b=c", which the model has as an input; it holds ["A" "a"]`},
		{"twice.npz", 1, `twice.npz: holds the array "a" twice`},
		{"twice.json", 1, `twice.json: holds the member "a" twice`},
		{"case.json", 1, `case.json: holds the members "a" and "A", which differ only in case`},
		{"odd.npz", 1, `odd.npz: input "a" has 2 samples, and input "b=c" has 1; give the same number of each`},
		{"holes.jsonl:1", 1,
			`holes.jsonl: input "b=c": record 1: holds no member "b=c", which the model has as an input; ` +
				`it holds ["a"]`},
		{"two.jsonl:0", 1, `two.jsonl: input "a": record 0: holds 2 samples; a record has one`},
		{"lines.jsonl", 1, "lines.jsonl: holds 2 samples; pick one by its number from 0, as lines.jsonl:0"},
		{"none.npz", 1, "none.npz: no such file"},
		{"a=none.npy b=c=b.npy", 1, `input "a": none.npy: no such file`},
	} {
		_, err := ReadInputs(strings.Fields(test.refs), nil, twoInputs(), test.items)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got  %v\nwant %s", test.refs, err, test.want)
		}
	}
}

func TestReadSamples(t *testing.T) {
	files(t, aFew(t))
	two := [][][]float64{{{1, 2, 3}, {7}}, {{4, 5, 6}, {8}}}
	for _, refs := range []string{"set.npz", "set.json", "list.json", "lines.jsonl", "ezkls.json",
		"a=as.npy b=c=bs.npy", "b=c=set.json#b=c set.npz"} {
		got, err := ReadSamples(strings.Fields(refs), nil, twoInputs(), 0)
		if err != nil || !reflect.DeepEqual(got, two) {
			t.Errorf("%s: %v, %v", refs, got, err)
		}
		if got, err = ReadSamples(strings.Fields(refs), nil, twoInputs(), 1); err != nil ||
			!reflect.DeepEqual(got, two[:1]) {
			t.Errorf("%s, the first only: %v, %v", refs, got, err)
		}
	}
	numbers := []Spec{{Name: "a", Shape: []int{1, 1}}, {Name: "b=c", Shape: []int{1}}}
	columns, err := ReadSamples([]string{"columns.csv"}, nil, numbers, 0)
	if err != nil || !reflect.DeepEqual(columns, [][][]float64{{{1}, {7}}, {{2}, {8}}}) {
		t.Errorf("columns by name: %v, %v", columns, err)
	}
	for _, test := range []struct {
		refs  string
		specs []Spec
		want  string
	}{
		{"a=as.npy b=c=b.npy", twoInputs(), `input "a" has 2 samples, and input "b=c" has 1`},
		{"odd.npz", twoInputs(), `input "a" has 2 samples, and input "b=c" has 1`},
		{"set.npz set.npz", twoInputs(), "2 files of samples; give one file that holds them all"},
		{"nameless.csv", numbers,
			`holds no column with a name; the model's inputs are found by name, as "a" is`},
		{"equal.csv", numbers, `has 2 columns "a"`},
		{"a=as.npy b=c=bs.npy", numbers, `input "a": as.npy: has shape 2x3; input "a" wants 1x1`},
	} {
		if _, err := ReadSamples(strings.Fields(test.refs), nil, test.specs, 0); err == nil ||
			!strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got  %v\nwant %s", test.refs, err, test.want)
		}
	}
}

func TestPathOfNamed(t *testing.T) {
	files(t, aFew(t))
	for ref, want := range map[string]string{
		"a.npy": "a.npy", "a=a.npy": "a.npy", "b=c=set.npz#a:1": "set.npz", "a=-": "-", "-": "-",
		"a=none.npy": "a=none.npy",
	} {
		if got := Path(ref); got != want {
			t.Errorf("%s: %s, want %s", ref, got, want)
		}
	}
}
