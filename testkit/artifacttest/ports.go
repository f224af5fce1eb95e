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

// PortsPlan is of a model with a public input of bytes, a private one of another format
// with a commitment of its own, and three outputs: scores, their class, and one that
// nobody is shown.
func PortsPlan() visibility.Plan {
	return visibility.Plan{
		Private: visibility.Private{Named: []string{"right"}}, Commit: visibility.CommitEach, Context: true,
		Reveals: map[string]visibility.Reveal{
			"scores": visibility.Scores, "label": visibility.Class, "hidden": visibility.None,
		},
		Inputs: []visibility.Tensor{
			{Name: "left", Shape: []int{4}, Bits: 8, Scale: 1. / 256},
			{Name: "right", Shape: []int{3}, Bits: 5, Zero: 16, Scale: 0.25},
		},
		Outputs: []visibility.Tensor{
			{Name: "scores", Shape: []int{3}, Bits: outputBits, Zero: 1 << (outputBits - 1), Scale: 0.25},
			{Name: "label", Shape: []int{1}, Bits: 4, Scale: 1, Classes: true},
			{Name: "hidden", Shape: []int{3}, Bits: 20, Scale: 1},
		},
	}
}

// PortsProgram is the program of PortsPlan's model: score i is the difference of
// neighbouring elements of left, and right's element i 16 times.
func PortsProgram() *program.Program {
	rows := make([]program.LinearRow, 3)
	for i := range rows {
		at := int32(i)
		rows[i] = program.LinearRow{Terms: []circuits.RowTerm{
			{Index: at, W: 1}, {Index: at + 1, W: -1}, {Index: at + 4, W: 16},
		}}
	}
	scale := &program.Saturate{By: []circuits.Saturation{{Shift: 2, Base: -1 << (outputBits - 1), Bits: outputBits}}}
	return &program.Program{
		Values: []program.Value{
			{Shape: []int{4}, Scale: 1. / 256}, {Shape: []int{3}, Scale: 0.25},
			{Shape: []int{3}, Scale: 1}, {Shape: []int{3}, Scale: 0.25}, {Shape: []int{1}, Scale: 1},
		},
		Inputs: []program.Interval{{Hi: 255}, {Lo: -16, Hi: 15}}, Outputs: []int{3, 4},
		Steps: []program.Step{
			{Node: "mix (Gemm)", Kernel: program.NewLinear(rows...), In: []int{0, 1}, Out: 2},
			{Node: "scores", Kernel: scale, In: []int{2}, Out: 3},
			{Node: "label (ArgMax)", Kernel: &program.ArgMax{Groups: [][]int32{{0, 1, 2}}}, In: []int{3}, Out: 4},
		},
	}
}

// Ports compiles PortsPlan's model into a bundle in a folder of the test.
func Ports(t testing.TB) *artifact.Bundle {
	t.Helper()
	s := &circuits.Statement{Layout: circuittest.Layout(PortsPlan()), Model: PortsProgram(), Digit: 4}
	dir := filepath.Join(t.TempDir(), "ports"+artifact.Suffix)
	return Write(t, dir, contents(t, s, prover.Options{UnsafeSRS: true}))
}
