// Package eval is the command `zkml eval`. Only cmd/zkml imports it.
package eval

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/plot"
	"github.com/zkml-go/zkml/visibility"
)

// evalOptions are the flags of `zkml eval`.
type evalOptions struct {
	data, labels, plot string
	limit              int
	resize             bool
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &evalOptions{}
	c := &cobra.Command{
		Use:   "eval [BUNDLE]",
		Short: "Measure the integer model on a data set: accuracy, agreement, confusion matrix",
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
	f.StringVar(&o.data, "data", "", "the samples: the formats of an input with a leading sample axis, or a folder of pictures")
	f.StringVar(&o.labels, "labels", "", "one integer for each sample")
	f.IntVar(&o.limit, "limit", 0, "use the first N samples alone (default all)")
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
		if err := app.CheckFile(o.plot, "--plot", app.ADrawing, o.data, o.labels); err != nil {
			return err
		}
	}
	set, labels, err := o.read(a, b)
	if err != nil {
		return err
	}
	r, err := zkml.Evaluate(ctx, b, zkml.Samples(set), zkml.EvaluateOptions{Labels: labels, Progress: a.Progress.Show})
	if err != nil {
		return err
	}
	if o.plot != "" {
		picture := plot.Confusion{Title: b.Manifest.Name, Rows: r.ConfusionRows, Columns: "integer model", Counts: r.Confusion}
		if err := app.WriteFile(o.plot, app.Drawing(picture.Write)); err != nil {
			return err
		}
	}
	return a.Emit(r, func(w io.Writer) { print(w, r, b.Manifest.Layout) })
}

func (o *evalOptions) read(a *app.App, b *artifact.Bundle) (samples [][]float64, labels []int, err error) {
	specs, err := zkml.BundleInputs(b)
	if err != nil {
		return nil, nil, err
	}
	s := specs[0]
	s.Resize = o.resize
	set, err := input.ReadSet(o.data, a.In, s, o.limit)
	if err != nil {
		return nil, nil, err
	}
	for _, t := range set {
		samples = append(samples, t.Data)
	}
	noteSaturated(a, b.Manifest.Layout.Item(), samples)
	if o.labels == "" {
		return samples, nil, nil
	}
	labels, err = input.ReadLabels(o.labels, a.In, o.limit)
	if err == nil && len(labels) != len(set) {
		err = fmt.Errorf("%s holds %d labels, %s %d samples; give one label for each", o.labels, len(labels), o.data, len(set))
	}
	return samples, labels, err
}

// noteSaturated says how much of the samples leaves the range that the integers cover.
func noteSaturated(a *app.App, l visibility.Layout, samples [][]float64) {
	elements, inputs := 0, 0
	in := l.Inputs()[0]
	for _, x := range samples {
		if n := len(zkml.Saturated(in, x)); n > 0 {
			elements += n
			inputs++
		}
	}
	if inputs > 0 {
		a.Note("%d elements in %d of %d samples are outside %s, and limited to it; calibrate with samples like these",
			elements, inputs, len(samples), zkml.InputRange(in))
	}
}

func print(w io.Writer, r *zkml.EvaluateResult, l visibility.Layout) {
	fmt.Fprintf(w, "samples\t%d\n", r.Samples)
	if r.Accuracy != nil {
		fmt.Fprintf(w, "accuracy\t%.2f%%\n", 100**r.Accuracy)
		fmt.Fprintf(w, "float accuracy\t%.2f%%\n", 100**r.FloatAccuracy)
	}
	if zkml.HasClass(l, l.Outputs()[0]) {
		fmt.Fprintf(w, "agreement\t%.2f%%\n", 100*r.Agreement)
	}
	if !l.Outputs()[0].Classes {
		fmt.Fprintf(w, "largest error\t%.3g\n", r.MaxAbsError)
	}
	if n := len(r.Confusion); n < 2 || n > app.ShownScores {
		return
	}
	fmt.Fprintf(w, "\n%s \\ integer", r.ConfusionRows)
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
