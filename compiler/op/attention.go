package op

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "Attention", Since: []int{23, 24, 25}, Tolerance: 8,
		Note: "all forms, with constant nonpad_kv_seqlen; masks constant or variable, -Inf only in constant ones",
		New:  takes(3, 7, expands(checkAttention, writeAttention)),
	})
}

// Modes of the output qk_matmul_output.
const (
	scoresAlone = iota
	scoresCapped
	scoresMasked
	scoresAfter
)

func checkAttention(n *graph.Node) error {
	if m := n.Int("qk_matmul_output_mode", 0); m < scoresAlone || m > scoresAfter {
		return fmt.Errorf("attribute qk_matmul_output_mode is %d, but must be between 0 and 3", m)
	}
	for _, name := range []string{"scale", "softcap"} {
		if v := n.Float(name, 0); notFinite(v) || v < 0 {
			return fmt.Errorf("attribute %s is %g, but must not be negative", name, v)
		}
	}
	return nil
}

// attention is softmax(scale·q·kᵀ, capped and masked)·v, of batch x heads x positions x
// features; k and v may have fewer heads, each of which several heads of q share.
type attention struct {
	q, k, v    string
	scale, cap float64
	// left marks scores that are left out, whose probabilities are zero; nil is for none.
	left []bool
	// adds is a value that is added to the scores, and bits one that leaves out where it is
	// zero; "" for none.
	adds, bits string

	shape []int // of the scores
}

func writeAttention(w *writer) []string {
	w.realInputs(0, 1, 2)
	flat := len(w.shape(w.input(0))) == 3
	a := &attention{
		q: w.heads(w.input(0), w.Int("q_num_heads", 0)), k: w.heads(w.input(1), w.Int("kv_num_heads", 0)),
		v: w.heads(w.input(2), w.Int("kv_num_heads", 0)), cap: w.Float("softcap", 0),
	}
	past := 0
	if w.input(4) != "" || w.input(5) != "" {
		past = w.size(w.input(4), 2)
		a.k, a.v = w.joinedAt(2, w.input(4), a.k), w.joinedAt(2, w.input(5), a.v)
	}
	a.measure(w, w.Float("scale", 0))
	if w.err != nil {
		return nil
	}
	offsets := slices.Repeat([]int{past}, a.shape[0])
	if w.input(6) != "" {
		offsets = a.unpadded(w)
	}
	a.mask(w, w.input(3))
	a.window(w, offsets)
	y, scores := a.attend(w, w.Int("qk_matmul_output_mode", 0))
	if flat {
		y = w.merged(y)
	}
	outs := []string{y, a.k, a.v, ""}
	if w.wants(3) {
		outs[3] = scores
	}
	return outs
}

// heads splits the features of each position of x, of batch x positions x features, into
// heads, which come before the positions. What has four axes has them already.
func (w *writer) heads(x string, count int) string {
	shape := w.shape(x)
	if len(shape) == 4 || w.err != nil {
		return x
	}
	if len(shape) != 3 || count < 1 || shape[2]%count != 0 {
		w.fail("an input is of shape %v, which %d heads do not divide", shape, count)
		return x
	}
	return w.transpose(w.reshape(x, shape[0], shape[1], count, shape[2]/count), 0, 2, 1, 3)
}

// merged undoes heads.
func (w *writer) merged(x string) string {
	shape := w.shape(x)
	if w.err != nil {
		return x
	}
	return w.reshape(w.transpose(x, 0, 2, 1, 3), shape[0], shape[2], shape[1]*shape[3])
}

// joinedAt puts values one after the other along an axis.
func (w *writer) joinedAt(at int, values ...string) string {
	return w.with(attributes{"axis": at}, "Concat", values...)
}

