package problem_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/problem"
)

func flag(option string) string {
	return map[string]string{"Output": "--output", "Shapes": "--shape", "formats of a bundle": "`inspect`"}[option]
}

func TestText(t *testing.T) {
	shape := &problem.Error{Code: problem.Shape, Option: "${Shapes}", Place: "x", Got: "size 3 is -1",
		Supported: "sizes are positive"}
	output := &problem.Error{
		Code: problem.Choice, Got: "the model has 2 outputs [a ${Output}]", Remedy: "choose one with ${Output}",
		Err: fs.ErrNotExist,
	}
	formats := &problem.Error{Place: "f.json", Remedy: "give ${formats of a bundle}"}
	for _, test := range []struct {
		err         error
		plain, text string
	}{
		{errors.New("x"), "x", "x"},
		{shape, "option Shapes x: size 3 is -1; sizes are positive", "--shape x: size 3 is -1; sizes are positive"},
		{fmt.Errorf("m.onnx: %w", output),
			"m.onnx: the model has 2 outputs [a ${Output}]; choose one with option Output",
			"m.onnx: the model has 2 outputs [a ${Output}]; choose one with --output"},
		{formats, "f.json: give formats of a bundle", "f.json: give `inspect`"},
		{errors.Join(shape, fmt.Errorf("2: %w", output)),
			shape.Error() + "\n2: " + output.Error(),
			shape.Render(flag) + "\n2: " + output.Render(flag)},
		{&problem.Error{Got: "nothing else"}, "nothing else", "nothing else"},
		{&problem.Error{Place: "only a place"}, "only a place", "only a place"},
	} {
		t.Run(test.plain, func(t *testing.T) {
			if got := test.err.Error(); got != test.plain {
				t.Errorf("Error: %q", got)
			}
			if got := problem.Text(test.err, flag); got != test.text {
				t.Errorf("Text: %q", got)
			}
		})
	}
	if !errors.Is(fmt.Errorf("m: %w", output), fs.ErrNotExist) {
		t.Error("the cause is lost")
	}
}

func TestOf(t *testing.T) {
	e := &problem.Error{Code: problem.Missing, Option: "${A}", Supported: "${B.C}", Remedy: "${d e} and ${A}, no ${}"}
	if problem.Of(fmt.Errorf("x: %w", errors.Join(fs.ErrExist, e))) != e || problem.Of(fs.ErrExist) != nil {
		t.Error("the problem is not found")
	}
	if got := e.References(); !slices.Equal(got, []string{"A", "B.C", "d e", "A"}) {
		t.Errorf("references %q", got)
	}
}
