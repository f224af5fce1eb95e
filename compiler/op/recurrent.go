package op

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
)

func init() {
	for _, c := range []cell{
		{op: "LSTM", gates: 4, peepholes: 3, states: 2, defaults: []string{"Sigmoid", "Tanh", "Tanh"}, inputs: 8,
			step: (*recurrence).lstm},
		{op: "GRU", gates: 3, states: 1, defaults: []string{"Sigmoid", "Tanh"}, inputs: 6, step: (*recurrence).gru},
		{op: "RNN", gates: 1, states: 1, defaults: []string{"Tanh"}, inputs: 6, step: (*recurrence).rnn},
	} {
		register(Spec{
			Name: c.op, Since: []int{7, 14, 22}, Tolerance: 6,
			Note: "unrolled; the products of the inputs of all times are computed together; all directions, layouts, " +
				"activations; sequence_lens must be known at compile time",
			New: takes(3, c.inputs, func(n *graph.Node) (Op, error) { return newRecurrent(c, n) }),
		})
	}
}

// cell is a kind of recurrent layer.
type cell struct {
	op               string
	gates, peepholes int
	states           int      // 1: the output; 2: with the cell's own
	defaults         []string // activations
	inputs           int
	step             func(r *recurrence, d *direction) []string
}

// The inputs of recurrent operators by number.
const (
	recurrentX = iota
	recurrentW
	recurrentR
	recurrentB
	recurrentLengths
	recurrentH
	recurrentC
	recurrentP
)

// recurrent is a recurrent layer with its attributes.
type recurrent struct {
	cell
	hidden      int
	layout      int
	backwards   []bool // by direction
	activations []activation
	clip        float64
	coupled     bool // LSTM: the forget gate is what the input gate leaves
	linear      bool // GRU: the product comes before the reset
}

func newRecurrent(c cell, n *graph.Node) (Op, error) {
	r := &recurrent{
		cell: c, hidden: n.Int("hidden_size", 0), layout: n.Int("layout", 0), clip: n.Float("clip", 0),
		coupled: n.Int("input_forget", 0) != 0, linear: n.Int("linear_before_reset", 0) != 0,
	}
	if r.layout != 0 && r.layout != 1 {
		return nil, fmt.Errorf("attribute layout is %d; supported are 0 and 1", r.layout)
	}
	if _, ok := n.Attrs["clip"]; ok && (!(r.clip > 0) || math.IsInf(r.clip, 0)) {
		return nil, fmt.Errorf("attribute clip is %g; supported are finite numbers above 0", r.clip)
	}
	switch d := n.String("direction", "forward"); d {
	case "forward":
		r.backwards = []bool{false}
	case "reverse":
		r.backwards = []bool{true}
	case "bidirectional":
		r.backwards = []bool{false, true}
	default:
		return nil, fmt.Errorf("attribute direction is %q; supported are forward, reverse and bidirectional", d)
	}
	var err error
	r.activations, err = r.readActivations(n)
	return &composed{build: following(r.build)}, err
}

// recurrence is the graph of a recurrent layer as it is made.
type recurrence struct {
	*recurrent
	*composer
	in                     []Arg
	steps, batch, features int
}

// direction is what the steps of one direction read.
type direction struct {
	number         int
	body           *composer
	input          string // what the input adds to the gates at a time
	recurrent      []string
	bias, peephole []string
	state          []string
	activations    []activation
}

// build makes the graph.
func (r *recurrent) build(in []Arg) (*graph.Graph, error) {
	g := &recurrence{recurrent: r, composer: newComposer(in), in: in}
	if err := g.check(); err != nil {
		return nil, err
	}
	masks, err := g.masks()
	if err != nil {
		return nil, err
	}
	x := "in0"
	if r.layout == 1 {
		x = g.with("Transpose", "perm", graph.Attr{Ints: []int64{1, 0, 2}}, x)
	}
	outs := make([][]string, 1+r.states)
	for d := range r.backwards {
		for k, name := range g.direct(x, d, masks) {
			outs[k] = append(outs[k], name)
		}
	}
	for k, parts := range outs {
		axis, perm := int64(0), []int64{1, 0, 2}
		if k == 0 {
			axis, perm = 1, []int64{2, 0, 1, 3}
		}
		for i, name := range parts {
			parts[i] = g.node("Unsqueeze", name, g.ints(int(axis)))
		}
		y := g.with("Concat", "axis", graph.Attr{Int: axis}, parts...)
		if r.layout == 1 {
			y = g.with("Transpose", "perm", graph.Attr{Ints: perm}, y)
		}
		g.output(y)
	}
	return g.Graph, nil
}

