package op

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
)

func init() {
	register(
		Spec{
			Name: "RotaryEmbedding", Since: []int{23}, Tolerance: 2, Note: "all; position_ids as Gather takes indices",
			New: takes(3, 4, expands(anyAttributes, writeRotary)),
		},
		Spec{
			Name: "RotaryEmbedding", Domain: msDomain, Since: []int{1}, Tolerance: 2,
			Note: "without is_packed_batching and scale; position_ids as Gather takes indices",
			New:  takes(4, 4, expands(checkRotary, writeRotaryIDs)),
		},
	)
}

func checkRotary(n *graph.Node) error {
	switch s := n.Float("scale", 1); {
	case n.Int("is_packed_batching", 0) != 0:
		return errors.New("is_packed_batching is not supported; export without packing")
	case s != 1:
		return fmt.Errorf("attribute scale is %g, which onnxruntime reads and does not use; leave it out, and put a "+
			"Mul after the node if a product is meant", s)
	}
	return nil
}

func writeRotary(w *writer) []string {
	w.realInputs(0, 1, 2)
	cos, sin := w.input(1), w.input(2)
	if ids := w.input(3); ids != "" {
		cos, sin = w.node("Gather", cos, ids), w.node("Gather", sin, ids)
	}
	return []string{w.rotary(w.input(0), cos, sin)}
}

// writeRotaryIDs takes positions before the tables: one for each place, or the first.
func writeRotaryIDs(w *writer) []string {
	w.realInputs(0, 2, 3)
	x, ids := w.input(0), w.input(1)
	if len(w.shape(ids)) == 1 {
		first, err := integers([]Arg{w.known[ids]}, 0, "the first position")
		if err == nil && len(first) != 1 {
			err = fmt.Errorf("position_ids has %d elements, but must have one, or two axes", len(first))
		}
		if err != nil {
			w.fail("%w", err)
			return nil
		}
		n := w.size(x, -2)
		places := make([]int, n)
		for i := range places {
			places[i] = first[0] + i
		}
		ids = w.reshape(w.ints(places...), 1, n)
	}
	return []string{w.rotary(x, w.node("Gather", w.input(2), ids), w.node("Gather", w.input(3), ids))}
}

// rotary turns pairs of features of each head by angles whose cosines and sines, of
// batch x positions x pairs, are given.
func (w *writer) rotary(x, cos, sin string) string {
	shape, angles := w.shape(x), w.shape(cos)
	if w.err == nil && (len(angles) != 3 || !slices.Equal(angles, w.shape(sin))) {
		w.fail("the cosines are %v and the sines %v, but both must be of batch, positions and pairs", angles,
			w.shape(sin))
	}
	if w.err != nil {
		return ""
	}
	pairs := angles[2]
	heads := w.Int("num_heads", 0)
	if heads == 0 && len(shape) == 3 && w.Int("rotary_embedding_dim", 0) == 0 && pairs > 0 {
		heads = shape[2] / (2 * pairs)
	}
	split := w.heads(x, heads)
	all := w.size(split, -1)
	if turned := w.Int("rotary_embedding_dim", 0); turned != 0 && turned != 2*pairs || turned == 0 && all != 2*pairs ||
		2*pairs > all || pairs < 1 {
		w.fail("rotary_embedding_dim is %d, with %d features a head and tables for %d", turned, all, 2*pairs)
		return ""
	}
	cos = w.reshape(cos, angles[0], 1, angles[1], pairs)
	sin = w.reshape(sin, angles[0], 1, angles[1], pairs)
	out := w.turned(split, cos, sin, pairs)
	if len(shape) == 3 {
		out = w.merged(out)
	}
	w.keepsShape(out, x)
	return out
}

// turned turns the first pairs of the last axis, which are neighbours or a half apart.
func (w *writer) turned(x, cos, sin string, pairs int) string {
	shape := w.shape(x)
	if w.err != nil {
		return ""
	}
	parts := []string{x, ""}
	if rest := shape[3] - 2*pairs; rest > 0 {
		parts = w.split(x, 3, 2*pairs, rest)
	}
	neighbours := w.Int("interleaved", 0) != 0
	half := slices.Clone(shape)
	half[3] = pairs
	var a, b string
	if neighbours {
		both := w.split(w.reshape(parts[0], append(slices.Clone(half), 2)...), 4, 1, 1)
		a, b = w.reshape(both[0], half...), w.reshape(both[1], half...)
	} else {
		both := w.split(parts[0], 3, pairs, pairs)
		a, b = both[0], both[1]
	}
	first := w.node("Sub", w.node("Mul", a, cos), w.node("Mul", b, sin))
	second := w.node("Add", w.node("Mul", a, sin), w.node("Mul", b, cos))
	shape = slices.Clone(shape)
	shape[3] = 2 * pairs
	var out string
	if neighbours {
		half = append(half, 1)
		out = w.reshape(w.joinedAt(4, w.reshape(first, half...), w.reshape(second, half...)), shape...)
	} else {
		out = w.joinedAt(3, first, second)
	}
	if parts[1] != "" {
		out = w.joinedAt(3, out, parts[1])
	}
	return out
}
