package zkml

import (
	"reflect"
	"testing"
)

// TestLabelNumbers gives labels their places among all of them.
func TestLabelNumbers(t *testing.T) {
	for _, c := range []struct {
		rows, columns, placed []int
		names                 []string
	}{
		{[]int{-1, 1, 1}, []int{1, 1, -1}, []int{0, 1, 1}, []string{"-1", "1"}},
		{[]int{10, 30, 10}, []int{30, 20, 10}, []int{0, 2, 0}, []string{"10", "20", "30"}},
		{[]int{1, 1}, []int{1, 1}, []int{1, 1}, nil},
		{[]int{2, 0}, []int{1, 0}, []int{2, 0}, nil},
		{[]int{}, []int{}, []int{}, nil},
	} {
		x := &evaluated{classes: 2, label: true}
		if names := x.number(c.rows, c.columns); !reflect.DeepEqual(names, c.names) ||
			!reflect.DeepEqual(c.rows, c.placed) {
			t.Errorf("%v of %v, want %v of %v", c.rows, names, c.placed, c.names)
		}
	}
}
