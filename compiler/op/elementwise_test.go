package op_test

import (
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/tensor"
)

// operand is a node's input in a test.
type operand struct {
	arg    op.Arg
	values []float64
	same   bool // the very value of operand 0
}

// fixed is a constant operand, varying one that depends on the model's input.
func fixed(shape []int, values ...float64) operand {
	o := varying(shape, values...)
	o.arg.Const = tensor.Of(o.values, shape...)
	return o
}

func varying(shape []int, values ...float64) operand {
	if values == nil {
		values = counted(tensor.Size(shape))
	}
	return operand{arg: op.Arg{Present: true, DType: graph.Float32, Shape: shape}, values: values}
}

// typed is o with another element type.
func typed(o operand, dtype graph.DType) operand {
	o.arg.DType = dtype
	return o
}

// huge is a varying operand that is refused before its values are looked at.
func huge(shape ...int) operand {
	return operand{arg: op.Arg{Present: true, DType: graph.Float32, Shape: shape}}
}

// twin is operand 0 once more.
func twin(shape []int, values ...float64) operand {
	o := varying(shape, values...)
	o.same = true
	return o
}

// counted lists 1 to n.
func counted(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(i + 1)
	}
	return out
}

type attrs = map[string]graph.Attr

func intAttr(v int64) graph.Attr     { return graph.Attr{Int: v} }
func floatAttr(v float64) graph.Attr { return graph.Attr{Float: v} }
func textAttr(v string) graph.Attr   { return graph.Attr{String: v} }
func intsAttr(v ...int64) graph.Attr { return graph.Attr{Ints: v} }
func shaped(sizes ...int) []int      { return sizes }
func numbers(v ...float64) []float64 { return v }

// computed is a node with the output that it must have, and the kinds of step
// that it must be lowered to.
type computed struct {
	name  string
	op    string
	opset int // 13 where it is 0
	attrs attrs
	in    []operand
	shape []int
	want  []float64
	steps string // "affine dot", empty where everything is constant
}

// refused is a node that must be refused with an error that holds part.
type refused struct {
	name  string
	op    string
	attrs attrs
	in    []operand
	part  string
}

func nodeOf(name string, opset int, a attrs, in []operand) *graph.Node {
	n := &graph.Node{Name: "n", Op: name, Opset: opset, Attrs: a, Outputs: []string{"y"}}
	if opset == 0 {
		n.Opset = 13
	}
	for i, o := range in {
		n.Inputs = append(n.Inputs, "")
		if o.arg.Present {
			n.Inputs[i] = string(rune('a' + i))
		}
	}
	return n
}

// checkComputed examines nodes: shapes, Float, and the lowered program against
// Float at random points.
func checkComputed(t *testing.T, cases []computed) {
	for _, c := range cases {
		t.Run(c.op+"/"+c.name, func(t *testing.T) {
			o, err := op.Bind(nodeOf(c.op, c.opset, c.attrs, c.in))
			if err != nil {
				t.Fatal(err)
			}
			args, values := unpack(c.in)
			outs, err := o.Infer(args)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(outs[0].Shape, c.shape) || outs[0].DType != args[0].DType {
				t.Fatalf("inferred %v of %s, want %v of %s", outs[0].Shape, outs[0].DType, c.shape, args[0].DType)
			}
			got, err := o.Float(values)
			if err != nil {
				t.Fatal(err)
			}
			sameValues(t, "Float", got[0].Data, c.want)
			if !slices.Equal(got[0].Shape, c.shape) {
				t.Errorf("Float has shape %v, want %v", got[0].Shape, c.shape)
			}
			checkLowered(t, o, c, outs)
		})
	}
}

func unpack(in []operand) (args []op.Arg, values []*tensor.Float) {
	for _, o := range in {
		args, values = append(args, o.arg), append(values, nil)
		if o.arg.Present && len(o.values) == tensor.Size(o.arg.Shape) {
			values[len(values)-1] = tensor.Of(slices.Clone(o.values), o.arg.Shape...)
		}
	}
	return args, values
}

func sameValues(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d elements, want %d", what, len(got), len(want))
	}
	for i, v := range want {
		if !(math.Abs(got[i]-v) <= 1e-9*(1+math.Abs(v))) {
			t.Fatalf("%s: element %d is %g, want %g (all: %v)", what, i, got[i], v, got)
		}
	}
}

