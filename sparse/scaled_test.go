package sparse_test

import (
	"slices"
	"testing"

	"github.com/zkml-go/zkml/sparse"
)

// TestScaled multiplies the weights of some elements, in a convolution whose rows share a
// kernel, and leaves those of another input as they are.
func TestScaled(t *testing.T) {
	b := sparse.NewBuilder[int64]()
	for at := range int32(4) {
		b.AddTerms(0, []sparse.Term[int64]{
			{In: 0, Index: at, Tap: 1, W: 3}, {In: 0, Index: at + 1, Tap: 2, W: 5}, {In: 1, Index: at, Tap: 3, W: 7},
		})
	}
	m := b.Matrix()
	by := []int64{1, 1, 1, 10, 1}
	got := m.Scaled([][]int64{by, nil})
	if got.Terms() != m.Terms() || got.Len() != m.Len() {
		t.Fatalf("%d terms in %d rows", got.Terms(), got.Len())
	}
	for i := range m.Len() {
		want := m.Row(i, nil)
		for k, term := range want {
			if term.In == 0 {
				want[k].W *= by[term.Index]
			}
		}
		if row := got.Row(i, nil); !slices.Equal(row, want) {
			t.Errorf("row %d is %v, want %v", i, row, want)
		}
	}
	if got.Lists(0) != got.Lists(1) || got.Lists(1) == got.Lists(2) {
		t.Error("rows of equal weights share no kernel, or those of different ones do")
	}
}
