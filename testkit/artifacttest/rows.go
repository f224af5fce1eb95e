package artifacttest

import (
	"path/filepath"
	"testing"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// RowsPlan is of a model whose input is a row of a table, each element in a format of its
// own: a share, an age that may be missing, a constant, an amount of money, and a temperature
// that may be missing. Its output is a score.
func RowsPlan() visibility.Plan {
	noAge, noTemperature := int64(145), int64(-128)
	return visibility.Plan{
		Reveal: visibility.Scores,
		Inputs: []visibility.Tensor{{Name: "row", Shape: []int{5}, Elements: []visibility.Element{
			{Bits: 10, Scale: 0.125},
			{Bits: 7, Zero: -18, Scale: 1, Missing: &noAge},
			{Bits: 0, Zero: -3, Scale: 0.5},
			{Bits: 40, Scale: 100},
			{Bits: 8, Zero: 128, Scale: 0.25, Missing: &noTemperature},
		}}},
		Outputs: []visibility.Tensor{{Name: "score", Shape: []int{1}, Bits: 44, Zero: 1 << 43, Scale: 1}},
	}
}

// RowsProgram is the program of RowsPlan's model: a weighted sum.
func RowsProgram() *program.Program {
	in := RowsPlan().Inputs[0]
	row, each := program.LinearRow{Bias: -5}, make([]program.Interval, in.Count())
	for i := range each {
		each[i] = program.Interval{Lo: in.LowestOf(i), Hi: in.HighestOf(i)}
		row.Terms = append(row.Terms, circuits.RowTerm{Index: int32(i), W: int64(i + 1)})
	}
	p := &program.Program{
		Values:  []program.Value{{Shape: in.Shape, Scale: 1}, {Shape: []int{1}, Scale: 1}},
		Inputs:  make([]program.Interval, 1),
		Steps:   []program.Step{{Node: "score (Gemm)", Kernel: program.NewLinear(row), In: []int{0}, Out: 1}},
		Outputs: []int{1},
	}
	p.SetInputRange(0, each)
	return p
}

// RowsInput are the integers of so many rows, missing values among them.
func RowsInput(items int) []int64 {
	rows := [][]int64{{1023, 30, 3, 1 << 39, -4}, {0, 145, 3, 12345678, -128}, {512, 18, 3, 1<<40 - 1, 127}}
	var out []int64
	for i := range items {
		out = append(out, rows[i%len(rows)]...)
	}
	return out
}

// Rows compiles the model of a plan like RowsPlan into a bundle in a folder of the test.
func Rows(t testing.TB, plan visibility.Plan) *artifact.Bundle {
	t.Helper()
	s := &circuits.Statement{Layout: circuittest.Layout(plan), Model: RowsProgram(), Digit: 5}
	dir := filepath.Join(t.TempDir(), "rows"+artifact.Suffix)
	return Write(t, dir, contents(t, s, prover.Options{UnsafeSRS: true}))
}
