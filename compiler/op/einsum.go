package op

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "Einsum", Since: []int{12}, Tolerance: 2,
		Note: "any equation, with diagonals and ellipses, of constants and variables; products of pairs from the left",
		New:  takes(1, anyNumber, newEinsum),
	})
}

// labels name axes: letters, and for the axes of an ellipsis numbers below them.
type labels []rune

// einsum is a parsed equation.
type einsum struct {
	terms []string
	out   string
	given bool // the equation states the output
}

func newEinsum(n *graph.Node) (Op, error) {
	e, err := parseEinsum(n.String("equation", ""))
	if err == nil && len(e.terms) != len(n.Inputs) {
		err = fmt.Errorf("equation %q is of %d operands, but there are %d", n.String("equation", ""), len(e.terms),
			len(n.Inputs))
	}
	if err != nil {
		return nil, err
	}
	return expands(anyAttributes, e.write)(n)
}

func parseEinsum(equation string) (*einsum, error) {
	text := strings.ReplaceAll(equation, " ", "")
	in, out, given := strings.Cut(text, "->")
	e := &einsum{terms: strings.Split(in, ","), out: out, given: given}
	for _, t := range append(slices.Clone(e.terms), out) {
		for _, r := range strings.Replace(t, "...", "", 1) {
			if r > unicode.MaxASCII || !unicode.IsLetter(r) {
				return nil, fmt.Errorf("equation %q is not of letters, commas, one arrow, and ellipses", equation)
			}
		}
	}
	return e, nil
}

// expand gives a term's axes their labels. wide is the number of axes of the widest ellipsis.
func expand(term string, rank, wide int) (labels, error) {
	before, after, dots := strings.Cut(term, "...")
	n := rank - len(before) - len(after)
	if n < 0 || n > 0 && !dots {
		return nil, fmt.Errorf("the term %q does not fit an operand of rank %d", term, rank)
	}
	out := labels(before)
	for i := range n {
		out = append(out, rune(wide-n+i))
	}
	return append(out, []rune(after)...), nil
}

// operand is a value with labels of its axes.
type operand struct {
	labels labels
	value  string
}

// write multiplies the operands from the first on.
func (e *einsum) write(w *writer) []string {
	operands, out := e.operands(w)
	if w.err != nil {
		return nil
	}
	left := operands[0]
	for k := range operands {
		kept := slices.Clone(out)
		for _, o := range operands[k+1:] {
			kept = append(kept, o.labels...)
		}
		if k > 0 {
			left = w.joined(left, operands[k], kept)
		} else {
			left = w.summed(left, kept)
		}
	}
	return []string{w.ordered(left, out)}
}

// operands reads the operands, without what only they have and the output has not, and the
// labels of the output.
func (e *einsum) operands(w *writer) ([]operand, labels) {
	wide, list := 0, make([]operand, len(e.terms))
	for k, term := range e.terms {
		if strings.Contains(term, "...") {
			wide = max(wide, len(w.shape(w.input(k)))-len(term)+3)
		}
	}
	sizes, count := map[rune]int{}, map[rune]int{}
	for k, term := range e.terms {
		in, err := expand(term, len(w.shape(w.input(k))), wide)
		if err != nil {
			w.fail("%w", err)
			return nil, nil
		}
		list[k] = w.diagonal(operand{in, w.input(k)})
		for i, r := range in {
			count[r]++
			if d := w.size(w.input(k), i); sizes[r] <= 1 {
				sizes[r] = d
			} else if d != 1 && d != sizes[r] {
				w.fail("index %s has sizes %d and %d", indexName(r), sizes[r], d)
			}
		}
	}
	out := e.output(w, count, wide)
	for k := range list { // a size of one broadcasts
		list[k] = w.dropped(list[k], func(r rune, size int) bool { return size == 1 && sizes[r] != 1 })
		others := slices.Clone(out)
		for j := range list {
			if j != k {
				others = append(others, list[j].labels...)
			}
		}
		list[k] = w.summed(list[k], others)
	}
	return list, out
}

func indexName(r rune) string {
	if r < 'A' {
		return "..."
	}
	return string(r)
}