// measure finds the scores' shape and, where it is 0, the scale.
func (a *attention) measure(w *writer, scale float64) {
	q, k, v := w.shape(a.q), w.shape(a.k), w.shape(a.v)
	if w.err != nil {
		return
	}
	if len(q) != 4 || len(k) != 4 || len(v) != 4 || q[0] != k[0] || k[0] != v[0] || k[1] < 1 || k[1] != v[1] ||
		q[1]%k[1] != 0 || q[3] != k[3] || k[2] != v[2] || slices.Contains(slices.Concat(q, k, v), 0) {
		w.fail("queries of shape %v, keys of %v and values of %v do not belong together "+
			"(batch, heads, positions, features)", q, k, v)
		return
	}
	a.shape = []int{q[0], q[1], q[2], k[2]}
	if err := checkSize(a.shape); err != nil {
		w.fail("%w", err)
	}
	if a.scale = scale; scale == 0 {
		a.scale = 1 / math.Sqrt(float64(q[3]))
	}
}

// leaveOut marks a score, by batch, head, query and key.
func (a *attention) leaveOut(out func(at [4]int) bool) {
	if a.left == nil {
		a.left = make([]bool, tensor.Size(a.shape))
	}
	s := a.shape
	for i := range a.left {
		a.left[i] = a.left[i] || out([4]int{i / s[3] / s[2] / s[1], i / s[3] / s[2] % s[1], i / s[3] % s[2], i % s[3]})
	}
}

// unpadded leaves out the keys beyond the length of each batch, and gives the position of the
// first query in each.
func (a *attention) unpadded(w *writer) []int {
	lengths, err := integers([]Arg{w.known[w.input(6)]}, 0, "nonpad_kv_seqlen")
	if err == nil && len(lengths) != a.shape[0] {
		err = fmt.Errorf("nonpad_kv_seqlen has %d lengths for a batch of %d", len(lengths), a.shape[0])
	}
	if err != nil {
		w.fail("%w", err)
		return nil
	}
	a.leaveOut(func(at [4]int) bool { return at[3] >= lengths[at[0]] })
	offsets := make([]int, len(lengths))
	for i, n := range lengths {
		offsets[i] = n - a.shape[2]
	}
	return offsets
}

// window leaves out keys that come after a query, or are too far from it.
func (a *attention) window(w *writer, offsets []int) {
	before, after := w.Int("left_window_size", -1), w.Int("right_window_size", -1)
	if w.Int("is_causal", 0) != 0 {
		after = 0
	}
	if w.err != nil || before < 0 && after < 0 {
		return
	}
	a.leaveOut(func(at [4]int) bool {
		away := at[2] + offsets[at[0]] - at[3]
		return after >= 0 && -away > after || before >= 0 && away > before
	})
}

// mask reads a mask of truth values, or of numbers that are added. Keys that it does not
// reach are left out.
func (a *attention) mask(w *writer, name string) {
	m, ok := w.known[name]
	if !ok {
		return
	}
	inner := slices.Clone(a.shape)
	if len(m.Shape) > 0 && m.Shape[len(m.Shape)-1] < a.shape[3] && m.Shape[len(m.Shape)-1] != 1 {
		inner[3] = m.Shape[len(m.Shape)-1]
		a.leaveOut(func(at [4]int) bool { return at[3] >= inner[3] })
	}
	if all, err := tensor.Broadcast(m.Shape, inner); err != nil || !slices.Equal(all, inner) {
		w.fail("the mask is %v, which does not broadcast to the scores' shape %v", m.Shape, a.shape)
		return
	}
	if m.Const != nil {
		a.known(w, m, inner)
		return
	}
	if inner[3] < a.shape[3] {
		w.fail("the mask is %v and depends on the model's input, for scores of shape %v; export with one for all keys",
			m.Shape, a.shape)
	}
	if m.DType == graph.Bool {
		a.bits = name
		return
	}
	a.adds = name
}

