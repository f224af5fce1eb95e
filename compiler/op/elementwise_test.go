package op_test

import (
	"math"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/compiler/op"
)

func TestElementwise(t *testing.T) {
	row := numbers(10, 20, 30)
	checkComputed(t, []computed{
		{name: "two variables", op: "Add", in: []operand{varying(shaped(2)), varying(shaped(2))}, shape: shaped(2),
			want: numbers(2, 4), steps: "fixed"},
		{name: "a variable and itself", op: "Add", in: []operand{varying(shaped(2)), twin(shaped(2))}, shape: shaped(2),
			want: numbers(2, 4), steps: "fixed"},
		{name: "a constant on the left", op: "Add", in: []operand{fixed(shaped(3), row...), varying(shaped(2, 3))},
			shape: shaped(2, 3), want: numbers(11, 22, 33, 14, 25, 36), steps: "affine"},
		{name: "both broadcast", op: "Add", in: []operand{varying(shaped(2, 1)), varying(shaped(3), row...)},
			shape: shaped(2, 3), want: numbers(11, 21, 31, 12, 22, 32), steps: "fixed"},
		{name: "a scalar", op: "Add", in: []operand{varying(shaped()), fixed(shaped(2))}, shape: shaped(2),
			want: numbers(2, 3), steps: "affine"},
		{name: "constants", op: "Add", in: []operand{fixed(shaped(2)), fixed(shaped(2))}, shape: shaped(2),
			want: numbers(2, 4)},
		{name: "two variables", op: "Sub", in: []operand{varying(shaped(3), row...), varying(shaped(3))},
			shape: shaped(3), want: numbers(9, 18, 27), steps: "fixed"},
		{name: "a variable from itself", op: "Sub", in: []operand{varying(shaped(2)), twin(shaped(2))},
			shape: shaped(2), want: numbers(0, 0), steps: "fixed"},
		{name: "from a constant", op: "Sub", in: []operand{fixed(shaped(1), 1), varying(shaped(3))}, shape: shaped(3),
			want: numbers(0, -1, -2), steps: "affine"},
		{name: "variable", op: "Neg", in: []operand{varying(shaped(2))}, shape: shaped(2), want: numbers(-1, -2),
			steps: "fixed"},
		{name: "by a constant", op: "Mul", in: []operand{varying(shaped(2, 3)), fixed(shaped(3), row...)},
			shape: shaped(2, 3), want: numbers(10, 40, 90, 40, 100, 180), steps: "affine"},
		{name: "a constant by a smaller variable", op: "Mul",
			in: []operand{fixed(shaped(3), row...), varying(shaped(2, 1))}, shape: shaped(2, 3),
			want: numbers(10, 20, 30, 20, 40, 60), steps: "affine"},
		{name: "two variables", op: "Mul", in: []operand{varying(shaped(2, 1)), varying(shaped(2))},
			shape: shaped(2, 2), want: numbers(1, 2, 2, 4), steps: "product"},
		{name: "a square", op: "Mul", in: []operand{varying(shaped(3)), twin(shaped(3))}, shape: shaped(3),
			want: numbers(1, 4, 9), steps: "product"},
		{name: "by a constant", op: "Div", in: []operand{varying(shaped(2)), fixed(shaped(2), 4, 8)}, shape: shaped(2),
			want: numbers(.25, .25), steps: "affine"},
		{name: "integers toward zero", op: "Div",
			in: []operand{typed(fixed(shaped(4), 7, -7, 7, -7), graph.Int64),
				typed(fixed(shaped(4), 2, 2, -2, -2), graph.Int64)}, shape: shaped(4), want: numbers(3, -3, -3, 3)},
		{name: "constants", op: "Div", in: []operand{fixed(shaped(2)), fixed(shaped(1), 4)}, shape: shaped(2),
			want: numbers(.25, .5)},
		{name: "one", op: "Sum", in: []operand{varying(shaped(2))}, shape: shaped(2), want: numbers(1, 2),
			steps: "fixed"},
		{name: "variables and constants", op: "Sum",
			in:    []operand{varying(shaped(2)), fixed(shaped(2, 1), 5, 6), twin(shaped(2)), fixed(shaped(), 1)},
			shape: shaped(2, 2), want: numbers(8, 10, 9, 11), steps: "affine"},
		{name: "four", op: "Mean", in: []operand{varying(shaped(1), 1), varying(shaped(1), 2), varying(shaped(1), 3),
			varying(shaped(1), 6)}, shape: shaped(1), want: numbers(3), steps: "fixed"},
		{name: "integers of the model's input", op: "Add",
			in:    []operand{typed(varying(shaped(1)), graph.Int64), typed(varying(shaped(1)), graph.Int64)},
			shape: shaped(1), want: numbers(2), steps: "fixed"},
		{name: "nothing", op: "Add", in: []operand{varying(shaped(0, 2)), fixed(shaped(2))}, shape: shaped(0, 2),
			want: nil, steps: "affine"},
	})
}

