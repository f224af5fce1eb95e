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
			Name: "MultiHeadAttention", Domain: msDomain, Since: []int{1}, Tolerance: 8,
			Note: "packed or apart, with masks of the forms [batch, keys] and [batch, queries, keys], a bias of the " +
				"scores, and past keys and values; no cache",
			New: takesSome(1, 8, expands(checkMultiHead, writeMultiHead)),
		},
		Spec{
			Name: "Attention", Domain: msDomain, Since: []int{1}, Tolerance: 8,
			Note: "masks of the forms [batch, keys] and [batch, queries, keys], or constant lengths [batch]; " +
				"past keys and values; no do_rotary",
			New: takes(2, 6, expands(checkMultiHead, writePackedAttention)),
		},
	)
}

func checkMultiHead(n *graph.Node) error {
	switch scale, filter := n.Float("scale", 0), n.Float("mask_filter_value", filtered); {
	case n.Int("num_heads", 0) < 1:
		return fmt.Errorf("attribute num_heads is %d, but must be positive", n.Int("num_heads", 0))
	case notFinite(scale) || scale < 0 || notFinite(filter):
		return errors.New("attribute scale is negative, or mask_filter_value not finite; repair the model")
	case n.Int("do_rotary", 0) != 0:
		return errors.New("do_rotary is not supported; export with RotaryEmbedding as a node of its own")
	case n.Int("past_present_share_buffer", 0) != 0:
		return errors.New("past_present_share_buffer is not supported; export without a shared cache")
	}
	return nil
}

// filtered is what a mask adds by default.
const filtered = -10000

// writeMultiHead takes queries, keys and values apart, or packed by heads on a further axis.
func writeMultiHead(w *writer) []string {
	if !w.need(0) {
		return nil
	}
	q, k, v := w.unpacked()
	if w.input(3) != "" {
		q, k, v = w.biased(q, k, v)
	}
	n := w.Int("num_heads", 0)
	a := &attention{q: w.heads(q, n), k: w.heads(k, n), v: w.heads(v, n)}
	past := 0
	if w.input(6) != "" || w.input(7) != "" {
		past = w.size(w.input(6), 2)
		a.k, a.v = w.joinedAt(2, w.input(6), a.k), w.joinedAt(2, w.input(7), a.v)
	}
	y := a.between(w, past, w.input(4), w.input(5))
	return []string{y, a.k, a.v}
}

// unpacked gives queries, keys and values: each input as it is, or all three, or the last two,
// side by side before the features of each head.
func (w *writer) unpacked() (q, k, v string) {
	q, k, v = w.input(0), w.input(1), w.input(2)
	part := func(x string, count int) []string {
		shape := w.shape(x)
		if len(shape) != 5 || shape[3] != count {
			w.fail("an input is of shape %v, but must be of batch, positions, heads, %d and features", shape, count)
			return slices.Repeat([]string{""}, count)
		}
		out := w.split(x, 3, slices.Repeat([]int{1}, count)...)
		for i := range out {
			out[i] = w.reshape(out[i], shape[0], shape[1], shape[2]*shape[4])
		}
		return out
	}
	switch {
	case k == "":
		all := part(q, 3)
		return all[0], all[1], all[2]
	case v == "":
		both := part(k, 2)
		return q, both[0], both[1]
	}
	return q, k, v
}

// biased adds a bias for the features of queries, keys and values. Keys and values that have
// heads already are from elsewhere, and have none.
func (w *writer) biased(q, k, v string) (string, string, string) {
	parts, list := []string{q, k, v}, make([]int, 3)
	for i, x := range parts {
		switch shape := w.shape(x); len(shape) {
		case 3:
			list[i] = shape[2]
		case 4:
			list[i] = shape[1] * shape[3]
		}
	}
	if total := list[0] + list[1] + list[2]; w.err == nil && !slices.Equal(w.shape(w.input(3)), []int{total}) {
		w.fail("the bias is %v, but the features of queries, keys and values are %v", w.shape(w.input(3)), list)
	}
	if w.err != nil {
		return q, k, v
	}
	for i, b := range w.split(w.input(3), 0, list...) {
		if len(w.shape(parts[i])) == 3 {
			parts[i] = w.node("Add", parts[i], b)
		}
	}
	return parts[0], parts[1], parts[2]
}

