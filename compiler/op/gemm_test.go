package op_test

import (
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
)

func TestGemm(t *testing.T) {
	a, b := varying(shaped(2, 3)), fixed(shaped(3, 2)) // the product is 22 28 49 64
	turned := attrs{"transA": intAttr(1), "transB": intAttr(1)}
	half := attrs{"alpha": floatAttr(.5), "beta": floatAttr(2)}
	ta, tb := numbers(1, 4, 2, 5, 3, 6), numbers(1, 3, 5, 2, 4, 6)
	checkComputed(t, []computed{
		{name: "without C", op: "Gemm", in: []operand{a, b}, shape: shaped(2, 2), want: numbers(22, 28, 49, 64),
			steps: "affine"},
		{name: "C left empty", op: "Gemm", in: []operand{a, b, {}}, shape: shaped(2, 2), want: numbers(22, 28, 49, 64),
			steps: "affine"},
		{name: "C a row", op: "Gemm", in: []operand{a, b, fixed(shaped(2), 10, 20)}, shape: shaped(2, 2),
			want: numbers(32, 48, 59, 84), steps: "affine"},
		{name: "C a column", op: "Gemm", in: []operand{a, b, fixed(shaped(2, 1), 10, 20)}, shape: shaped(2, 2),
			want: numbers(32, 38, 69, 84), steps: "affine"},
		{name: "C a scalar, in opset 7", op: "Gemm", opset: 7, in: []operand{a, b, fixed(shaped(), 1)},
			shape: shaped(2, 2), want: numbers(23, 29, 50, 65), steps: "affine"},
		{name: "alpha and beta", op: "Gemm", attrs: half, in: []operand{a, b, fixed(shaped(2), 10, 20)},
			shape: shaped(2, 2), want: numbers(31, 54, 44.5, 72), steps: "affine"},
		{name: "transposed", op: "Gemm", attrs: turned,
			in: []operand{varying(shaped(3, 2), ta...), fixed(shaped(2, 3), tb...)}, shape: shaped(2, 2),
			want: numbers(22, 28, 49, 64), steps: "affine"},
		{name: "weights on the left", op: "Gemm", in: []operand{fixed(shaped(2, 3)), varying(shaped(3, 2))},
			shape: shaped(2, 2), want: numbers(22, 28, 49, 64), steps: "affine"},
		{name: "weights on the left, transposed", op: "Gemm", attrs: turned,
			in: []operand{fixed(shaped(3, 2), ta...), varying(shaped(2, 3), tb...)}, shape: shaped(2, 2),
			want: numbers(22, 28, 49, 64), steps: "affine"},
		{name: "only C variable", op: "Gemm", attrs: half,
			in: []operand{fixed(shaped(2, 3)), b, varying(shaped(2), 1, 2)}, shape: shaped(2, 2),
			want: numbers(13, 18, 26.5, 36), steps: "affine"},
		{name: "A and C variable", op: "Gemm", in: []operand{a, b, varying(shaped(1, 2), 1, 2)}, shape: shaped(2, 2),
			want: numbers(23, 30, 50, 66), steps: "affine"},
		{name: "C the same value as A", op: "Gemm",
			in:    []operand{varying(shaped(2, 2)), fixed(shaped(2, 2), 1, 0, 0, 1), twin(shaped(2, 2))},
			shape: shaped(2, 2), want: numbers(2, 4, 6, 8), steps: "affine"},
		{name: "two variables", op: "Gemm", in: []operand{a, varying(shaped(3, 2))}, shape: shaped(2, 2),
			want: numbers(22, 28, 49, 64), steps: "dot"},
		{name: "two variables, transposed", op: "Gemm", attrs: turned,
			in: []operand{varying(shaped(3, 2), ta...), varying(shaped(2, 3), tb...)}, shape: shaped(2, 2),
			want: numbers(22, 28, 49, 64), steps: "move move dot"},
		{name: "two variables and a constant", op: "Gemm", attrs: half,
			in: []operand{a, varying(shaped(3, 2)), fixed(shaped(2), 10, 20)}, shape: shaped(2, 2),
			want: numbers(31, 54, 44.5, 72), steps: "dot affine"},
		{name: "three variables", op: "Gemm", in: []operand{a, varying(shaped(3, 2)), varying(shaped(2), 10, 20)},
			shape: shaped(2, 2), want: numbers(32, 48, 59, 84), steps: "dot fixed"},
		{name: "constants", op: "Gemm", in: []operand{fixed(shaped(1, 1), 2), fixed(shaped(1, 1), 3)},
			shape: shaped(1, 1), want: numbers(6)},
	})
}

func TestGemmRefused(t *testing.T) {
	a := varying(shaped(2, 3))
	checkRefused(t, []refused{
		{name: "inner sizes", op: "Gemm", in: []operand{a, fixed(shaped(2, 3))}, part: "inner sizes 3 and 2 differ"},
		{name: "rank", op: "Gemm", in: []operand{varying(shaped(1, 2, 3)), fixed(shaped(3, 2))},
			part: "must be matrices; put a Flatten before"},
		{name: "C too large", op: "Gemm", in: []operand{a, fixed(shaped(3, 2)), fixed(shaped(1, 2, 2))},
			part: "C is [1 2 2], which does not broadcast"},
		{name: "C of another size", op: "Gemm", in: []operand{a, fixed(shaped(3, 2)), fixed(shaped(3))},
			part: "C is [3], which does not broadcast"},
		{name: "integers", op: "Gemm", in: []operand{typed(a, graph.Int32), typed(fixed(shaped(3, 2)), graph.Int32)},
			part: "only real types"},
		{name: "too large", op: "Gemm", in: []operand{huge(1<<13, 1<<13), huge(1<<13, 1<<13)},
			part: "more than 134217728 multiplications"},
	})
}
