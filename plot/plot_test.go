package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestPictures(t *testing.T) {
	tests := []struct {
		name  string
		write func(io.Writer) error
		want  []string
	}{
		{"confusion", Confusion{Title: "a < b", Rows: "label", Columns: "class",
			Counts: [][]int{{7, 0}, {1, 12}}}.Write,
			[]string{"a &lt; b", ">7<", ">12<", "label"}},
		{"empty confusion", Confusion{}.Write, nil},
		{"graph", Graph{Title: "model", Nodes: []Node{
			{Name: "input"},
			{Name: "fc1 (Gemm)", Detail: "linear", Rows: 100, In: []int{0}},
			{Name: "add (Add)", Detail: "", Rows: 10, In: []int{0, 1}},
		}}.Write, []string{"fc1 (Gemm)", "100 rows", "10 rows", "<path"}},
		{"empty graph", Graph{}.Write, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := test.write(&b); err != nil {
				t.Fatal(err)
			}
			for _, part := range test.want {
				if !strings.Contains(b.String(), part) {
					t.Errorf("no %q in the picture", part)
				}
			}
			wellFormed(t, b.Bytes())
		})
	}
}

func wellFormed(t *testing.T, text []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestGraphStandsBelowWhatItReads(t *testing.T) {
	g := Graph{Nodes: []Node{{Name: "a"}, {Name: "b", In: []int{0}}, {Name: "c", In: []int{0}},
		{Name: "d", In: []int{1, 2}}}}
	boxes, _, _ := g.place()
	if !(boxes[0].Y < boxes[1].Y && boxes[1].Y == boxes[2].Y && boxes[2].Y < boxes[3].Y && boxes[1].X != boxes[2].X) {
		t.Errorf("places %+v", boxes)
	}
}