func TestElementwiseRefused(t *testing.T) {
	x, bytes := varying(shaped(3)), typed(varying(shaped(3)), graph.Uint8)
	long := typed(fixed(shaped(1), 1<<62), graph.Int64)
	checkRefused(t, []refused{
		{name: "sizes", op: "Add", in: []operand{x, varying(shaped(2))}, part: "sizes 3 and 2 do not broadcast"},
		{name: "one operand", op: "Add", in: []operand{x}, part: "1 inputs"},
		{name: "types", op: "Sub", in: []operand{x, bytes},
			part: "operand 0 is of type float and operand 1 of type uint8; put a Cast before"},
		{name: "truth values", op: "Mul", in: []operand{typed(x, graph.Bool), typed(x, graph.Bool)},
			part: "type bool are not numbers"},
		{name: "a negative byte", op: "Neg", in: []operand{typed(fixed(shaped(1), 1), graph.Uint8)},
			part: "does not fit into uint8"},
		{name: "a long overflow", op: "Mul", in: []operand{long, long}, part: "does not fit into int64"},
		{name: "a mean of integers", op: "Mean", in: []operand{bytes}, part: "only real types"},
		{name: "an absent operand", op: "Sum", in: []operand{x, {}}, part: "operand 1 is absent"},
		{name: "too large", op: "Add", in: []operand{huge(1<<20, 1), huge(1, 1<<20)}, part: "a circuit cannot hold it"},
		{name: "by zero", op: "Div", in: []operand{x, fixed(shaped(3), 1, 0, 2)}, part: "the divisor holds a zero"},
		{name: "integers by zero", op: "Div",
			in:   []operand{typed(fixed(shaped(1)), graph.Int64), typed(fixed(shaped(1), 0), graph.Int64)},
			part: "the divisor holds a zero"},
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
		{"a column of constants", "Add", []operand{varying(shaped(2, 2)), fixed(shaped(2, 1), 0, 0)},
			[]int{0, 0, 1, 1}, 1},
		{"weights on the right", "MatMul", []operand{varying(shaped(2, 2)), fixed(shaped(2, 2), zeros...)},
			[]int{0, 1, 0, 1}, 2},
		{"weights on the left", "MatMul", []operand{fixed(shaped(2, 2), zeros...), varying(shaped(2, 2))},
			[]int{0, 0, 1, 1}, 2},
		{"weights for each batch", "MatMul", []operand{varying(shaped(1, 2)), fixed(shaped(2, 2, 1), zeros...)},
			[]int{0, 1}, 2},
		{"weights on the right", "Gemm", []operand{varying(shaped(2, 2)), fixed(shaped(2, 2), zeros...),
			fixed(shaped(2), 0, 0)}, []int{0, 1, 0, 1}, 2},
		{"weights on the left", "Gemm", []operand{fixed(shaped(2, 2), zeros...), varying(shaped(2, 2))},
			[]int{0, 0, 1, 1}, 2},
		{"channels", "Conv", []operand{varying(shaped(1, 1, 3)), fixed(shaped(2, 1, 2), zeros...)},
			[]int{0, 0, 1, 1}, 2},
		{"channels", "BatchNormalization", []operand{varying(shaped(1, 2, 2)), fixed(shaped(2), 0, 0), fixed(shaped(2)),
			fixed(shaped(2)), fixed(shaped(2))}, []int{0, 0, 1, 1}, 1},
		{"sums", "ReduceSum", []operand{varying(shaped(2, 2)), typed(fixed(shaped(1), 1), graph.Int64)},
			[]int{0, 0}, 2},
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
