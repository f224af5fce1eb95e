package input

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// colours is an input of texts, two in a sample.
func colours(others bool) Spec {
	texts := NewTexts([]string{"red", " green", "1"}, others)
	return Spec{Name: "colour", Shape: []int{1, 2}, Integers: true, Texts: texts}
}

// TestTexts reads texts as their numbers from every format that has texts.
func TestTexts(t *testing.T) {
	cases := []struct {
		name, file, data, part string
		others                 bool
		want                   []float64 // of all samples
		err                    string
	}{
		{name: "rows", file: "x.csv", data: "red,green\n1, red\n", want: []float64{0, 1, 2, 0}},
		{name: "names above", file: "x.csv", data: "a,b\nred, green \n", want: []float64{0, 1}},
		{name: "columns", file: "x.csv", data: "a,n,b\nred,5,1\n", part: "#a,b", want: []float64{0, 2}},
		{name: "quotes", file: "x.csv", data: "\"red\",\" green\"\n", want: []float64{0, 1}},
		{name: "unknown", file: "x.csv", data: "red,green\nblue,red\n",
			err: `row 1, column 0 (line 2): a text that the model does not know; it knows ["red" " green" "1"]`},
		{name: "others", file: "x.csv", data: "red,green\nblue,red\n", others: true, want: []float64{0, 1, 3, 0}},
		{name: "a list", file: "x.json", data: `[["red", " green"]]`, want: []float64{0, 1}},
		{name: "a member", file: "x.json", data: `{"colour": ["1", "red"]}`, want: []float64{2, 0}},
		{name: "records", file: "x.json", data: `{"colour": ["1", "red"]}` + "\n" + `{"colour": ["red", "red"]}`,
			want: []float64{2, 0, 0, 0}},
		{name: "exactly", file: "x.json", data: `["red", "green"]`, err: "at [1]: a text that the model does not know"},
		{name: "a number", file: "x.json", data: `["red", 1]`, err: "at [1]: a number, and the input is of texts"},
		{name: "a truth", file: "x.json", data: `["red", true]`,
			err: "at [1]: true or false, and the input is of texts"},
		{name: "an array of texts", file: "x.npy", data: textArray("<U5", strings.Repeat("r\x00\x00\x00", 10)),
			err: "its elements are texts, which are read from CSV and JSON only"},
		{name: "an array of numbers", file: "x.npy", data: textArray("|u1", "\x01\x02"), want: []float64{1, 2}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), c.file)
			if err := os.WriteFile(path, []byte(c.data), 0o600); err != nil {
				t.Fatal(err)
			}
			set, err := ReadSet(path+c.part, nil, colours(c.others), 0)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), "blue") {
					t.Fatalf("%v, want %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []float64
			for _, x := range set {
				got = append(got, x.Data...)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// textArray is an npy file of two elements.
func textArray(descr, data string) string {
	header := "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (1, 2), }\n"
	return "\x93NUMPY\x01\x00" + string(rune(len(header))) + "\x00" + header + data
}

// TestTextsBesideNumbers reads columns of texts and of numbers from one file.
func TestTextsBesideNumbers(t *testing.T) {
	specs := []Spec{
		{Name: "age", Shape: []int{1, 1}},
		{Name: "colour", Shape: []int{1, 1}, Integers: true, Texts: NewTexts([]string{"red", "green"}, false)},
	}
	path := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(path, []byte("colour,age,note\nred,5,x\ngreen,6,y\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := ReadSamples([]string{path}, nil, specs, 0)
	if err != nil {
		t.Fatal(err)
	}
	want := [][][]float64{{{5}, {0}}, {{6}, {1}}}
	for i := range want {
		if !slices.EqualFunc(got[i], want[i], slices.Equal) {
			t.Errorf("sample %d is %v, want %v", i, got[i], want[i])
		}
	}
}

// TestSpacesAround: a cell with spaces is the text without them only where there is one.
func TestSpacesAround(t *testing.T) {
	texts := NewTexts([]string{"a", " a", "b "}, false)
	for cell, want := range map[string]float64{"a": 0, " a": 1, "b": 2, "b ": 2} {
		if got, err := texts.cell(cell); err != nil || got != want {
			t.Errorf("%q is %v, %v, want %v", cell, got, err, want)
		}
	}
	if _, err := texts.cell("  a"); err == nil {
		t.Error("one of two texts was taken")
	}
}

// TestTextLabels reads the names of classes, or their numbers.
func TestTextLabels(t *testing.T) {
	cats, digits := NewTexts([]string{"cat", "dog"}, false), NewTexts([]string{"7", "3", "1"}, false)
	for _, c := range []struct {
		name, data string
		names      *Texts
		want       []int
		err        string
	}{
		{"x.csv", "label\ndog\ncat\n", cats, []int{1, 0}, ""},
		{"x.csv", "dog\ncat\n", cats, []int{1, 0}, ""},
		{"x.csv", "1\n0\n", cats, []int{1, 0}, ""},
		{"x.json", `["dog", "cat"]`, cats, []int{1, 0}, ""},
		{"x.json", `[1, 0]`, cats, []int{1, 0}, ""},
		{"x.csv", "3\n1\n", digits, []int{1, 2}, ""},
		{"x.json", `[3, 1]`, digits, []int{1, 2}, ""},
		{"x.json", `[2, 1]`, digits, []int{2, 1}, ""},
		{"x.npy", textArray("|u1", "\x03\x01"), digits, []int{1, 2}, ""},
		{"x.csv", "label\ndog\nbird\n", cats, nil, `a text that the model does not know; it knows ["cat" "dog"]`},
	} {
		path := filepath.Join(t.TempDir(), c.name)
		if err := os.WriteFile(path, []byte(c.data), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := ReadTextLabels(path, nil, c.names, 0)
		wanted := err == nil && c.err == "" || err != nil && c.err != "" && strings.Contains(err.Error(), c.err)
		if !slices.Equal(got, c.want) || !wanted {
			t.Errorf("%q gives %v, %v, want %v", c.data, got, err, c.want)
		}
	}
}