// check holds the shapes of the inputs against each other.
func (r *recurrence) check() error {
	if _, err := realType(r.in[:1]); err != nil {
		return err
	}
	x := r.in[recurrentX].Shape
	if len(x) != 3 || len(r.in[recurrentR].Shape) != 3 {
		return fmt.Errorf("the input is of shape %v and R of %v, not of three sizes", x, r.in[recurrentR].Shape)
	}
	r.steps, r.batch, r.features = x[r.layout], x[1-r.layout], x[2]
	dirs := len(r.backwards)
	if h := r.in[recurrentR].Shape[2]; r.hidden == 0 {
		r.hidden = h
	}
	h := r.hidden
	initial := []int{dirs, r.batch, h}
	if r.layout == 1 {
		initial = []int{r.batch, dirs, h}
	}
	for k, want := range [][]int{
		x, {dirs, r.gates * h, r.features}, {dirs, r.gates * h, h}, {dirs, 2 * r.gates * h}, {r.batch}, initial,
		initial, {dirs, r.peepholes * h},
	} {
		if given(r.in, k) && !slices.Equal(r.in[k].Shape, want) {
			return fmt.Errorf("input %d is of shape %v, not %v, for %d directions and a hidden size of %d", k,
				r.in[k].Shape, want, dirs, h)
		}
		if given(r.in, k) && k != recurrentLengths && r.in[k].DType != r.dtype {
			return fmt.Errorf("input %d is of type %s and the first of %s; put a Cast before", k, r.in[k].DType,
				r.dtype)
		}
	}
	if r.steps == 0 || r.batch == 0 || r.features == 0 || h == 0 {
		return fmt.Errorf("the input is of shape %v and the hidden size is %d, which holds no elements", x, h)
	}
	return nil
}

// masks says, for each time and sequence, whether the sequence is that long; "" where all
// are.
func (r *recurrence) masks() (string, error) {
	if !given(r.in, recurrentLengths) {
		return "", nil
	}
	lengths, err := integers(r.in, recurrentLengths, "sequence_lens")
	if err != nil {
		return "", err
	}
	mask, all := make([]float64, r.steps*r.batch), true
	for b, n := range lengths {
		if n < 1 || n > r.steps {
			return "", fmt.Errorf("sequence_lens has %d; supported are 1 to %d, the input's times", n, r.steps)
		}
		all = all && n == r.steps
		for t := range n {
			mask[t*r.batch+b] = 1
		}
	}
	if all {
		return "", nil
	}
	return r.typed(graph.Bool, []int{r.steps, r.batch, 1}, mask...), nil
}

// direct adds the steps of a direction, and returns the outputs of all times, then the last
// states.
func (r *recurrence) direct(x string, number int, masks string) []string {
	d := &direction{number: number, activations: r.activations[number*len(r.defaults):][:len(r.defaults)]}
	r.weights(d)
	gates := r.node("MatMul", x, r.node("Transpose", r.one("in1", number)))
	if d.bias != nil {
		gates = r.node("Add", gates, d.bias[0])
	}
	scanned, back := []string{gates}, graph.Attr{Ints: []int64{0}}
	if r.backwards[number] {
		back.Ints[0] = 1
	}
	states, names := []string{r.initial(recurrentH, number)}, []string{"body.h"}
	if r.states == 2 {
		states, names = append(states, r.initial(recurrentC, number)), append(names, "body.c")
	}
	d.state = names
	d.input = "body.x"
	names = append(slices.Clone(names), "body.x")
	backs := graph.Attr{Ints: slices.Clone(back.Ints)}
	if masks != "" {
		scanned, names = append(scanned, masks), append(names, "body.mask")
		backs.Ints = append(backs.Ints, back.Ints[0])
	}
	d.body = r.body(names...)
	next := r.step(r, d)
	y := next[0]
	if masks != "" {
		for k, name := range next {
			next[k] = d.body.node("Where", "body.mask", name, d.state[k])
		}
		y = d.body.node("Where", "body.mask", y, d.body.constant(nil, 0))
	}
	for _, name := range next {
		d.body.output(name)
	}
	d.body.output(d.body.node("Identity", y))
	attrs := map[string]graph.Attr{
		"num_scan_inputs": {Int: int64(len(scanned))}, "scan_input_directions": backs, "scan_output_directions": back,
	}
	out := r.running("Scan", r.states+1, attrs, d.body, append(states, scanned...)...)
	return append([]string{out[r.states]}, out[:r.states]...)
}

// initial is a state before the first step.
func (r *recurrence) initial(input, number int) string {
	if !given(r.in, input) {
		return r.constant([]int{r.batch, r.hidden}, make([]float64, r.batch*r.hidden)...)
	}
	name := fmt.Sprintf("in%d", input)
	if r.layout == 1 {
		name = r.with("Transpose", "perm", graph.Attr{Ints: []int64{1, 0, 2}}, name)
	}
	return r.one(name, number)
}

// weights adds what all steps of a direction read: the recurrent weights, of GRU those of
// the hidden gate apart; the biases, of GRU that of the hidden gate apart where the product
// comes before the reset; the peepholes.
func (r *recurrence) weights(d *direction) {
	h := r.hidden
	all := r.node("Transpose", r.one("in2", d.number))
	d.recurrent = []string{all}
	if r.op == "GRU" && !r.linear {
		d.recurrent = r.split(all, 2*h, h)
	}
	if given(r.in, recurrentB) {
		both := r.split(r.one("in3", d.number), r.gates*h, r.gates*h)
		if r.op == "GRU" && r.linear {
			parts := r.split(both[1], 2*h, h)
			zero := r.constant([]int{h}, make([]float64, h)...)
			both[1] = r.with("Concat", "axis", graph.Attr{}, parts[0], zero)
			d.bias = []string{"", parts[1]}
		} else {
			d.bias = []string{""}
		}
		d.bias[0] = r.node("Add", both[0], both[1])
	}
	if given(r.in, recurrentP) {
		d.peephole = r.split(r.one("in7", d.number), h, h, h)
	}
}
