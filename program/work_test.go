package program

import (
	"errors"
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/sparse"
)

// TestWork counts the work of one kernel of each kind.
func TestWork(t *testing.T) {
	lists, tested := [][]int32{{0, 1, 2}, {3}}, map[string]bool{}
	for _, c := range []struct {
		kernel Kernel
		want   Work
	}{
		{&Linear{Rows: sparse.Rows([][]sparse.Term[int64]{
			{{Index: 0, W: 1}, {Index: 1, W: 2}, {Index: 2, W: 3}}, {{Index: 0, W: 4}, {Index: 2, W: 5}},
		})}, Work{Terms: 5}},
		{&Saturate{Group: make([]int32, 4)}, Work{Indices: 4}},
		{&Table{Out: make([]int64, 7)}, Work{Entries: 7}},
		{&Max{Windows: lists}, Work{Indices: 4}},
		{&ArgMax{Groups: lists}, Work{Indices: 4}},
		{&Top{Groups: lists[:1], K: 2}, Work{Products: 6, Indices: 3}},
		{&Move{Index: make([]int32, 6)}, Work{Indices: 6}},
		{&Product{A: make([]int32, 2)}, Work{Products: 2, Indices: 4}},
		{&Quotient{A: make([]int32, 2)}, Work{Products: 2, Indices: 4}},
		{&Dot{N: 2, K: 3, M: 5, A: make([]int32, 4)}, Work{Products: 120, Indices: 8}},
		{&Compare{From: 3}, Work{}},
		{&Splits{Index: make([]int32, 3)}, Work{Indices: 3}},
		{&Trees{Bit: make([]int32, 2), Roots: make([]int32, 3), Leaves: make([]int64, 8), Bias: make([]int64, 2)},
			Work{Indices: 9, Terms: 18}},
		{&Softmax{Groups: lists, Exp: make([]int64, 8), Log: make([]int64, 3)}, Work{Indices: 4, Entries: 11}},
	} {
		d, err := kindOfKernel(c.kernel)
		if err != nil {
			t.Fatal(err)
		}
		tested[d.name] = true
		p := &Program{Values: []Value{{Shape: []int{2, 2}}, {}}, Steps: []Step{{Kernel: c.kernel}, {Kernel: c.kernel}}}
		got, err := p.Work()
		want := Work{Elements: 5, Terms: 2 * c.want.Terms, Products: 2 * c.want.Products,
			Indices: 2 * c.want.Indices, Entries: 2 * c.want.Entries}
		if err != nil || got != want {
			t.Errorf("%T: %+v, not %+v (%v)", c.kernel, got, want, err)
		}
	}
	for _, d := range kinds {
		if !tested[d.name] {
			t.Errorf("the work of a %s is not tested", d.name)
		}
	}
}

// TestWorkIsSummed: steps that are each within a limit are refused together, before
// anything is computed.
func TestWorkIsSummed(t *testing.T) {
	const side = 256
	p := &Program{Inputs: make([]Interval, 1), Values: []Value{{Shape: []int{side, side}}}}
	steps := func(n int) error {
		for range n {
			v := len(p.Values)
			p.Values = append(p.Values, Value{Shape: []int{side, side}})
			dot := &Dot{N: side, K: side, M: side, A: make([]int32, 1), B: make([]int32, 1)}
			p.Steps = append(p.Steps, Step{Node: "dot", Kernel: dot, In: []int{v - 1, v - 1}, Out: v})
			p.Outputs = []int{v}
		}
		return p.Check()
	}
	if err := steps(4); err != nil {
		t.Fatal(err)
	}
	var e *budget.Exceeded
	if err := steps(1); !errors.As(err, &e) || e.Limit != budget.Products {
		t.Errorf("got %v", err)
	}
	wide := &Program{Inputs: make([]Interval, 1), Outputs: []int{0},
		Values: slices.Repeat([]Value{{Shape: []int{1 << 24}}}, 5)}
	if err := wide.Check(); !errors.As(err, &e) || e.Limit != budget.Elements {
		t.Errorf("got %v", err)
	}
	if _, err := Encode(wide); err == nil || !strings.Contains(err.Error(), "elements of all values") {
		t.Errorf("got %v", err)
	}
}

func TestFits(t *testing.T) {
	for _, c := range []struct {
		work  Work
		rows  uint64
		batch int
		want  bool
	}{
		{Work{}, 1, 1, true},
		{Work{Products: 8}, 8, 1, true},
		{Work{Products: 8}, 8, 2, false},
		{Work{Elements: 65 * 8}, 8, 1, false},
		{Work{Terms: 512 * 8}, 8, 1, true},
		{Work{Indices: 64*8 + 1}, 8, 1, false},
		{Work{Elements: math.MaxInt64}, 1 << 28, 4096, false},
		{Work{}, math.MaxUint64, 1, false},
	} {
		if got := c.work.Fits(c.rows, c.batch); got != c.want {
			t.Errorf("%+v in %d rows, %d at once: %t", c.work, c.rows, c.batch, got)
		}
	}
}

// TestExtremes compares with a search through the list.
func TestExtremes(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, n := range []int{1, 2, 7, 8, 9, 63, 64, 65, 513, 1000} {
		list := make([]int64, n)
		for i := range list {
			list[i] = r.Int63n(1000) - 500
		}
		e := newExtremes(list)
		for range 200 {
			first := r.Intn(n)
			last := first + r.Intn(n-first)
			run := list[first : last+1]
			if got, want := e.within(first, last), (Interval{slices.Min(run), slices.Max(run)}); got != want {
				t.Fatalf("%d entries, %d to %d: %v, not %v", n, first, last, got, want)
			}
		}
	}
}
