package op

import (
	"fmt"
	"strings"

	"github.com/zkml-go/zkml/compiler/graph"
)

// activation is a function of a recurrent layer.
type activation struct {
	name        string
	alpha, beta float64
}

// activations are the functions that recurrent layers know, by their names in small letters,
// with the attributes that they take and what these are where they are missing.
var activations = map[string]struct {
	op          string
	attrs       int // none, alpha, or alpha and beta
	alpha, beta float64
	required    bool
}{
	"affine":          {op: "Affine", attrs: 2, alpha: 1},
	"elu":             {op: "Elu", attrs: 1, alpha: 1},
	"hardsigmoid":     {op: "HardSigmoid", attrs: 2, alpha: 0.2, beta: 0.5},
	"leakyrelu":       {op: "LeakyRelu", attrs: 1, alpha: 0.01},
	"relu":            {op: "Relu"},
	"scaledtanh":      {op: "ScaledTanh", attrs: 2, required: true},
	"sigmoid":         {op: "Sigmoid"},
	"softplus":        {op: "Softplus"},
	"softsign":        {op: "Softsign"},
	"tanh":            {op: "Tanh"},
	"thresholdedrelu": {op: "ThresholdedRelu", attrs: 1, alpha: 1},
}

const knownActivations = "Affine, Elu, HardSigmoid, LeakyRelu, Relu, ScaledTanh, Sigmoid, Softplus, Softsign, " +
	"Tanh and ThresholdedRelu"

// readActivations reads the functions of all directions. Each takes its alpha and its beta
// from the lists, if it has them.
func (r *recurrent) readActivations(n *graph.Node) ([]activation, error) {
	names := n.Attrs["activations"].Strings
	if len(names) == 0 {
		for range r.backwards {
			names = append(names, r.defaults...)
		}
	}
	if len(names) != len(r.backwards)*len(r.defaults) {
		return nil, fmt.Errorf("%d activations for %d directions, of %d each", len(names), len(r.backwards),
			len(r.defaults))
	}
	alphas, betas := n.Attrs["activation_alpha"].Floats, n.Attrs["activation_beta"].Floats
	next := func(list *[]float64, missing float64) (v float64, ok bool) {
		if len(*list) == 0 {
			return missing, false
		}
		v, *list = (*list)[0], (*list)[1:]
		return v, true
	}
	var out []activation
	for _, name := range names {
		f, ok := activations[strings.ToLower(name)]
		if !ok {
			return nil, fmt.Errorf("the activation %q is not supported; supported are %s", name, knownActivations)
		}
		a := activation{name: f.op}
		alpha, beta := true, true
		if f.attrs > 0 {
			a.alpha, alpha = next(&alphas, f.alpha)
		}
		if f.attrs > 1 {
			a.beta, beta = next(&betas, f.beta)
		}
		if f.required && !(alpha && beta) {
			return nil, fmt.Errorf("the activation %s has no activation_alpha and activation_beta; export it with them",
				name)
		}
		out = append(out, a)
	}
	return out, nil
}

// gate applies a function to what was clipped, if anything is to be.
func (r *recurrence) gate(b *composer, a activation, x string) string {
	if r.clip > 0 {
		x = b.node("Clip", x, b.constant(nil, -r.clip), b.constant(nil, r.clip))
	}
	return b.activate(a, x)
}

// activate applies a function.
func (c *composer) activate(a activation, x string) string {
	alpha := graph.Attr{Float: a.alpha}
	switch a.name {
	case "Affine":
		return c.node("Add", c.node("Mul", x, c.constant(nil, a.alpha)), c.constant(nil, a.beta))
	case "ScaledTanh":
		return c.node("Mul", c.node("Tanh", c.node("Mul", x, c.constant(nil, a.beta))), c.constant(nil, a.alpha))
	case "HardSigmoid":
		attrs := map[string]graph.Attr{"alpha": alpha, "beta": {Float: a.beta}}
		return c.several(a.name, 1, attrs, x)[0]
	case "Elu", "LeakyRelu", "ThresholdedRelu":
		return c.with(a.name, "alpha", alpha, x)
	}
	return c.node(a.name, x)
}

// lstm is a step of an LSTM, whose gates are in the order input, output, forget, cell.
func (r *recurrence) lstm(d *direction) []string {
	b, f, h := d.body, d.activations, r.hidden
	cell := d.state[1]
	sums := b.node("Add", d.input, b.node("MatMul", d.state[0], d.recurrent[0]))
	peep := func(x string, k int, c string) string {
		if d.peephole == nil {
			return x
		}
		return b.node("Add", x, b.node("Mul", d.peephole[k], c))
	}
	var in, out, forget, candidate string
	if d.peephole == nil { // one function of all gates
		gates := b.split(sums, 3*h, h)
		three := b.split(r.gate(b, f[0], gates[0]), h, h, h)
		in, out, forget, candidate = three[0], three[1], three[2], gates[1]
	} else {
		gates := b.split(sums, h, h, h, h)
		in = r.gate(b, f[0], peep(gates[0], 0, cell))
		forget = r.gate(b, f[0], peep(gates[2], 2, cell))
		out, candidate = gates[1], gates[3]
	}
	if r.coupled {
		forget = b.node("Sub", b.constant(nil, 1), in)
	}
	next := b.node("Add", b.node("Mul", forget, cell), b.node("Mul", in, r.gate(b, f[1], candidate)))
	if d.peephole != nil {
		out = r.gate(b, f[0], peep(out, 1, next))
	}
	return []string{b.node("Mul", out, b.activate(f[2], next)), next}
}

// gru is a step of a GRU, whose gates are in the order update, reset, hidden.
func (r *recurrence) gru(d *direction) []string {
	b, f, h := d.body, d.activations, r.hidden
	before := d.state[0]
	x := b.split(d.input, 2*h, h)
	var from, hidden string
	if r.linear {
		both := b.split(b.node("MatMul", before, d.recurrent[0]), 2*h, h)
		from, hidden = both[0], both[1]
		if d.bias != nil {
			hidden = b.node("Add", hidden, d.bias[1])
		}
	} else {
		from = b.node("MatMul", before, d.recurrent[0])
	}
	gates := b.split(r.gate(b, f[0], b.node("Add", x[0], from)), h, h)
	update, reset := gates[0], gates[1]
	if r.linear {
		hidden = b.node("Mul", reset, hidden)
	} else {
		hidden = b.node("MatMul", b.node("Mul", reset, before), d.recurrent[1])
	}
	hidden = r.gate(b, f[1], b.node("Add", x[1], hidden))
	return []string{b.node("Add", hidden, b.node("Mul", update, b.node("Sub", before, hidden)))}
}

// rnn is a step of a simple recurrent layer.
func (r *recurrence) rnn(d *direction) []string {
	b := d.body
	sum := b.node("Add", d.input, b.node("MatMul", d.state[0], d.recurrent[0]))
	return []string{r.gate(b, d.activations[0], sum)}
}
