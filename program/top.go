package program

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/circuits"
)

// Top gives the places of the K largest elements of each group, in order: for each place as many
// bits as the group has elements, of which that of the element is one. Of equal elements the
// first counts as larger.
type Top struct {
	Groups [][]int32
	K      int
}

// Eval implements Kernel.
func (t *Top) Eval(in [][]int64) []int64 {
	var out []int64
	for _, g := range t.Groups {
		by := slices.Clone(g)
		at := make([]int, len(g))
		for k := range at {
			at[k] = k
		}
		slices.SortStableFunc(at, func(i, j int) int { return falling(in[0][by[i]], in[0][by[j]]) })
		for _, k := range at[:t.K] {
			bits := make([]int64, len(g))
			bits[k] = 1
			out = append(out, bits...)
		}
	}
	return out
}

// Range implements Kernel.
func (t *Top) Range(in [][]Interval) ([]Interval, error) {
	var out []Interval
	for _, g := range t.Groups {
		lo, hi := in[0][g[0]].Lo, in[0][g[0]].Hi
		for _, j := range g[1:] {
			lo, hi = min(lo, in[0][j].Lo), max(hi, in[0][j].Hi)
		}
		if bits := circuits.TopBits(lo, hi, len(g)); bits > circuits.MaxBits {
			return nil, fmt.Errorf("the order of %d elements takes %d bits, of which %d are supported: "+
				"use fewer bits for activations", len(g), bits, circuits.MaxBits)
		}
		out = append(out, slices.Repeat([]Interval{{0, 1}}, t.K*len(g))...)
	}
	return out, nil
}

// Define implements Kernel.
func (t *Top) Define(b *circuits.Builder, in [][]*circuits.Value, _ []circuits.Window) ([]*circuits.Value, error) {
	var out []*circuits.Value
	for _, g := range t.Groups {
		members := make([]*circuits.Value, len(g))
		for k, j := range g {
			members[k] = in[0][j]
		}
		out = append(out, b.Top(members, t.K)...)
	}
	return out, nil
}

func (t *Top) check(in []int, out int) error {
	if err := lists(t.Groups, in[0], len(t.Groups)); err != nil {
		return err
	}
	n := 0
	for _, g := range t.Groups {
		if t.K < 1 || t.K > len(g) {
			return fmt.Errorf("the %d largest of %d elements", t.K, len(g))
		}
		if n += t.K * len(g); n > maxElements {
			return fmt.Errorf("it computes more than %d elements", maxElements)
		}
	}
	return outputs(n, out)
}

func (t *Top) work() Work {
	n := listed(t.Groups)
	return Work{Products: int64(t.K) * n, Indices: n}
}

// Words implements Kernel.
func (t *Top) Words() string {
	size := len(slices.Concat(t.Groups...)) / max(len(t.Groups), 1)
	return fmt.Sprintf("top[%d of %d groups of %d]", t.K, len(t.Groups), size)
}

func (t *Top) String() string { return t.Words() }
