package input

import (
	"slices"
	"strings"
	"testing"
)

func TestReadLabels(t *testing.T) {
	tests := []struct {
		name, file string
		data       []byte
		limit      int
		want       []int
	}{
		{"idx", "a-idx1-ubyte", idxBytes(t, 0x08, []byte{7, 2, 1}, 3), 0, []int{7, 2, 1}},
		{"idx gzip limited", "a-idx1-ubyte.gz", gzipBytes(t, idxBytes(t, 0x08, []byte{7, 2, 1}, 3)), 2, []int{7, 2}},
		{"npy", "a.npy", npyBytes(t, 1, "<i8", "(3, 1)", false, little, []int64{7, -2, 1}), 0, []int{7, -2, 1}},
		{"npz by name", "a.npz", zipBytes(t, member{"x.npy", nil},
			member{"labels.npy", npyBytes(t, 1, "<f4", "(2,)", false, little, []float32{1, 2})}), 0, []int{1, 2}},
		{"csv", "a.csv", []byte("class\n0\n2\n1\n"), 0, []int{0, 2, 1}},
		{"csv column", "a.csv#class", []byte("a,class\n0.5,0\n0.25,2\n"), 9, []int{0, 2}},
		{"csv column with words elsewhere", "a.csv#1", []byte("a,class\nrent,0\nown,2\n"), 0, []int{0, 2}},
		{"csv truths", "a.csv#is_fraud", []byte("id,is_fraud\n4,False\n5,True\n"), 0, []int{0, 1}},
		{"json", "a.json", []byte("[7,2,1]"), 0, []int{7, 2, 1}},
		{"json by name", "a.json", []byte(`{"labels":[7],"x":[2]}`), 0, []int{7}},
		{"one row", "a.json:1", []byte("[7,2,1]"), 0, []int{2}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			name, suffix := splitName(test.file)
			got, err := ReadLabels(save(t, name, test.data)+suffix, nil, test.limit)
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("got %v, %v, want %v", got, err, test.want)
			}
		})
	}
}

func TestReadLabelsErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"fraction", "[1,2.5]", "label 1 is not a 32-bit integer"},
		{"huge", "[1e300]", "label 0 is not a 32-bit integer"},
		{"nan", "1\nnan\n", "row 1, column 0 (line 2): not a finite number"},
		{"table", "1,2\n3,4\n", "has shape 2x2; labels are one integer for each sample; pick columns"},
		{"picture", string(pngBytes(t, grey(1, 1))), "is a picture; labels are integers in IDX"},
		{"words", "a\nb\nc\n", "row 0, column 0 (line 2)"},
		{"proto", "\x08\x01\x02", "is not read here"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := ReadLabels("-", strings.NewReader(test.text), 0); err == nil ||
				!strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
	if _, err := ReadLabels("-:9", strings.NewReader("[1]"), 0); err == nil ||
		!strings.Contains(err.Error(), "there is no label 9") {
		t.Errorf("got %v", err)
	}
}
