// Package run is the command `zkml run`. Only cmd/zkml imports it.
package run

import (
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/printable"
)

// runOptions are the flags of `zkml run`.
type runOptions struct {
	inputs []string
	resize bool
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &runOptions{}
	c := &cobra.Command{
		Use:   "run [BUNDLE]",
		Short: "Show integer and float outputs side by side, without a proof",
		Example: "  zkml run --input digit.png\n  zkml run iris.zkml --input iris.csv:12\n" +
			"  zkml run loan.zkml --input income=income.npy --input history=history.csv",
		Args: app.AtMost(1, "BUNDLE"),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, a, args) },
	}
	c.Flags().StringArrayVar(&o.inputs, "input", nil, app.InputHelp)
	c.Flags().BoolVar(&o.resize, "resize", false, "allow a picture of another size")
	return c
}

func (o *runOptions) run(c *cobra.Command, a *app.App, args []string) error {
	b, err := load.BundleFor(c, args)
	if err != nil {
		return err
	}
	m, err := load.BundleSchema(b, o.resize)
	if err != nil {
		return err
	}
	x, err := load.Read(a, m.Item(), o.inputs)
	if err != nil {
		return err
	}
	r, err := zkml.Run(b, x)
	if err != nil {
		return err
	}
	if r.FloatProblem != nil {
		a.Note("the float model cannot be run: %v", r.FloatProblem)
	}
	return a.Emit(r, func(w io.Writer) { print(w, r) })
}

func print(w io.Writer, r *zkml.RunResult) {
	fmt.Fprintf(w, "\tinteger model\tfloat model\n")
	for i := range r.Outputs {
		printOutput(w, &r.Outputs[i])
	}
}

func printOutput(w io.Writer, o *zkml.RunOutput) {
	float := o.Float
	if float == nil {
		float = &zkml.FloatOutput{}
	}
	fmt.Fprintf(w, "output\t%s, %s\n", printable.Name(o.Name), app.Shown(o.Reveal))
	if n := max(len(o.Class), len(float.Class)); n > 0 {
		fmt.Fprintf(w, "class\t%s\t%s\n", app.ClassText(o.Class, o.Label), app.ClassText(float.Class, float.Label))
	}
	if len(o.Integers) > 0 && len(o.Label) > 0 {
		fmt.Fprintf(w, "label\t%s\n", app.LabelText(o.Label))
	}
	n := max(len(o.Scores), len(o.Integers), len(float.Scores))
	for i := range min(n, app.ShownScores) {
		integer, real := score(o.Scores, i), score(float.Scores, i)
		if len(o.Integers) > 0 {
			integer, real = fmt.Sprint(o.Integers[i]), whole(float.Scores, i)
		}
		fmt.Fprintf(w, "score %d\t%s\t%s\n", i, integer, real)
	}
	if n > app.ShownScores {
		fmt.Fprintf(w, "and %d more\n", n-app.ShownScores)
	}
}

func score(scores []float64, i int) string {
	if i >= len(scores) {
		return "-"
	}
	return fmt.Sprintf("%.6g", scores[i])
}

// whole is a score of a float model that is an integer.
func whole(scores []float64, i int) string {
	if i >= len(scores) {
		return "-"
	}
	return strconv.FormatFloat(scores[i], 'f', 0, 64)
}