// known takes a mask that is known, of a shape that broadcasts to inner.
func (a *attention) known(w *writer, m Arg, inner []int) {
	at := tensor.BroadcastIndex(m.Shape, inner)
	of := func(i [4]int) float64 {
		return m.Const.Data[at[((i[0]*inner[1]+i[1])*inner[2]+i[2])*inner[3]+i[3]]]
	}
	if m.DType == graph.Bool {
		a.leaveOut(func(i [4]int) bool { return i[3] < inner[3] && of(i) == 0 })
		return
	}
	if slices.ContainsFunc(m.Const.Data, func(v float64) bool { return math.IsInf(v, -1) }) {
		a.leaveOut(func(i [4]int) bool { return i[3] < inner[3] && math.IsInf(of(i), -1) })
	}
	finite, any := make([]float64, tensor.Size(a.shape)), false
	for i := range finite {
		s := a.shape
		p := [4]int{i / s[3] / s[2] / s[1], i / s[3] / s[2] % s[1], i / s[3] % s[2], i % s[3]}
		if p[3] < inner[3] && !math.IsInf(of(p), -1) {
			finite[i] = of(p)
			any = any || finite[i] != 0
		}
	}
	if any {
		a.adds = w.constant(m.DType, a.shape, finite...)
	}
}

// attend writes the scores, their softmax, and the sums of values. scores is one of them, by
// mode.
func (a *attention) attend(w *writer, mode int) (y, scores string) {
	groups := w.size(a.q, 1) / max(w.size(a.k, 1), 1)
	each := a.shape[2] * groups // queries that share a head of keys
	heads := a.shape[1] / groups
	q := w.reshape(a.q, a.shape[0], heads, each, w.size(a.q, 3))
	s := w.scale(w.node("MatMul", q, w.transpose(a.k, 0, 1, 3, 2)), a.scale)
	by := [4]string{scoresAlone: w.reshape(s, a.shape...)}
	by[scoresCapped] = by[scoresAlone]
	if a.cap > 0 {
		by[scoresCapped] = w.scale(w.node("Tanh", w.scale(by[scoresAlone], 1/a.cap)), a.cap)
	}
	by[scoresMasked] = w.plus(by[scoresCapped], a.adds)
	if mode == scoresMasked && w.wants(3) && (a.left != nil || a.bits != "") {
		w.fail("the output qk_matmul_output has infinite scores where the mask leaves some out; " +
			"export with another qk_matmul_output_mode")
	}
	apart := a.left != nil && a.bits == "" && !(mode == scoresAfter && w.wants(3))
	by[scoresAfter] = a.softmax(w, by[scoresMasked], apart)
	p := w.reshape(by[scoresAfter], a.shape[0], heads, each, a.shape[3])
	y = w.reshape(w.node("MatMul", p, a.v), a.shape[0], a.shape[1], a.shape[2], w.size(a.v, 3))
	if apart {
		y = a.alone(w, y)
	}
	return y, by[mode]
}

// farBelow is what a score is where a variable bit leaves it out.
const farBelow = -1e5

// softmax of the scores that are not left out. Where none is left, all probabilities are zero.
// With apart, a key that is alone in its row has none either.
func (a *attention) softmax(w *writer, scores string, apart bool) string {
	if a.bits != "" {
		scores = w.node("Where", a.bits, scores, w.real(scores, farBelow))
	}
	p := w.apply("Softmax", &maskedSoftmax{left: a.left, others: apart}, scores)
	if a.bits != "" {
		p = w.node("Where", a.bits, p, w.real(scores, 0))
	}
	return p
}

// alone adds, for each query that only one key is left for, the value of this key: no product
// is needed.
func (a *attention) alone(w *writer, y string) string {
	s, features := a.shape, w.size(a.v, 3)
	keys, heads := s[3], w.size(a.v, 1)
	if w.err != nil {
		return y
	}
	from, any := slices.Repeat([]source{{in: -1}}, tensor.Size(s[:3])*features), false
	for row := range tensor.Size(s[:3]) {
		var left []int
		for j := range keys {
			if !a.left[row*keys+j] {
				left = append(left, j)
			}
		}
		if len(left) != 1 {
			continue
		}
		any = true
		head := row/s[2]%s[1]*heads/s[1] + row/s[2]/s[1]*heads
		for f := range features {
			from[row*features+f] = source{index: int32((head*keys+left[0])*features + f)}
		}
	}
	if !any {
		return y
	}
	plan := func(in []Arg) ([]moved, error) {
		return []moved{{dtype: in[0].DType, shape: []int{s[0], s[1], s[2], features}, from: from}}, nil
	}
	values := w.apply("Gather", &movement{plan: plan}, a.v)
	return w.node("Add", y, values)
}
