// Package eval is the command `zkml eval`. Only cmd/zkml imports it.
package eval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/plot"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/visibility"
)

// evalOptions are the flags of `zkml eval`.
type evalOptions struct {
	data, labels, plot string
	limit              int
	resize             bool
}

// evalResult is what `zkml eval --json` prints. Accuracies are null without
// labels.
type evalResult struct {
	Samples       int      `json:"samples"`
	Accuracy      *float64 `json:"accuracy"`
	FloatAccuracy *float64 `json:"float_accuracy"`
	Agreement     float64  `json:"agreement"`
	MaxAbsError   float64  `json:"max_abs_error"` // 0 where the output is a class
	// Confusion counts samples by label and integer class, or, without labels,
	// by the float model's class and the integer class.
	Confusion     [][]int `json:"confusion"`
	ConfusionRows string  `json:"confusion_rows"`
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
	e, err := newEvaluation(b)
	if err != nil {
		return err
	}
	answers, err := e.answers(ctx, a, set)
	if err != nil {
		return err
	}
	r, err := e.result(answers, labels)
	if err != nil {
		return err
	}
	if o.plot != "" {
		picture := plot.Confusion{Title: b.Manifest.Name, Rows: r.ConfusionRows, Columns: "integer model", Counts: r.Confusion}
		if err := app.WriteFile(o.plot, app.Drawing(picture.Write)); err != nil {
			return err
		}
	}
	return a.Emit(r, func(w io.Writer) { r.print(w, b.Manifest.Layout) })
}

func (o *evalOptions) read(a *app.App, b *artifact.Bundle) ([]*tensor.Float, []int, error) {
	s, err := load.BundleSpec(b, o.resize)
	if err != nil {
		return nil, nil, err
	}
	set, err := input.ReadSet(o.data, a.In, s, o.limit)
	if err != nil || o.labels == "" {
		return set, nil, err
	}
	labels, err := input.ReadLabels(o.labels, a.In, o.limit)
	if err == nil && len(labels) != len(set) {
		err = fmt.Errorf("%s holds %d labels, %s %d samples; give one label for each", o.labels, len(labels), o.data, len(set))
	}
	return set, labels, err
}

// result sums up answers.
func (e *evaluation) result(answers []answer, labels []int) (*evalResult, error) {
	r := &evalResult{Samples: len(answers), ConfusionRows: "float model", Confusion: [][]int{}}
	agree := 0
	for _, s := range answers {
		if slices.Equal(s.integer, s.float) {
			agree++
		}
		r.MaxAbsError = math.Max(r.MaxAbsError, s.maxError)
	}
	r.Agreement = share(agree, len(answers))
	rows := make([]int, len(answers))
	for i, s := range answers {
		rows[i] = int(s.float[0])
	}
	if labels != nil {
		if e.groups != 1 || e.classes < 2 {
			return nil, errors.New("--labels: the model gives no single class for a sample; leave them out")
		}
		r.ConfusionRows, rows = "label", labels
		r.score(answers, labels)
	}
	if e.groups == 1 {
		r.Confusion = confusion(answers, rows, e.classes)
	}
	return r, nil
}

// score counts how often each model gives the label.
func (r *evalResult) score(answers []answer, labels []int) {
	right, floatRight := 0, 0
	for i, s := range answers {
		if int(s.integer[0]) == labels[i] {
			right++
		}
		if int(s.float[0]) == labels[i] {
			floatRight++
		}
	}
	accuracy, floatAccuracy := share(right, len(answers)), share(floatRight, len(answers))
	r.Accuracy, r.FloatAccuracy = &accuracy, &floatAccuracy
}

// maxClasses bounds the confusion matrix: labels beyond it are not counted.
const maxClasses = 1000

func confusion(answers []answer, rows []int, classes int) [][]int {
	for i, s := range answers {
		classes = max(classes, rows[i]+1, int(s.integer[0])+1)
	}
	classes = min(classes, maxClasses)
	out := make([][]int, classes)
	for i := range out {
		out[i] = make([]int, classes)
	}
	for i, s := range answers {
		if r, c := rows[i], int(s.integer[0]); r >= 0 && r < classes && c < classes {
			out[r][c]++
		}
	}
	return out
}

func share(n, of int) float64 { return float64(n) / float64(max(of, 1)) }

func (r *evalResult) print(w io.Writer, l visibility.Layout) {
	fmt.Fprintf(w, "samples\t%d\n", r.Samples)
	if r.Accuracy != nil {
		fmt.Fprintf(w, "accuracy\t%.2f%%\n", 100**r.Accuracy)
		fmt.Fprintf(w, "float accuracy\t%.2f%%\n", 100**r.FloatAccuracy)
	}
	if app.HasClass(l) {
		fmt.Fprintf(w, "agreement\t%.2f%%\n", 100*r.Agreement)
	}
	if !l.Classes {
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
