package op

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
)

func init() {
	register(Spec{Name: "Pad", Since: []int{2, 11, 13, 18, 19, 21, 23, 24, 25},
		Note: "constant, reflect, edge and wrap; constant pads, negative ones included; a finite value",
		New:  takes(1, 4, newPad)})
}

// padModes give, for a mode, the position that position p outside an axis of
// size d > 0 copies; -1 is the pad value. Of an axis from which pads take elements away, it is
// among those that are left.
var padModes = map[string]func(p, d int) int{
	"constant": func(int, int) int { return -1 },
	"edge":     func(p, d int) int { return max(0, min(d-1, p)) },
	"reflect":  reflected,
	"wrap":     modulo,
}

// modulo is p mod d with the sign of d.
func modulo(p, d int) int { return ((p % d) + d) % d }

// reflected mirrors p at both ends, without repeating them.
func reflected(p, d int) int {
	if d == 1 {
		return 0
	}
	p = modulo(p, 2*(d-1))
	return min(p, 2*(d-1)-p)
}

func newPad(n *graph.Node) (Op, error) {
	name := n.String("mode", "constant")
	mode, ok := padModes[name]
	if !ok {
		return nil, fmt.Errorf("mode %q is not known; supported are constant, edge, reflect and wrap", name)
	}
	return &movement{plan: func(in []Arg) ([]moved, error) {
		pads, err := padsOf(n, in)
		if err != nil {
			return nil, err
		}
		fill := n.Float("value", 0)
		if given(in, 2) {
			if fill, err = scalar(in, 2, "the pad value"); err != nil {
				return nil, err
			}
		}
		if math.IsInf(fill, 0) || math.IsNaN(fill) {
			return nil, fmt.Errorf("the pad value is not finite; pad with a finite number")
		}
		p, err := padded(in, pads, mode)
		p.fill = fill
		return []moved{p}, err
	}}, nil
}

// padsOf reads how many elements to add before and after each axis.
func padsOf(n *graph.Node, in []Arg) ([][2]int, error) {
	rank := len(in[0].Shape)
	list, axes := n.Ints("pads"), indices(rank)
	var err error
	if n.Opset >= 11 {
		if list, err = integers(in, 1, "the list of pads"); err != nil {
			return nil, err
		}
	}
	if given(in, 3) {
		if axes, err = integers(in, 3, "the list of axes"); err != nil {
			return nil, err
		}
	}
	if _, err := axisSet(axes, rank); err != nil {
		return nil, err
	}
	if len(list) != 2*len(axes) {
		return nil, fmt.Errorf("%d pads for %d axes; there must be two for each", len(list), len(axes))
	}
	pads := make([][2]int, rank)
	for k, a := range axes {
		pads[(a+rank)%rank] = [2]int{list[k], list[len(axes)+k]}
	}
	return pads, nil
}

// padded adds pads[a][0] elements before and pads[a][1] after each axis a, or
// takes as many away where they are negative.
func padded(in []Arg, pads [][2]int, mode func(p, d int) int) (moved, error) {
	old := in[0].Shape
	shape := slices.Clone(old)
	for a, p := range pads {
		if p[0] > maxElements || p[1] > maxElements {
			return moved{}, fmt.Errorf("pads %v are too large", pads)
		}
		if shape[a] += p[0] + p[1]; old[a] == 0 && shape[a] > 0 {
			return moved{}, fmt.Errorf("axis %d is empty and cannot be padded", a)
		}
	}
	if err := checkSize(shape); err != nil {
		return moved{}, err
	}
	picks := make([][]int, len(old))
	for a, d := range old {
		first := max(-pads[a][0], 0)
		left := d - first - max(-pads[a][1], 0)
		for i := range shape[a] {
			p := i - pads[a][0]
			if p >= 0 && p < d {
				picks[a] = append(picks[a], p)
				continue
			}
			if left < 1 {
				return moved{}, fmt.Errorf("pads %v leave nothing of axis %d, of size %d", pads[a], a, d)
			}
			if p = mode(p-first, left); p >= 0 {
				p += first
			}
			picks[a] = append(picks[a], p)
		}
	}
	return rearranged(in, shape, grid(old, picks)), nil
}
