package op_test

import (
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
)

func TestMatMul(t *testing.T) {
	checkComputed(t, []computed{
		{name: "matrices", op: "MatMul", in: []operand{varying(shaped(2, 3)), fixed(shaped(3, 2))}, shape: shaped(2, 2),
			want: numbers(22, 28, 49, 64), steps: "affine"},
		{name: "a constant on the left", op: "MatMul", in: []operand{fixed(shaped(2, 3)), varying(shaped(3, 2))},
			shape: shaped(2, 2), want: numbers(22, 28, 49, 64), steps: "affine"},
		{name: "a vector and a matrix", op: "MatMul", in: []operand{varying(shaped(3)), fixed(shaped(3, 2))},
			shape: shaped(2), want: numbers(22, 28), steps: "affine"},
		{name: "a matrix and a vector", op: "MatMul", in: []operand{varying(shaped(2, 3)), fixed(shaped(3))},
			shape: shaped(2), want: numbers(14, 32), steps: "affine"},
		{name: "two vectors", op: "MatMul", in: []operand{varying(shaped(3)), fixed(shaped(3))}, shape: shaped(),
			want: numbers(14), steps: "affine"},
		{name: "a vector and itself", op: "MatMul", in: []operand{varying(shaped(3)), twin(shaped(3))}, shape: shaped(),
			want: numbers(14), steps: "dot"},
		{name: "a batch and a matrix", op: "MatMul", in: []operand{varying(shaped(2, 1, 2)), fixed(shaped(2, 2))},
			shape: shaped(2, 1, 2), want: numbers(7, 10, 15, 22), steps: "affine"},
		{name: "batches that broadcast", op: "MatMul",
			in: []operand{varying(shaped(2, 1, 1, 2)), varying(shaped(2, 2, 1))}, shape: shaped(2, 2, 1, 1),
			want: numbers(5, 11, 11, 25), steps: "dot"},
		{name: "a constant batch on the left", op: "MatMul",
			in: []operand{fixed(shaped(2, 1, 2)), varying(shaped(2, 1))}, shape: shaped(2, 1, 1), want: numbers(5, 11),
			steps: "affine"},
		{name: "a matrix and itself", op: "MatMul", in: []operand{varying(shaped(2, 2)), twin(shaped(2, 2))},
			shape: shaped(2, 2), want: numbers(7, 10, 15, 22), steps: "dot"},
		{name: "constant integers", op: "MatMul",
			in: []operand{typed(fixed(shaped(2)), graph.Int64), typed(fixed(shaped(2)), graph.Int64)}, shape: shaped(),
			want: numbers(5)},
		{name: "no inner elements", op: "MatMul", in: []operand{varying(shaped(2, 0)), fixed(shaped(0, 2))},
			shape: shaped(2, 2), want: numbers(0, 0, 0, 0), steps: "affine"},
	})
}

func TestMatMulRefused(t *testing.T) {
	a := varying(shaped(2, 3))
	checkRefused(t, []refused{
		{name: "inner sizes", op: "MatMul", in: []operand{a, fixed(shaped(2))}, part: "inner sizes 3 and 2 differ"},
		{name: "a scalar", op: "MatMul", in: []operand{a, fixed(shaped(), 1)}, part: "an operand is a scalar"},
		{name: "batches", op: "MatMul", in: []operand{varying(shaped(2, 1, 1)), fixed(shaped(3, 1, 1))},
			part: "sizes 2 and 3 do not broadcast"},
		{name: "types", op: "MatMul", in: []operand{a, typed(fixed(shaped(3)), graph.Int32)},
			part: "put a Cast before"},
		{name: "too large", op: "MatMul", in: []operand{huge(1<<10, 1, 1<<10), huge(1<<10, 1<<10)},
			part: "more than 134217728 multiplications"},
	})
}