// output are the labels of the output: without an arrow the ellipsis, then by the alphabet
// what occurs once.
func (e *einsum) output(w *writer, count map[rune]int, wide int) labels {
	if e.given {
		rank := len(e.out)
		if strings.Contains(e.out, "...") {
			rank += wide - 3
		}
		out, err := expand(e.out, rank, wide)
		if err != nil {
			w.fail("%w", err)
		}
		for i, r := range out {
			if count[r] == 0 || slices.Contains(out[:i], r) {
				w.fail("index %s of the output occurs twice there, or in no operand", indexName(r))
			}
		}
		return out
	}
	var out labels
	for r, n := range count {
		if n == 1 || r < 'A' {
			out = append(out, r)
		}
	}
	slices.Sort(out)
	return out
}

// diagonal takes the elements where axes of one label have the same index.
func (w *writer) diagonal(o operand) operand {
	shape, first := w.shape(o.value), map[rune]int{}
	var distinct labels
	var sizes []int
	for i, r := range o.labels {
		at, ok := first[r]
		if !ok {
			first[r] = i
			distinct, sizes = append(distinct, r), append(sizes, shape[i])
		} else if shape[at] != shape[i] {
			w.fail("index %s has sizes %d and %d in one operand", indexName(r), shape[at], shape[i])
		}
	}
	if w.err != nil || len(distinct) == len(o.labels) {
		return o
	}
	plan := func(in []Arg) ([]moved, error) {
		index := []int{0}
		strides := tensor.Strides(shape)
		for k, r := range distinct {
			step := 0
			for i, other := range o.labels {
				if other == r {
					step += strides[i]
				}
			}
			next := make([]int, 0, len(index)*sizes[k])
			for _, base := range index {
				for i := range sizes[k] {
					next = append(next, base+i*step)
				}
			}
			index = next
		}
		return []moved{rearranged(in, sizes, index)}, nil
	}
	return operand{distinct, w.apply("Diagonal", &movement{plan: plan}, o.value)}
}

// dropped leaves out axes of size one.
func (w *writer) dropped(o operand, drop func(r rune, size int) bool) operand {
	var left labels
	var sizes []int
	for i, r := range o.labels {
		if d := w.size(o.value, i); !drop(r, d) {
			left, sizes = append(left, r), append(sizes, d)
		}
	}
	if len(left) == len(o.labels) {
		return o
	}
	return operand{left, w.reshape(o.value, sizes...)}
}

// summed adds up over the axes that are not kept.
func (w *writer) summed(o operand, kept labels) operand {
	var left labels
	var axes []int
	for i, r := range o.labels {
		if slices.Contains(kept, r) {
			left = append(left, r)
		} else {
			axes = append(axes, i)
		}
	}
	if len(axes) == 0 {
		return o
	}
	return operand{left, w.with(attributes{"keepdims": 0}, "ReduceSum", o.value, w.ints(axes...))}
}

// joined multiplies two operands, and adds up over the axes that both have and nobody keeps.
func (w *writer) joined(a, b operand, kept labels) operand {
	var batch, inner, left, right labels
	for _, r := range a.labels {
		switch {
		case !slices.Contains(b.labels, r):
			left = append(left, r)
		case slices.Contains(kept, r):
			batch = append(batch, r)
		default:
			inner = append(inner, r)
		}
	}
	for _, r := range b.labels {
		if !slices.Contains(a.labels, r) {
			right = append(right, r)
		}
	}
	out := slices.Concat(batch, left, right)
	x, y := w.ordered(a, slices.Concat(batch, left, inner)), w.ordered(b, slices.Concat(batch, inner, right))
	sx, sy := w.shape(x), w.shape(y)
	if w.err != nil {
		return a
	}
	ends := len(batch) + len(left)
	shape := slices.Concat(sx[:ends], sy[len(batch)+len(inner):])
	if len(inner) == 0 {
		x = w.reshape(x, append(slices.Clone(sx), slices.Repeat([]int{1}, len(right))...)...)
		y = w.reshape(y, slices.Concat(sy[:len(batch)], slices.Repeat([]int{1}, len(left)), sy[len(batch):])...)
		return operand{out, w.node("Mul", x, y)}
	}
	k := tensor.Size(sx[ends:])
	x = w.reshape(x, append(slices.Clone(sx[:len(batch)]), tensor.Size(sx[len(batch):ends]), k)...)
	y = w.reshape(y, append(slices.Clone(sy[:len(batch)]), k, tensor.Size(sy[len(batch)+len(inner):]))...)
	return operand{out, w.reshape(w.node("MatMul", x, y), shape...)}
}

// ordered is a value with its axes in another order.
func (w *writer) ordered(o operand, order labels) string {
	perm := make([]int, len(order))
	for i, r := range order {
		perm[i] = slices.Index(o.labels, r)
	}
	return w.transpose(o.value, perm...)
}
