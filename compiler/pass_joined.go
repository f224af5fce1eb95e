package compiler

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// joinFunctions makes one function of steps that together are a function of each element of one
// value, as a Gelu, a Swish or a Mish that an exporter wrote out: one table takes the place of
// theirs, of products and of roundings between them.
func joinFunctions(x *rewriter, s *ir.Step) (bool, error) {
	switch s.Kind.(type) {
	case *ir.Func, *ir.Product, *ir.Quotient, *ir.Affine:
	default:
		return false, nil
	}
	c := &cone{x: x, size: x.program.Size(s.Out), reads: map[ir.ID]int{}, end: s.Out}
	root, ok := c.root(s)
	if !ok {
		return false, nil
	}
	fn := c.function(root)
	if first := c.steps[0].Node; first != s.Node {
		s.Node = first + " + " + s.Node
	}
	if err := x.replace(s, fn, []ir.ID{root}); err != nil {
		return false, err
	}
	for _, m := range slices.Backward(c.steps[:len(c.steps)-1]) {
		x.remove(m)
	}
	return true, nil
}

// mostJoined bounds the steps that become one function.
const mostJoined = 16

// cone are steps that end in one value, and whose elements each depend on the elements of the same
// place in what they read.
type cone struct {
	x     *rewriter
	size  int
	end   ir.ID
	steps []*ir.Step    // the first of the program first
	reads map[ir.ID]int // by steps of the cone
	open  []ir.ID       // what the cone reads and does not make, the last of the program last
}

// root finds the value of which a step is a function: the first of the program of which it is one
// by functions, and not by linear steps alone. Nobody else reads what is between the two.
func (c *cone) root(s *ir.Step) (root ir.ID, ok bool) {
	if !c.add(s) || linearEnd(s) {
		return 0, false
	}
	kept, functions := 0, 0
	for {
		if _, is := c.steps[0].Kind.(*ir.Func); is {
			functions++
		}
		if len(c.open) == 1 && c.closed() && c.saves(functions) {
			root, ok, kept = c.open[0], true, len(c.steps)
		}
		m := c.x.Producer(c.open[len(c.open)-1])
		if m == nil || len(c.steps) == mostJoined || !c.add(m) {
			break
		}
	}
	c.steps = c.steps[len(c.steps)-kept:]
	return root, ok
}

// linearEnd tells whether a step is linear in one value: it joins the layer that follows.
func linearEnd(s *ir.Step) bool {
	_, linear := s.Kind.(*ir.Affine)
	return linear && len(s.In) == 1
}

// saves tells whether one function is less than the steps. It is a table, which products and linear
// steps alone are not; and a linear step before functions joins the layer before, if nothing else of
// the cone reads what it reads.
func (c *cone) saves(functions int) bool {
	several := c.reads[c.open[0]] > 1
	return functions > 1 && !linearEnd(c.steps[0]) || functions == 1 && several
}

// closed tells whether nobody but the cone reads what it makes on the way.
func (c *cone) closed() bool {
	for _, s := range c.steps {
		if s.Out != c.end && c.x.Uses(s.Out) != c.reads[s.Out] {
			return false
		}
	}
	return true
}

// add takes a step into the cone, if its elements are a function of those in their places.
func (c *cone) add(s *ir.Step) bool {
	p := c.x.program
	if p.Size(s.Out) != c.size || p.Whole(s.Out) || !c.uniform(s) {
		return false
	}
	for _, id := range s.In {
		if p.Size(id) != c.size || p.Whole(id) {
			return false
		}
	}
	c.steps = slices.Insert(c.steps, 0, s)
	c.open = slices.DeleteFunc(c.open, func(id ir.ID) bool { return id == s.Out })
	for _, id := range s.In {
		c.reads[id]++
		if !slices.Contains(c.open, id) {
			c.open = append(c.open, id)
		}
	}
	slices.SortFunc(c.open, func(a, b ir.ID) int { return c.x.Position(a) - c.x.Position(b) })
	return true
}

