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
	l := &op.Lowering{Program: p, Node: "n (" + c.op + ")", Name: "y", In: args, Out: outs,
		ID: make([]ir.ID, len(args))}
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
