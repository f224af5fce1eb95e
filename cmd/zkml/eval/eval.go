// Package eval is the command `zkml eval`. Only cmd/zkml imports it.
package eval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/dataset"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/cmd/zkml/internal/modelflags"
	"github.com/zkml-go/zkml/plot"
	"github.com/zkml-go/zkml/printable"
)

// evalOptions are the flags of `zkml eval`.
type evalOptions struct {
	dataset.Options
	plot string
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &evalOptions{}
	c := &cobra.Command{
		Use:   "eval [BUNDLE]",
		Short: "Measure the integer model on a data set: accuracy, agreement, confusion matrix",
		Long: "Run the integer model and the float model on samples, and compare them with each other and with\n" +
			"the labels. The samples of several inputs are in one file that has their names, or in one file\n" +
			"per input, with --data NAME=FILE.",
		Example: "  zkml eval --data t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz\n" +
			"  zkml eval mnist.zkml --data samples.npz --limit 1000 --plot confusion.svg",
		Args: app.AtMost(1, "BUNDLE"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := app.Required(c, "data"); err != nil {
				return err
			}
			if err := o.Check(c); err != nil {
				return err
			}
			return o.run(c.Context(), a, args)
		},
	}
	o.Flags(c, "all")
	c.Flags().StringVar(&o.plot, "plot", "", "write the confusion matrix as an SVG picture to this file")
	return c
}

func (o *evalOptions) run(ctx context.Context, a *app.App, args []string) error {
	b, err := load.Bundle(args)
	if err != nil {
		return err
	}
	if o.plot != "" {
		if err := app.CheckFile(o.plot, "--plot", app.ADrawing, append(o.Files, o.Labels)...); err != nil {
			return err
		}
	}
	set, labels, err := o.Read(a, b, o.Limit)
	if err != nil {
		return err
	}
	options := zkml.EvaluateOptions{Labels: labels, Output: o.Output, Progress: a.Progress.Show}
	r, err := zkml.Evaluate(ctx, b, set, options)
	if err != nil {
		return err
	}
	if o.plot != "" {
		if len(r.Confusion) == 0 {
			return errors.New("--plot: no output has one class for a sample; " +
				"name one whose largest score is its class with --output, or give --labels")
		}
		matrix := picture(b.Manifest.Name, labels != nil, r.Confusion)
		if err := app.WriteFile(o.plot, app.Drawing(matrix.Write)); err != nil {
			return err
		}
	}
	return a.Emit(r, func(w io.Writer) { print(w, r) })
}

// picture draws a confusion matrix of labels, or of the float model where there are none.
func picture(title string, labelled bool, counts [][]int) plot.Confusion {
	c := plot.Confusion{Title: title, Rows: "predicted by the float model", Columns: "predicted by the integer model",
		Share: "agreement with the float model", Counts: counts}
	if labelled {
		c.Rows, c.Share = "actual, as labelled", "accuracy"
	}
	return c
}

func print(w io.Writer, r *zkml.EvaluateResult) {
	fmt.Fprintf(w, "samples\t%d\n", r.Samples)
	dataset.Print(w, r)
	if n := len(r.Confusion); n < 2 || n > app.ShownScores {
		return
	}
	fmt.Fprintf(w, "\n%s%s \\ integer", modelflags.OfOutput(r.ConfusionOutput, len(r.Outputs)), r.ConfusionRows)
	for j := range r.Confusion {
		fmt.Fprintf(w, "\t%s", class(r, j))
	}
	fmt.Fprintln(w)
	for i, row := range r.Confusion {
		fmt.Fprint(w, class(r, i))
		for _, n := range row {
			fmt.Fprintf(w, "\t%d", n)
		}
		fmt.Fprintln(w)
	}
}

// class is the number of a class, or its name.
func class(r *zkml.EvaluateResult, k int) string {
	if k < len(r.ConfusionLabels) {
		return printable.Quote(r.ConfusionLabels[k])
	}
	return strconv.Itoa(k)
}
