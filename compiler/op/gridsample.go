package op

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "GridSample", Since: []int{16, 20, 22}, Tolerance: 2,
		Note: "constant grid, which a private model shows; any number of spatial axes, all attributes",
		New:  takes(2, 2, newGridSample),
	})
}

// sampling reads a picture at positions between its elements.
type sampling struct {
	interpolation
	round   bool // to the nearest element
	cubic   bool // a position outside stays there: elements around it are what lies outside
	align   bool // −1 and 1 are the centres of the corners
	outside func(x, lo, hi float64) (float64, bool)
}

// paddings say what is at a position beyond lo or hi: another position, or nothing.
var paddings = map[string]func(x, lo, hi float64) (float64, bool){
	"zeros":      func(x, _, _ float64) (float64, bool) { return x, false },
	"border":     func(x, lo, hi float64) (float64, bool) { return max(math.Ceil(lo), min(math.Floor(hi), x)), true },
	"reflection": func(x, lo, hi float64) (float64, bool) { return mirroredAt(x, lo, hi), true },
}

// mirroredAt mirrors x at lo and hi.
func mirroredAt(x, lo, hi float64) float64 {
	if hi == lo {
		return lo
	}
	x = math.Mod(math.Abs(x-lo), 2*(hi-lo))
	return lo + min(x, float64(2*(hi-lo))-x)
}

func newGridSample(n *graph.Node) (Op, error) {
	missing := "linear"
	if n.Opset < 20 {
		missing = "bilinear"
	}
	s := &sampling{align: n.Int("align_corners", 0) != 0}
	switch mode := n.String("mode", missing); mode {
	case "bilinear", "linear":
		s.interpolation = linearly
	case "bicubic", "cubic":
		s.interpolation, s.cubic = cubically(-0.75), true
	case "nearest":
		s.round = true
	default:
		return nil, fmt.Errorf("mode %q is not known; supported are nearest, linear and cubic", mode)
	}
	padding := n.String("padding_mode", "zeros")
	if s.outside = paddings[padding]; s.outside == nil {
		return nil, fmt.Errorf("padding_mode %q is not known; supported are zeros, border and reflection", padding)
	}
	return &blend{plan: s.plan}, nil
}

// plan has a group for each sample of the batch, and a plane for each channel.
func (s *sampling) plan(in []Arg) (*blended, error) {
	x, g := in[0].Shape, in[1].Shape
	rank := len(x) - 2
	if rank < 1 || len(g) != rank+2 || g[0] != x[0] || g[rank+1] != rank {
		return nil, fmt.Errorf("a grid of shape %v for an input of shape %v; it must have a position for each element "+
			"of the output", g, x)
	}
	grid, err := constants(in, 1, "the grid")
	if err != nil {
		return nil, err
	}
	shape := append([]int{x[0], x[1]}, g[1:rank+1]...)
	const most = 4 // taps on each axis
	taps := slices.Repeat([]int{most}, rank)
	if err := cmp.Or(checkSize(shape), checkSize(append(taps, g...))); err != nil {
		return nil, err
	}
	out := &blended{shape: shape, groups: max(x[0], 1), planes: x[1], step: tensor.Size(x[2:])}
	for at := range slices.Chunk(grid, rank) {
		axes := make([][][]addend, rank)
		for a, d := range x[2:] {
			axes[a] = [][]addend{s.axis(at[rank-1-a], d)}
		}
		out.taps = append(out.taps, crossed(x[2:], axes)...)
	}
	return out, nil
}

// axis are the taps on an axis of size d at a position from −1 to 1.
func (s *sampling) axis(position float64, d int) []addend {
	lo, hi := -0.5, float64(d)-0.5
	x := (float64((position+1)*float64(d)) - 1) / 2
	if s.align {
		lo, hi = 0, float64(d-1)
		x = float64((position + 1) / 2 * hi)
	}
	if s.round {
		x = math.RoundToEven(x)
	}
	if !s.cubic && (x < lo || x > hi) {
		x, _ = s.outside(x, lo, hi)
	}
	x = max(-float64(maxElements), min(float64(maxElements), x)) // far from all elements
	first := math.Ceil(x) - 1
	taps := []addend{{1, 1}}
	if !s.round {
		taps = s.interpolation(x-first, 1)
	}
	var out []addend
	for _, t := range taps {
		at, inside := first+float64(t.at), true
		if at < 0 || at > float64(d-1) {
			at, inside = s.outside(at, lo, hi)
		}
		if inside && t.weight != 0 {
			out = withTap(out, addend{int(at), t.weight})
		}
	}
	return out
}
