package input

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/tensor"
)

// tensorSpecs are those of twoInputs, with a stand-in for ONNX's tensors: a name, a bar,
// and a byte for each element.
func tensorSpecs() []Spec {
	list := twoInputs()
	for i := range list {
		list[i].TensorName = func(data []byte) string {
			name, _, _ := bytes.Cut(data, []byte("|"))
			return string(name)
		}
		list[i].TensorProto = func(data []byte) (*tensor.Float, error) {
			_, values, _ := bytes.Cut(data, []byte("|"))
			t := tensor.New[float64](len(values))
			for i, b := range values {
				t.Data[i] = float64(b)
			}
			return t, nil
		}
	}
	return list
}

// tensorFolders writes folders of tensors and makes their parent the working directory.
func tensorFolders(t *testing.T, folders map[string][]string) {
	t.Helper()
	files(t, nil)
	for folder, tensors := range folders {
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		for k, text := range append(tensors, "output|\x00") {
			name := tensorFile(k)
			if k == len(tensors) {
				name = "output_0.pb"
			}
			if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestTensorFolders(t *testing.T) {
	tensorFolders(t, map[string][]string{
		"named":    {"b=c|\x07", "a|\x01\x02\x03"},
		"position": {"x|\x01\x02\x03", "y|\x07"},
		"nameless": {"|\x01\x02\x03", "|\x07"},
		"more":     {"z|\x09", "a|\x01\x02\x03", "b=c|\x07"},
		"single":   {"whatever|\x01\x02\x03"},
	})
	want := [][]float64{{1, 2, 3}, {7}}
	for _, refs := range []string{"named", "position", "nameless", "more", "a=named b=c=named", "a=single b=c=more",
		"a=single named", "named:0"} {
		got, err := ReadInputs(strings.Fields(refs), nil, tensorSpecs(), 1)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, %v", refs, got, err)
		}
		samples, err := ReadSamples(strings.Fields(refs), nil, tensorSpecs(), 0)
		if err != nil || len(samples) != 1 || !reflect.DeepEqual(samples[0], want) {
			t.Errorf("%s as samples: %v, %v", refs, samples, err)
		}
	}
}

func TestTensorFoldersRefuse(t *testing.T) {
	tensorFolders(t, map[string][]string{
		"one":     {"a|\x01\x02\x03"},
		"strange": {"x|\x01\x02\x03"},
		"three":   {"x|\x01\x02\x03", "y|\x07", "z|\x07"},
		"turned":  {"x|\x07", "y|\x01\x02\x03"},
		"empty":   nil,
	})
	for refs, want := range map[string]string{
		"one": `one: holds no tensor "b=c", which is an input of the model; it holds ["a"], for the inputs ` +
			`["a" "b=c"]; name a file for each input, as NAME=FILE`,
		"strange":         `strange: holds no tensor "a"`,
		"three":           `three: holds no tensor "a"`,
		"b=c=three a=one": `input "b=c": three: holds no tensor "b=c"`,
		"turned":          `turned: has shape 1; input "a" wants 1x3`,
		"empty":           "empty: is a folder without input_0.pb; name one file in it",
		"one#a":           "#a picks one part of a file, and this is a folder of tensors",
	} {
		_, err := ReadInputs(strings.Fields(refs), nil, tensorSpecs(), 1)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got  %v\nwant %s", refs, err, want)
		}
	}
}

// TestTensorFoldersAreBounded: the files of a folder are bounded together.
func TestTensorFoldersAreBounded(t *testing.T) {
	most := budget.DataBytes.Most
	defer func() { budget.DataBytes.Most = most }()
	tensorFolders(t, map[string][]string{"d": {"a|\x01\x02\x03", "b=c|\x07", "z|\x09"}})
	for limit, want := range map[int64]string{13: "", 12: "input_0.pb to input_2.pb hold more than 12 bytes together"} {
		budget.DataBytes.Most = limit
		_, err := ReadInputs([]string{"d"}, nil, tensorSpecs(), 1)
		if got := fmt.Sprint(err); want == "" && err != nil || !strings.Contains(got, want) {
			t.Errorf("with %d bytes: %v", limit, err)
		}
	}
}