// uniform tells whether a step does the same to all elements. Numbers of a secret model would be
// published by a table.
func (c *cone) uniform(s *ir.Step) bool {
	switch k := s.Kind.(type) {
	case *ir.Func:
		return !k.GivesIntegers(false) && len(k.Counts) == 0 && k.Whole == nil && !k.Open
	case *ir.Clamp:
		return true
	case *ir.Product:
		return sparse.InOrder(k.A) && sparse.InOrder(k.B)
	case *ir.Quotient:
		return !k.Integer && len(s.In) == 2 && sparse.InOrder(k.A) && sparse.InOrder(k.B)
	case *ir.Affine:
		return (!c.x.program.Secret || k.Fixed) && uniformRows(k)
	}
	return false
}

// uniformRows tells whether each row has the weights and the bias of the first, over the elements
// of its own place.
func uniformRows(a *ir.Affine) bool {
	if a.Rows.Len() == 0 || a.Rows.RowTerms(0) > mostJoined {
		return false
	}
	first := a.Rows.Row(0, nil)
	var row []ir.Term
	for i, bias := range a.Bias {
		if bias != a.Bias[0] || a.Rows.RowTerms(i) != len(first) {
			return false
		}
		row = a.Rows.Row(i, row[:0])
		for k, t := range row {
			if int(t.Index) != i || t.In != first[k].In || t.W != first[k].W {
				return false
			}
		}
	}
	return len(first) > 0
}

// function is what the cone computes of an element of root.
func (c *cone) function(root ir.ID) *ir.Func {
	at := map[ir.ID]int{root: 0}
	var parts []func(v []float64) float64
	var text []string
	rises := true
	for _, s := range c.steps {
		in := make([]int, len(s.In))
		for k, id := range s.In {
			in[k] = at[id]
		}
		f, name, up := elementwise(s.Kind, in)
		rises = rises && up
		at[s.Out] = len(at)
		parts, text = append(parts, f), append(text, fmt.Sprintf("v%d = %s", at[s.Out], name))
	}
	return &ir.Func{Name: strings.Join(text, ", "), Monotone: rises, F: func(v float64) float64 {
		values := make([]float64, 1, mostJoined+1)
		values[0] = v
		for _, f := range parts {
			values = append(values, f(values))
		}
		return values[len(parts)]
	}}
}

// elementwise is what a uniform step does to an element, from those of a list that it reads; a text
// that tells it from others; and whether it never decreases, of a step that reads one value.
func elementwise(kind ir.Kind, in []int) (f func(v []float64) float64, text string, rises bool) {
	one, other := in[0], in[len(in)-1]
	switch k := kind.(type) {
	case *ir.Product:
		f = func(v []float64) float64 { return float64(v[one] * v[other]) }
		return f, fmt.Sprintf("v%d*v%d", one, other), false
	case *ir.Quotient:
		return func(v []float64) float64 { return v[one] / v[other] }, fmt.Sprintf("v%d/v%d", one, other), false
	case *ir.Affine:
		row, bias := k.Rows.Row(0, nil), k.Bias[0]
		var b strings.Builder
		rises = true
		for _, t := range row {
			fmt.Fprintf(&b, "%v*v%d + ", t.W, in[t.In])
			rises = rises && t.W >= 0
		}
		fmt.Fprintf(&b, "%v", bias)
		return func(v []float64) float64 {
			sum := bias
			for _, t := range row {
				sum += float64(t.W * v[in[t.In]])
			}
			return sum
		}, b.String(), rises
	case *ir.Func:
		return func(v []float64) float64 { return k.F(v[one]) }, fmt.Sprintf("%v(v%d)", k, one), k.Monotone
	}
	return func(v []float64) float64 { return kind.Eval([][]float64{{v[one]}}, 1)[0] },
		fmt.Sprintf("%v(v%d)", kind, one), true
}
