package input

import (
	"reflect"
	"strings"
	"testing"
)

// sized is an input with sizes; 0 is an unknown one, which is called what names say.
func sized(name string, sizes []int, names ...string) Spec {
	s := Spec{Name: name}
	for i, n := range sizes {
		s.Sizes = append(s.Sizes, Size{N: n, Name: names[i]})
	}
	return s
}

// TestShapesOfSamples takes unknown sizes from arrays of samples and from single ones.
func TestShapesOfSamples(t *testing.T) {
	words := sized("words", []int{0, 0}, "batch", "length")
	picture := sized("picture", []int{1, 1, 0, 4}, "", "", "height", "")
	steps := sized("steps", []int{0, 0, 2}, "batch", "", "")
	row := sized("row", []int{0}, "width")
	npy := func(shape string, n int) string {
		return string(npyBytes(t, 1, "<f4", shape, false, little, make([]float32, n)))
	}
	files(t, map[string]string{
		"set.npy": npy("(3, 5)", 15), "batches.npy": npy("(3, 1, 5)", 15), "twos.npy": npy("(3, 2, 5)", 30),
		"pictures.npy": npy("(2, 4, 4)", 32), "planes.npy": npy("(2, 1, 4, 4)", 32), "one.npy": npy("(3, 4)", 12),
		"steps.npy": npy("(2, 3, 2)", 12), "flat.npy": npy("(5,)", 5), "set.csv": "1,2,3\n4,5,6\n",
		"set.jsonl": `{"words": [1, 2]} {"words": [3, 4]}`, "one.json": `{"words": [[1, 2, 3]]}`,
		"ezkl.json": `{"input_data": [[1, 2, 3, 4]]}`,
	})
	for _, of := range []struct {
		ref  string
		spec Spec
		want []int
	}{
		{"set.npy", words, []int{1, 5}},
		{"batches.npy", words, []int{1, 5}},
		{"twos.npy", words, []int{2, 5}},
		{"set.csv", words, []int{1, 3}},
		{"set.jsonl", words, []int{1, 2}},
		{"one.json", words, []int{1, 3}},
		{"ezkl.json", words, nil},
		{"missing.npy", words, nil},
		{"-", words, nil},
		{"pictures.npy", picture, []int{1, 1, 4, 4}},
		{"planes.npy", picture, []int{1, 1, 4, 4}},
		{"one.npy", picture, []int{1, 1, 3, 4}},
		{"steps.npy", steps, []int{1, 3, 2}},
		{"set.npy", row, []int{5}},
		{"flat.npy", row, []int{5}},
		{"set.npy", Spec{Name: "known", Shape: []int{5}}, nil},
	} {
		got, err := Shapes([]string{of.ref}, []Spec{of.spec}, 0)
		if err != nil || !reflect.DeepEqual(got[of.spec.Name], of.want) {
			t.Errorf("%s of %s: %v, %v; want %v", of.spec.Name, of.ref, got, err, of.want)
		}
	}
}

// TestShapesThatDisagree names the size, the inputs and the samples.
func TestShapesThatDisagree(t *testing.T) {
	words, mask := sized("words", []int{0, 0}, "batch", "length"), sized("mask", []int{0, 0}, "batch", "length")
	other := sized("words", []int{1, 0}, "", "")
	records := `{"words": [1, 2], "mask": [1, 1]} {"words": [1, 2], "mask": [1, 0]} {"words": [1], "mask": [1]}`
	files(t, map[string]string{
		"records.jsonl": records, "both.json": `{"words": [[1, 2]], "mask": [[1, 1, 1]]}`,
		"unnamed.jsonl": `{"words": [[1, 2]]} {"words": [[1]]}`,
		"deep.json":     `[[[[1]]]]`, "deep.jsonl": `{"words": [1]} {"words": [[[[1, 2]]]]}`,
	})
	for _, of := range []struct {
		ref   string
		specs []Spec
		limit int
		want  string
	}{
		{"both.json", []Spec{words, mask}, 0, `the size "length" is 2 in input "words", and 3 in input "mask"`},
		{"records.jsonl", []Spec{words, mask}, 0, `the size "length" is 2 in input "words" of record 0, and 1 in ` +
			`input "words" of record 2`},
		{"unnamed.jsonl", []Spec{other}, 0, `size 1 of input "words" is 2 in`},
		{"records.jsonl", []Spec{words, mask}, 2, ""},
		{"records.jsonl:2", []Spec{words, mask}, 0, ""},
		{"deep.json", []Spec{sized("words", []int{1, 3, 0}, "", "", "n")}, 0,
			`has shape 1x1x1x1; input "words" wants 1x3xn`},
		{"deep.jsonl", []Spec{sized("words", []int{3, 0}, "", "")}, 0, `record 0 has shape 1; input "words" wants 3x?`},
	} {
		_, err := Shapes([]string{of.ref}, of.specs, of.limit)
		if got := errText(err); of.want == "" && err != nil || !strings.Contains(got, of.want) {
			t.Errorf("%s: %s, not %s", of.ref, got, of.want)
		}
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
