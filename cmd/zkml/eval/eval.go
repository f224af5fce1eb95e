// Package eval is the command `zkml eval`. Only cmd/zkml imports it.
package eval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/cmd/zkml/internal/modelflags"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/plot"
	"github.com/zkml-go/zkml/visibility"
)

// evalOptions are the flags of `zkml eval`.
type evalOptions struct {
	data                 []string
	labels, output, plot string
	limit                int
	resize               bool
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
			if o.limit < 0 {
				return app.Usage(c, fmt.Errorf("--limit %d: give a positive number", o.limit))
			}
			return o.run(c.Context(), a, args)
		},
	}
	f := c.Flags()
	f.StringArrayVar(&o.data, "data", nil,
		"FILE or NAME=FILE of samples: the formats of an input with a leading sample axis, or a folder of pictures")
	f.StringVar(&o.labels, "labels", "", "FILE of labels: one integer per sample")
	f.StringVar(&o.output, "output", "",
		"the output that the labels and the confusion matrix are for, if there are several or it shows scores")
	f.IntVar(&o.limit, "limit", 0, "use only the first N samples (default all)")
	f.StringVar(&o.plot, "plot", "", "write the confusion matrix as an SVG picture to this file")
	f.BoolVar(&o.resize, "resize", false, "allow pictures of another size")
	return c
}

func (o *evalOptions) run(ctx context.Context, a *app.App, args []string) error {
	b, err := load.Bundle(args)
	if err != nil {
		return err
	}
	if o.plot != "" {
		if err := app.CheckFile(o.plot, "--plot", app.ADrawing, append(o.data, o.labels)...); err != nil {
			return err
		}
	}
	set, labels, err := o.read(a, b)
	if err != nil {
		return err
	}
	options := zkml.EvaluateOptions{Labels: labels, Output: o.output, Progress: a.Progress.Show}
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

func (o *evalOptions) read(a *app.App, b *artifact.Bundle) (samples []zkml.Sample, labels []int, err error) {
	m, err := load.BundleSchema(b, o.resize)
	if err != nil {
		return nil, nil, err
	}
	if samples, err = load.Samples(a, m.Specs, o.data, o.limit); err != nil {
		return nil, nil, err
	}
	for k, in := range b.Manifest.Layout.Item().Inputs() {
		noteSaturated(a, in, k, samples)
	}
	if o.labels == "" {
		return samples, nil, nil
	}
	labels, err = input.ReadLabels(o.labels, a.In, o.limit)
	if err == nil && len(labels) != len(samples) {
		err = fmt.Errorf("%s holds %d labels, but %s holds %d samples; give one label per sample",
			o.labels, len(labels), strings.Join(o.data, ", "), len(samples))
	}
	return samples, labels, err
}

// noteSaturated notes how many elements of an input's samples are outside the range that
// the integers cover.
func noteSaturated(a *app.App, in *visibility.Port, k int, samples []zkml.Sample) {
	elements, inputs := 0, 0
	for _, x := range samples {
		if n := len(zkml.Saturated(in, x[k])); n > 0 {
			elements += n
			inputs++
		}
	}
	if inputs == 0 {
		return
	}
	of := ""
	if len(samples[0]) > 1 {
		of = fmt.Sprintf(" of input %q", in.Name)
	}
	a.Note("%d elements%s in %d of %d samples are outside %s, and limited to it; calibrate with samples like these",
		elements, of, inputs, len(samples), zkml.InputRange(in))
}

func print(w io.Writer, r *zkml.EvaluateResult) {
	fmt.Fprintf(w, "samples\t%d\n", r.Samples)
	if r.Accuracy != nil {
		of := modelflags.OfOutput(r.ConfusionOutput, len(r.Outputs))
		fmt.Fprintf(w, "accuracy\t%s%.2f%%\n", of, 100**r.Accuracy)
		fmt.Fprintf(w, "float accuracy\t%s%.2f%%\n", of, 100**r.FloatAccuracy)
	}
	for _, x := range r.Outputs {
		of := modelflags.OfOutput(x.Name, len(r.Outputs))
		if x.Top1 != nil {
			fmt.Fprintf(w, "agreement\t%s%.2f%%\n", of, 100**x.Top1)
		}
		if x.MaxAbsError != nil {
			fmt.Fprintf(w, "largest error\t%s%.3g\n", of, *x.MaxAbsError)
		}
	}
	if n := len(r.Confusion); n < 2 || n > app.ShownScores {
		return
	}
	fmt.Fprintf(w, "\n%s%s \\ integer", modelflags.OfOutput(r.ConfusionOutput, len(r.Outputs)), r.ConfusionRows)
	for j := range r.Confusion {
		fmt.Fprintf(w, "\t%d", j)
	}
	fmt.Fprintln(w)
	for i, row := range r.Confusion {
		fmt.Fprintf(w, "%d", i)
		for _, n := range row {
			fmt.Fprintf(w, "\t%d", n)
		}
		fmt.Fprintln(w)
	}
}