func checkLowered(t *testing.T, o op.Op, c computed, outs []op.Out) {
	args, values := unpack(c.in)
	p := &ir.Program{}
	l := &op.Lowering{Program: p, Node: "n (" + c.op + ")", Name: "y", In: args, Out: outs, ID: make([]ir.ID, len(args))}
	random := rand.New(rand.NewSource(1))
	var inputs [][]float64
	for i, x := range c.in {
		switch {
		case !x.arg.Present || x.arg.Const != nil:
		case x.same:
			l.ID[i], values[i] = l.ID[0], values[0]
		default:
			l.ID[i] = p.Value(c.name, x.arg.Shape)
			p.Inputs = append(p.Inputs, l.ID[i])
			values[i] = tensor.Map(values[i], func(float64) float64 { return float64(random.Intn(41)-20) / 4 })
			inputs = append(inputs, values[i].Data)
		}
	}
	if len(inputs) == 0 {
		return
	}
	ids, err := o.Lower(l)
	if err != nil {
		t.Fatal(err)
	}
	want, err := o.Float(values)
	if err != nil {
		t.Fatal(err)
	}
	sameValues(t, "lowered", p.Run(inputs...)[ids[0]], want[0].Data)
	if !slices.Equal(p.Shapes[ids[0]], c.shape) {
		t.Errorf("lowered to shape %v, want %v", p.Shapes[ids[0]], c.shape)
	}
	checkSteps(t, p, c.steps)
}

// checkSteps compares the kinds of a program's steps, and holds affine steps to
// the promises of ir.Affine.
func checkSteps(t *testing.T, p *ir.Program, want string) {
	var kinds []string
	for _, s := range p.Steps {
		kind, _, _ := strings.Cut(s.Kind.String(), "[")
		if a, ok := s.Kind.(*ir.Affine); ok {
			checkAffine(t, p, s, a)
			if a.Fixed {
				kind = "fixed"
			}
		}
		kinds = append(kinds, kind)
	}
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("lowered to %q, want %q", got, want)
	}
}

func checkAffine(t *testing.T, p *ir.Program, s *ir.Step, a *ir.Affine) {
	n := p.Size(s.Out)
	if a.Rows.Len() != n || len(a.Bias) != n || len(a.Group) != n {
		t.Fatalf("%d rows, %d biases and %d groups for %d elements", a.Rows.Len(), len(a.Bias), len(a.Group), n)
	}
	for i, id := range s.In {
		if slices.Contains(s.In[:i], id) {
			t.Errorf("value %d is an input twice", id)
		}
	}
	for r := range a.Rows.Len() {
		row := a.Rows.Row(r, nil)
		for i, term := range row {
			if i > 0 && (term.In < row[i-1].In || term.In == row[i-1].In && term.Index <= row[i-1].Index) {
				t.Fatalf("terms are not ascending: %v", row)
			}
		}
	}
}

// checkRefused binds and infers and lowers until one of them refuses.
func checkRefused(t *testing.T, cases []refused) {
	for _, c := range cases {
		t.Run(c.op+"/"+c.name, func(t *testing.T) {
			err := firstError(c)
			if err == nil || !strings.Contains(err.Error(), c.part) {
				t.Errorf("error %v, want one with %q", err, c.part)
			}
		})
	}
}

func firstError(c refused) error {
	o, err := op.Bind(nodeOf(c.op, 0, c.attrs, c.in))
	if err != nil {
		return err
	}
	args, values := unpack(c.in)
	outs, err := o.Infer(args)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(args, func(a op.Arg) bool { return a.Present && a.Const == nil }) {
		_, err = o.Float(values)
		return err
	}
	p := &ir.Program{}
	l := &op.Lowering{Program: p, In: args, Out: outs}
	for _, a := range args {
		l.ID = append(l.ID, p.Value("x", a.Shape))
	}
	_, err = o.Lower(l)
	return err
}

