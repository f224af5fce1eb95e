package sparse_test

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/sparse"
)

type (
	term  = sparse.Term[float64]
	rows  [][]term
	taken func(in, index int32) (int32, int32)
)

// convolution lists the rows of channels over a line of n elements, with a kernel of
// three and padding of one: two input channels, every weight different.
func convolution(channels, n int) rows {
	var out rows
	for c := range channels {
		for at := range n {
			var row []term
			for in := range 2 {
				for k := range 3 {
					if i := at + k - 1; i >= 0 && i < n {
						tap := 3*in + k
						row = append(row, term{Index: int32(in*n + i), Tap: int32(tap) + 1,
							W: float64(100*c + tap + 1)})
					}
				}
			}
			out = append(out, row)
		}
	}
	return out
}

// random lists n rows over inputs of the given sizes, of which some are alike.
func random(r *rand.Rand, n int, sizes ...int) rows {
	var out rows
	for len(out) < n {
		var row []term
		for in, size := range sizes {
			for i := range size {
				if r.Intn(3) == 0 {
					row = append(row, term{In: int32(in), Index: int32(i), Tap: int32(r.Intn(2) * r.Intn(4)),
						W: float64(r.Intn(7) - 3)})
				}
			}
		}
		for range 1 + r.Intn(2) {
			out = append(out, slices.Clone(row))
		}
	}
	return out[:n]
}

func build(list rows, group []int) *sparse.Matrix[float64] {
	b := sparse.NewBuilder[float64]()
	for i, row := range list {
		b.AddTerms(group[i], row)
	}
	return b.Matrix()
}

func list(m *sparse.Matrix[float64]) rows {
	out := make(rows, m.Len())
	for i := range out {
		out[i] = m.Row(i, nil)
	}
	return out
}

// same compares a matrix with the list of its rows, by everything that can be asked.
func same(t *testing.T, what string, m *sparse.Matrix[float64], want rows) {
	t.Helper()
	terms := 0
	for i, row := range list(m) {
		terms += len(row)
		if !slices.Equal(row, want[i]) {
			t.Fatalf("%s, row %d: %v, want %v", what, i, row, want[i])
		}
		for j := range i {
			reads := func(t term) [2]int32 { return [2]int32{t.In, t.Index} }
			equal := slices.EqualFunc(want[i], want[j], func(a, b term) bool { return reads(a) == reads(b) })
			if got := m.Inputs(i) == m.Inputs(j); got != equal {
				t.Fatalf("%s, rows %d and %d read the same: %t, want %t", what, i, j, got, equal)
			}
			alike := slices.EqualFunc(want[i], want[j], func(a, b term) bool { return a.W == b.W })
			if m.Lists(i) == m.Lists(j) && !alike {
				t.Fatalf("%s, rows %d and %d have one number and different weights", what, i, j)
			}
		}
	}
	if m.Len() != len(want) || m.Terms() != terms {
		t.Fatalf("%s: %d rows of %d terms, want %d of %d", what, m.Len(), m.Terms(), len(want), terms)
	}
}

func groups(n, of int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i / of
	}
	return out
}

func TestRows(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 100 {
		want := random(r, 1+r.Intn(8), 5, 4)
		m := build(want, groups(len(want), 1+r.Intn(3)))
		same(t, "random", m, want)
		values := [][]float64{{3, 1, 4, 1, 5}, {9, 2, 6, 5}}
		for i, row := range want {
			sum := 0.5
			for _, x := range row {
				sum += x.W * values[x.In][x.Index]
			}
			if got := m.Sum(i, 0.5, values); got != sum {
				t.Fatalf("row %d: sum %g, want %g", i, got, sum)
			}
		}
		keep := []int32{}
		var kept rows
		for i, row := range want {
			if r.Intn(2) == 0 {
				keep, kept = append(keep, int32(i)), append(kept, row)
			}
		}
		same(t, "selected", m.Select(keep), kept)
		checkScans(t, m, want)
	}
}

// checkScans compares what is said of all weights or elements at once.
func checkScans(t *testing.T, m *sparse.Matrix[float64], want rows) {
	t.Helper()
	largest, got := map[int32]float64{}, map[int32]float64{}
	var all []float64
	marks := make([]bool, 5)
	for _, row := range want {
		for _, x := range row {
			largest[x.In] = max(largest[x.In], x.W)
			all = append(all, x.W)
			if x.In == 0 {
				marks[x.Index] = true
			}
		}
	}
	m.EachWeight(func(int) int { return 0 }, func(_ int, in int32, w float64) { got[in] = max(got[in], w) })
	if fmt.Sprint(got) != fmt.Sprint(largest) {
		t.Fatalf("largest weights %v, want %v", got, largest)
	}
	var third []float64
	for i := 2; i < len(all); i += 3 {
		third = append(third, all[i])
	}
	if every := m.Every(3); !slices.Equal(every, third) {
		t.Fatalf("every third weight %v, want %v", every, third)
	}
	if read := m.Marked(0, 5); !slices.Equal(read, marks) {
		t.Fatalf("elements read %v, want %v", read, marks)
	}
	least, most := m.Extent(0)
	if first, last := slices.Index(marks, true), 4-slices.Index([]bool{marks[4], marks[3], marks[2], marks[1], marks[0],
		true}, true); first >= 0 && (least != first || most != last) {
		t.Fatalf("elements from %d to %d, want %d to %d", least, most, first, last)
	}
}