// between writes the attention of heads, with a mask of integers and what is added to the
// scores, both perhaps absent, and merges the heads.
func (a *attention) between(w *writer, past int, mask, adds string) string {
	if a.measure(w, w.Float("scale", 0)); w.err != nil {
		return ""
	}
	if mask != "" {
		a.adds = a.filter(w, mask)
	}
	if adds != "" {
		if a.adds == "" {
			a.adds = adds
		} else {
			a.adds = w.node("Add", adds, a.adds)
		}
	}
	if w.Int("unidirectional", 0) != 0 {
		a.leaveOut(func(at [4]int) bool { return at[3] > at[2]+past })
	}
	y, _ := a.attend(w, scoresAlone)
	return w.merged(y)
}

// filter is what a mask adds: nothing where it is one, and mask_filter_value where it is zero.
func (a *attention) filter(w *writer, mask string) string {
	shape, s := w.shape(mask), a.shape
	value := w.Float("mask_filter_value", filtered)
	switch {
	case len(shape) == 1 && shape[0] == s[0]:
		lengths, err := integers([]Arg{w.known[mask]}, 0, "the mask of lengths")
		if err != nil {
			w.fail("%w", err)
			return ""
		}
		var bias []float64
		for _, n := range lengths {
			for j := range s[3] {
				if j < n {
					bias = append(bias, 0)
				} else {
					bias = append(bias, value)
				}
			}
		}
		return w.constant(w.known[a.q].DType, []int{s[0], 1, 1, s[3]}, bias...)
	case slices.Equal(shape, []int{s[0], s[3]}):
		mask = w.reshape(mask, s[0], 1, 1, s[3])
	case slices.Equal(shape, []int{s[0], s[2], s[3]}):
		mask = w.reshape(mask, s[0], 1, s[2], s[3])
	default:
		w.fail("a mask of shape %v is not supported, only [batch, keys] and [batch, queries, keys]", shape)
		return ""
	}
	kept := w.with(attributes{"to": onnxBool}, "Cast", mask)
	return w.node("Where", kept, w.real(a.q, 0), w.real(a.q, value))
}

// onnxBool is the number of the type of truth values.
const onnxBool = 9

// writePackedAttention multiplies the input by the weights of queries, keys and values, which
// stand side by side.
func writePackedAttention(w *writer) []string {
	w.realInputs(0, 1, 2)
	columns := w.size(w.input(1), -1)
	sizes := w.Ints("qkv_hidden_sizes")
	if sizes == nil {
		sizes = []int{columns / 3, columns / 3, columns / 3}
	}
	if len(sizes) != 3 || sizes[0] < 1 || sizes[1] < 1 || sizes[2] < 1 || sizes[0]+sizes[1]+sizes[2] != columns {
		w.fail("the weights have %d columns, which are not those of queries, keys and values, %v", columns, sizes)
		return nil
	}
	parts := w.split(w.plus(w.node("MatMul", w.input(0), w.input(1)), w.input(2)), 2, sizes...)
	n := w.Int("num_heads", 0)
	a := &attention{q: w.heads(parts[0], n), k: w.heads(parts[1], n), v: w.heads(parts[2], n)}
	past := 0
	if w.input(4) != "" {
		before := w.split(w.input(4), 0, 1, 1)
		shape := w.shape(before[0])
		if w.err != nil || len(shape) != 5 {
			w.fail("past is of shape %v, but must be of 2, batch, heads, positions and features", w.shape(w.input(4)))
			return nil
		}
		past = shape[3]
		a.k = w.joinedAt(2, w.reshape(before[0], shape[1:]...), a.k)
		a.v = w.joinedAt(2, w.reshape(before[1], shape[1:]...), a.v)
	}
	outs := []string{a.between(w, past, w.input(3), w.input(5)), ""}
	if w.wants(1) {
		outs[1] = w.joinedAt(0, w.node("Unsqueeze", a.k, w.ints(0)), w.node("Unsqueeze", a.v, w.ints(0)))
	}
	return outs
}