func TestElementwise(t *testing.T) {
	row := numbers(10, 20, 30)
	checkComputed(t, []computed{
		{name: "two variables", op: "Add", in: []operand{varying(shaped(2)), varying(shaped(2))}, shape: shaped(2), want: numbers(2, 4), steps: "fixed"},
		{name: "a variable and itself", op: "Add", in: []operand{varying(shaped(2)), twin(shaped(2))}, shape: shaped(2), want: numbers(2, 4), steps: "fixed"},
		{name: "a constant on the left", op: "Add", in: []operand{fixed(shaped(3), row...), varying(shaped(2, 3))}, shape: shaped(2, 3), want: numbers(11, 22, 33, 14, 25, 36), steps: "affine"},
		{name: "both broadcast", op: "Add", in: []operand{varying(shaped(2, 1)), varying(shaped(3), row...)}, shape: shaped(2, 3), want: numbers(11, 21, 31, 12, 22, 32), steps: "fixed"},
		{name: "a scalar", op: "Add", in: []operand{varying(shaped()), fixed(shaped(2))}, shape: shaped(2), want: numbers(2, 3), steps: "affine"},
		{name: "constants", op: "Add", in: []operand{fixed(shaped(2)), fixed(shaped(2))}, shape: shaped(2), want: numbers(2, 4)},
		{name: "two variables", op: "Sub", in: []operand{varying(shaped(3), row...), varying(shaped(3))}, shape: shaped(3), want: numbers(9, 18, 27), steps: "fixed"},
		{name: "a variable from itself", op: "Sub", in: []operand{varying(shaped(2)), twin(shaped(2))}, shape: shaped(2), want: numbers(0, 0), steps: "fixed"},
		{name: "from a constant", op: "Sub", in: []operand{fixed(shaped(1), 1), varying(shaped(3))}, shape: shaped(3), want: numbers(0, -1, -2), steps: "affine"},
		{name: "variable", op: "Neg", in: []operand{varying(shaped(2))}, shape: shaped(2), want: numbers(-1, -2), steps: "fixed"},
		{name: "by a constant", op: "Mul", in: []operand{varying(shaped(2, 3)), fixed(shaped(3), row...)}, shape: shaped(2, 3), want: numbers(10, 40, 90, 40, 100, 180), steps: "affine"},
		{name: "a constant by a smaller variable", op: "Mul", in: []operand{fixed(shaped(3), row...), varying(shaped(2, 1))}, shape: shaped(2, 3), want: numbers(10, 20, 30, 20, 40, 60), steps: "affine"},
		{name: "two variables", op: "Mul", in: []operand{varying(shaped(2, 1)), varying(shaped(2))}, shape: shaped(2, 2), want: numbers(1, 2, 2, 4), steps: "product"},
		{name: "a square", op: "Mul", in: []operand{varying(shaped(3)), twin(shaped(3))}, shape: shaped(3), want: numbers(1, 4, 9), steps: "product"},
		{name: "by a constant", op: "Div", in: []operand{varying(shaped(2)), fixed(shaped(2), 4, 8)}, shape: shaped(2), want: numbers(.25, .25), steps: "affine"},
		{name: "integers toward zero", op: "Div", in: []operand{typed(fixed(shaped(4), 7, -7, 7, -7), graph.Int64), typed(fixed(shaped(4), 2, 2, -2, -2), graph.Int64)}, shape: shaped(4), want: numbers(3, -3, -3, 3)},
		{name: "constants", op: "Div", in: []operand{fixed(shaped(2)), fixed(shaped(1), 4)}, shape: shaped(2), want: numbers(.25, .5)},
		{name: "one", op: "Sum", in: []operand{varying(shaped(2))}, shape: shaped(2), want: numbers(1, 2), steps: "fixed"},
		{name: "variables and constants", op: "Sum", in: []operand{varying(shaped(2)), fixed(shaped(2, 1), 5, 6), twin(shaped(2)), fixed(shaped(), 1)}, shape: shaped(2, 2), want: numbers(8, 10, 9, 11), steps: "affine"},
		{name: "four", op: "Mean", in: []operand{varying(shaped(1), 1), varying(shaped(1), 2), varying(shaped(1), 3), varying(shaped(1), 6)}, shape: shaped(1), want: numbers(3), steps: "fixed"},
		{name: "integers of the model's input", op: "Add", in: []operand{typed(varying(shaped(1)), graph.Int64), typed(varying(shaped(1)), graph.Int64)}, shape: shaped(1), want: numbers(2), steps: "fixed"},
		{name: "nothing", op: "Add", in: []operand{varying(shaped(0, 2)), fixed(shaped(2))}, shape: shaped(0, 2), want: nil, steps: "affine"},
	})
}

func TestElementwiseRefused(t *testing.T) {
	x, bytes := varying(shaped(3)), typed(varying(shaped(3)), graph.Uint8)
	long := typed(fixed(shaped(1), 1<<62), graph.Int64)
	checkRefused(t, []refused{
		{name: "sizes", op: "Add", in: []operand{x, varying(shaped(2))}, part: "sizes 3 and 2 do not broadcast"},
		{name: "one operand", op: "Add", in: []operand{x}, part: "1 inputs"},
		{name: "types", op: "Sub", in: []operand{x, bytes}, part: "operand 0 is of type float and operand 1 of type uint8; put a Cast before"},
		{name: "truth values", op: "Mul", in: []operand{typed(x, graph.Bool), typed(x, graph.Bool)}, part: "type bool are not numbers"},
		{name: "bytes that may wrap", op: "Add", in: []operand{bytes, bytes}, part: "may wrap around; put a Cast"},
		{name: "a negative byte", op: "Neg", in: []operand{typed(fixed(shaped(1), 1), graph.Uint8)}, part: "does not fit into uint8"},
		{name: "a long overflow", op: "Mul", in: []operand{long, long}, part: "does not fit into int64"},
		{name: "a mean of integers", op: "Mean", in: []operand{bytes}, part: "only real types"},
		{name: "an absent operand", op: "Sum", in: []operand{x, {}}, part: "operand 1 is absent"},
		{name: "too large", op: "Add", in: []operand{huge(1<<20, 1), huge(1, 1<<20)}, part: "a circuit cannot hold it"},
		{name: "by a variable", op: "Div", in: []operand{fixed(shaped(1), 1), x}, part: "the divisor depends on the model's input"},
		{name: "by zero", op: "Div", in: []operand{x, fixed(shaped(3), 1, 0, 2)}, part: "the divisor holds a zero"},
		{name: "integers by zero", op: "Div", in: []operand{typed(fixed(shaped(1)), graph.Int64), typed(fixed(shaped(1), 0), graph.Int64)}, part: "the divisor holds a zero"},
		{name: "an integer of the model's input", op: "Div", in: []operand{typed(x, graph.Int64), typed(fixed(shaped(1), 2), graph.Int64)}, part: "truncates; put a Cast"},
		{name: "infinite", op: "Mul", in: []operand{x, fixed(shaped(1), math.Inf(1))}, part: "NaN, infinite"},
		{name: "not a number", op: "Add", in: []operand{x, fixed(shaped(1), math.NaN())}, part: "NaN, infinite"},
	})
}

