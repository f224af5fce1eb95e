package program

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/circuits"
)

// Max gives the largest element of each window of flat indices.
type Max struct{ Windows [][]int32 }

// Eval implements Kernel.
func (m *Max) Eval(in [][]int64) []int64 {
	out := make([]int64, len(m.Windows))
	for i, w := range m.Windows {
		out[i] = in[0][w[0]]
		for _, j := range w[1:] {
			out[i] = max(out[i], in[0][j])
		}
	}
	return out
}

// Range implements Kernel.
func (m *Max) Range(in [][]Interval) ([]Interval, error) {
	out := make([]Interval, len(m.Windows))
	for i, w := range m.Windows {
		out[i] = in[0][w[0]]
		for _, j := range w[1:] {
			out[i].Lo, out[i].Hi = max(out[i].Lo, in[0][j].Lo), max(out[i].Hi, in[0][j].Hi)
		}
	}
	return out, nil
}

// InputWindows implements Closer: an element that is in only one window, beside others, is
// closed as that window's maximum less a difference.
func (m *Max) InputWindows(_ *circuits.Builder, in []Interval, out []circuits.Window) []circuits.Window {
	windows := covers(in)
	count := make([]int, len(in))
	for _, w := range m.Windows {
		for _, j := range w {
			count[j]++
		}
	}
	for i, w := range m.Windows {
		for _, j := range w {
			switch {
			case count[j] > 1:
			case len(w) == 1:
				windows[j] = out[i]
			default:
				windows[j] = circuits.MaxWindow(in[j].Lo, in[j].Hi, out[i])
			}
		}
	}
	return windows
}

// Define implements Kernel.
func (m *Max) Define(b *circuits.Builder, in [][]*circuits.Value, open []circuits.Window) ([]*circuits.Value, error) {
	return b.Max(in[0], m.Windows, open), nil
}

func (*Max) passesOpen() {}

// Words implements Kernel.
func (m *Max) Words() string { return fmt.Sprintf("max[%d windows]", len(m.Windows)) }

// ArgMax gives the position of the largest element of each group; ties go to the
// first, or to the last where Last is set.
type ArgMax struct {
	Groups [][]int32
	Last   bool
}

// Classifies implements Classifier.
func (*ArgMax) Classifies() {}

// Eval implements Kernel.
func (a *ArgMax) Eval(in [][]int64) []int64 {
	out := make([]int64, len(a.Groups))
	for i, g := range a.Groups {
		best := 0
		for k, j := range g {
			if v, top := in[0][j], in[0][g[best]]; v > top || a.Last && v == top {
				best = k
			}
		}
		out[i] = int64(best)
	}
	return out
}

// Range implements Kernel.
func (a *ArgMax) Range([][]Interval) ([]Interval, error) {
	out := make([]Interval, len(a.Groups))
	for i, g := range a.Groups {
		out[i] = Interval{0, int64(len(g) - 1)}
	}
	return out, nil
}

func (a *ArgMax) all(in []Interval, g []int32) circuits.Window {
	lo, hi := in[g[0]].Lo, in[g[0]].Hi
	for _, j := range g[1:] {
		lo, hi = min(lo, in[j].Lo), max(hi, in[j].Hi)
	}
	return circuits.Cover(lo, hi)
}

// InputWindows implements Closer.
func (a *ArgMax) InputWindows(_ *circuits.Builder, in []Interval, _ []circuits.Window) []circuits.Window {
	out := covers(in)
	for _, g := range a.Groups {
		all := a.all(in, g)
		if len(g) == 1 {
			continue
		}
		for _, j := range g {
			out[j] = circuits.ArgMaxWindow(in[j].Lo, in[j].Hi, all)
		}
	}
	return out
}

// Define implements Kernel.
func (a *ArgMax) Define(b *circuits.Builder, in [][]*circuits.Value, _ []circuits.Window) ([]*circuits.Value, error) {
	ivs := make([]Interval, len(in[0]))
	for i, v := range in[0] {
		ivs[i] = Interval{v.Lo, v.Hi}
	}
	out := make([]*circuits.Value, len(a.Groups))
	for i, g := range a.Groups {
		members := make([]*circuits.Value, len(g))
		for k, j := range g {
			members[k] = in[0][j]
		}
		out[i] = b.ArgMax(members, a.Last, a.all(ivs, g))
	}
	return out, nil
}

// Words implements Kernel.
func (a *ArgMax) Words() string {
	size := len(slices.Concat(a.Groups...)) / len(a.Groups)
	return fmt.Sprintf("argmax[%d groups of %d, last=%t]", len(a.Groups), size, a.Last)
}

func (m *Max) String() string { return m.Words() }

func (a *ArgMax) String() string { return a.Words() }
