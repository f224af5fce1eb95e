package optest

import "github.com/zkml-go/zkml/compiler/graph"

// einsum is a case of an equation.
func einsum(equation, name string, shape []int, want []float64, in ...Input) Case {
	return Case{Op: "Einsum", Name: name, Attrs: Attrs(map[string]any{"equation": equation}), In: in, Shape: shape,
		Want: want}
}

// counted is a variable of 2 x 3 that counts from 1, square one of 2 x 2.
var (
	counted = Var(2, 3).With(1, 2, 3, 4, 5, 6).In(-6, 6)
	square  = Var(2, 2).With(1, 2, 3, -1)
)

var einsumCases = []Case{
	einsum("ij,jk->ik", "a product of matrices", []int{2, 2}, []float64{22, 28, 49, 64}, counted, matrix),
	einsum("ij, kj -> ki", "turned, all variable", []int{2, 2}, []float64{-1, 2, 0, 1},
		Var(2, 3).With(1, 0, 2, 3, 1, 1), Var(2, 3).With(1, 0, -1, 0, 1, 0)),
	einsum("bij,bjk->bik", "batches", []int{2, 1, 2}, []float64{1, 1, 5, -3}, Var(2, 1, 1).With(1, 2),
		Reals([]int{2, 1, 2}, 1, 1, 2.5, -1.5)),
	einsum("...ij,jk", "an ellipsis, no arrow", []int{2, 1, 2}, []float64{7, 0, 6, 5}, Var(2, 1, 2).With(1, 2, 3, 1),
		square),
	einsum("ij->ji", "a transpose", []int{3, 2}, []float64{1, 4, 2, 5, 3, 6}, counted),
	einsum("ij->", "a sum", []int{}, []float64{21}, counted),
	einsum("ij->j", "sums", []int{3}, []float64{5, 7, 9}, counted),
	einsum("ii->i", "a diagonal", []int{2}, []float64{1, -1}, square),
	einsum("ii", "a trace", []int{}, []float64{0}, square),
	einsum("i,j->ij", "an outer product", []int{2, 3}, []float64{1, 2, 3, -1, -2, -3}, Var(2).With(1, -1),
		Reals([]int{3}, 1, 2, 3)),
	einsum("ij,ij->ij", "a product of elements, one size broadcasts", []int{2, 3}, []float64{1, 2, 3, -4, -5, -6},
		counted, Reals([]int{2, 1}, 1, -1)),
	einsum("i,ij,j->", "three operands", []int{}, []float64{7}, Var(2).With(1, 2), square, Reals([]int{2}, 1, -1)),
	einsum("bhd,hdk->bk", "two axes at once", []int{1, 2}, []float64{4, 2},
		Var(1, 2, 2).With(1, 1, 2, 0), Reals([]int{2, 2, 2}, 1, 0, 1, 0, 1, 1, 5, 5)),
	einsum("ij,k->i", "what only one operand has", []int{2}, []float64{18, 45}, counted, Reals([]int{2}, 1, 2)),
	einsum("ij,jk->ik", "integers", []int{1, 1}, []float64{11}, Var(1, 2).As(graph.Int32).With(1, 2),
		Reals([]int{2, 1}, 3, 4).As(graph.Int32)),
}