// TestGroups pins which rows share a scale, and that terms with weight 0 stay.
func TestGroups(t *testing.T) {
	zeros := make([]float64, 4)
	for _, c := range []struct {
		name string
		op   string
		in   []operand
		want []int
		each int // terms of each row
	}{
		{"a scalar constant", "Mul", []operand{varying(shaped(2, 2)), fixed(shaped(), 0)}, []int{0, 0, 0, 0}, 1},
		{"a row of constants", "Mul", []operand{varying(shaped(2, 2)), fixed(shaped(2), 0, 0)}, []int{0, 1, 0, 1}, 1},
		{"a column of constants", "Add", []operand{varying(shaped(2, 2)), fixed(shaped(2, 1), 0, 0)}, []int{0, 0, 1, 1}, 1},
		{"weights on the right", "MatMul", []operand{varying(shaped(2, 2)), fixed(shaped(2, 2), zeros...)}, []int{0, 1, 0, 1}, 2},
		{"weights on the left", "MatMul", []operand{fixed(shaped(2, 2), zeros...), varying(shaped(2, 2))}, []int{0, 0, 1, 1}, 2},
		{"weights for each batch", "MatMul", []operand{varying(shaped(1, 2)), fixed(shaped(2, 2, 1), zeros...)}, []int{0, 1}, 2},
		{"weights on the right", "Gemm", []operand{varying(shaped(2, 2)), fixed(shaped(2, 2), zeros...), fixed(shaped(2), 0, 0)}, []int{0, 1, 0, 1}, 2},
		{"weights on the left", "Gemm", []operand{fixed(shaped(2, 2), zeros...), varying(shaped(2, 2))}, []int{0, 0, 1, 1}, 2},
		{"channels", "Conv", []operand{varying(shaped(1, 1, 3)), fixed(shaped(2, 1, 2), zeros...)}, []int{0, 0, 1, 1}, 2},
		{"channels", "BatchNormalization", []operand{varying(shaped(1, 2, 2)), fixed(shaped(2), 0, 0), fixed(shaped(2)), fixed(shaped(2)), fixed(shaped(2))}, []int{0, 0, 1, 1}, 1},
		{"sums", "ReduceSum", []operand{varying(shaped(2, 2)), typed(fixed(shaped(1), 1), graph.Int64)}, []int{0, 0}, 2},
	} {
		t.Run(c.op+"/"+c.name, func(t *testing.T) {
			a := lowerAffine(t, c.op, c.in)
			if !slices.Equal(a.Group, c.want) {
				t.Errorf("groups %v, want %v", a.Group, c.want)
			}
			for i := range a.Rows.Len() {
				if n := a.Rows.RowTerms(i); n != c.each {
					t.Errorf("a row of %d terms, want %d", n, c.each)
				}
			}
		})
	}
}

// lowerAffine lowers a node with one variable to its only, affine step.
func lowerAffine(t *testing.T, name string, in []operand) *ir.Affine {
	o, err := op.Bind(nodeOf(name, 0, nil, in))
	if err != nil {
		t.Fatal(err)
	}
	args, _ := unpack(in)
	l := &op.Lowering{Program: &ir.Program{}, In: args, ID: make([]ir.ID, len(args))}
	if l.Out, err = o.Infer(args); err != nil {
		t.Fatal(err)
	}
	for i := range args {
		l.ID[i] = l.Value("x", args[i].Shape)
	}
	if _, err := o.Lower(l); err != nil {
		t.Fatal(err)
	}
	return l.Steps[0].Kind.(*ir.Affine)
}