// through is Renumber, row by row on lists.
func through(list rows, at taken) rows {
	out := make(rows, len(list))
	for i, row := range list {
		row = slices.Clone(row)
		for j := range row {
			row[j].In, row[j].Index = at(row[j].In, row[j].Index)
		}
		out[i] = sparse.Merge(row)
	}
	return out
}

func TestRenumber(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	for range 200 {
		want := random(r, 1+r.Intn(8), 5, 4)
		group := groups(len(want), 2)
		var to [2][]term
		for k, n := range []int{5, 4} {
			for i := range n {
				to[k] = append(to[k], term{In: int32(r.Intn(2)), Index: int32(i)})
				if r.Intn(2) == 0 {
					to[k][i].Index = int32(r.Intn(6))
				}
			}
		}
		at := func(in, index int32) (int32, int32) { return to[in][index].In, to[in][index].Index }
		same(t, "renumbered", build(want, group).Renumber(group, at), through(want, at))
	}
}

// put is Substitute, row by row on lists.
func put(outer rows, k int32, inner rows, shift int32) rows {
	out := make(rows, len(outer))
	for i, row := range outer {
		var terms []term
		for _, x := range row {
			if x.In != k {
				terms = append(terms, x)
				continue
			}
			for _, u := range inner[x.Index] {
				u.In, u.W = u.In+shift, x.W*u.W
				switch {
				case len(row) == 1:
				case len(inner[x.Index]) == 1:
					u.Tap = x.Tap
				default:
					u.Tap = 0
				}
				terms = append(terms, u)
			}
		}
		out[i] = sparse.Merge(terms)
	}
	return out
}

func TestSubstitute(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	same1 := func(in int32) int32 { return in }
	for range 300 {
		inner := random(r, 5, 6, 3)
		outer := random(r, 1+r.Intn(6), 5, 4)
		if r.Intn(2) == 0 { // rows that only scale or add
			for i := range outer {
				outer[i] = []term{{Index: int32(r.Intn(5)), W: float64(r.Intn(3))},
					{In: 1, Index: int32(r.Intn(4)), W: 1}}[:1+r.Intn(2)]
			}
		}
		group := groups(len(outer), 2)
		a, b := build(outer, group), build(inner, groups(5, 2))
		shift := int32(r.Intn(3)) // whether the inputs of the two are the same ones
		got := sparse.Substitute(a, 0, b, group, same1, func(in int32) int32 { return in + shift })
		want := put(outer, 0, inner, shift)
		same(t, "substituted", got, want)
		reach := 0
		for _, row := range put(outer, 0, inner, 2) { // inputs apart, so that nothing else merges
			reach += len(row)
		}
		if n := sparse.Reach(a, 0, b, 1<<30); n != reach {
			t.Fatalf("reach %d, want %d", n, reach)
		}
	}
}

func TestMapAndFilled(t *testing.T) {
	want := convolution(3, 5)
	m := build(want, groups(len(want), 5))
	rounded := sparse.Map(m, func(p sparse.Part) (int32, int32) { return p.In, p.First + 7 },
		func(row int, _ sparse.Part) int { return row / 5 },
		func(old []float64, k int) []int64 {
			out := make([]int64, len(old))
			for i, w := range old {
				out[i] = int64(w) * int64(k+1)
			}
			return out
		})
	for i, row := range want {
		for j, x := range rounded.Row(i, nil) {
			if x.W != int64(row[j].W)*int64(i/5+1) || x.Index != row[j].Index+7 {
				t.Fatalf("row %d: %v of %v", i, x, row[j])
			}
		}
	}
	for i := range want {
		for j := range want[i] {
			want[i][j].W, want[i][j].Tap = 3, 0
		}
	}
	same(t, "filled", m.Filled(3), want)
}

// TestKernelsAreThereOnce holds the structure: what is built, scaled, moved or added to
// stays as large as its weights and rows.
func TestKernelsAreThereOnce(t *testing.T) {
	const channels, n = 8, 50
	group := groups(channels*n, n)
	m := build(convolution(channels, n), group)
	scales := sparse.NewBuilder[float64]()
	for i := range channels * n {
		scales.AddTerms(i/n, []term{{Index: int32(i), W: float64(2 + i/n)}, {In: 1, Index: int32(i), W: 1}})
	}
	sum := sparse.Substitute(scales.Matrix(), 0, m, group,
		func(int32) int32 { return 1 }, func(int32) int32 { return 0 })
	moved := m.Renumber(group, func(in, index int32) (int32, int32) { return in, 2*n - 1 - index })
	for name, m := range map[string]*sparse.Matrix[float64]{"built": m, "scaled and added": sum, "turned": moved} {
		weights, kernels := 0, map[int32]bool{}
		for i := range m.Len() {
			for _, p := range m.Parts(i) {
				if !kernels[p.Kernel] {
					kernels[p.Kernel] = true
					weights += len(m.Kernel(p.Kernel))
				}
			}
		}
		if most := channels*6 + 1; weights > most {
			t.Errorf("%s: %d weights are stored, %d are different", name, weights, most)
		}
	}
}
