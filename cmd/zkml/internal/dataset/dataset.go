// Package dataset owns the flags that name a data set and its labels, how both are read,
// and how a comparison on them is printed. The commands import it.
package dataset

import (
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
	"github.com/zkml-go/zkml/visibility"
)

// Options are those flags.
type Options struct {
	Files          []string
	Labels, Output string
	// Limit is 0 if the flag was not given.
	Limit  int
	resize bool
}

// Flags adds them to a command; without says what is used where no limit is given.
func (o *Options) Flags(c *cobra.Command, without string) {
	f := c.Flags()
	f.StringArrayVar(&o.Files, "data", nil,
		"FILE or NAME=FILE of samples: the formats of an input with a leading sample axis, or a folder of pictures")
	f.StringVar(&o.Labels, "labels", "", "FILE of labels: for each sample an integer, or the name of its class")
	f.StringVar(&o.Output, "output", "",
		"the output that the labels and the confusion matrix are for, if there are several or it shows scores")
	f.IntVar(&o.Limit, "limit", 0, "use only the first N samples (default "+without+")")
	f.BoolVar(&o.resize, "resize", false, "allow pictures of another size")
}

// Check is the usage error for a limit that is none.
func (o *Options) Check(c *cobra.Command) error {
	if o.Limit < 0 || o.Limit == 0 && c.Flags().Changed("limit") {
		return app.Usage(c, fmt.Errorf("--limit %d: give a positive number", o.Limit))
	}
	return nil
}

// Read reads the first samples, all of them if limit is 0, and the labels if a file of them
// is named. It notes how many elements the integers cannot hold, and shows no values.
func (o *Options) Read(a *app.App, b *artifact.Bundle, limit int) (samples []zkml.Sample, labels []int, err error) {
	m, err := load.BundleSchema(b, o.resize)
	if err != nil {
		return nil, nil, err
	}
	if samples, err = load.Samples(a, m.Specs, o.Files, limit); err != nil {
		return nil, nil, err
	}
	for k, in := range b.Manifest.Layout.Item().Inputs() {
		noteSaturated(a, in, k, samples)
	}
	if o.Labels == "" {
		return samples, nil, nil
	}
	if names := classNames(b.Manifest.Layout, o.Output); names != nil {
		labels, err = input.ReadTextLabels(o.Labels, a.In, names, limit)
	} else {
		labels, err = input.ReadLabels(o.Labels, a.In, limit)
	}
	if err == nil && len(labels) != len(samples) {
		err = fmt.Errorf("%s holds %d labels, but %s holds %d samples; give one label per sample",
			o.Labels, len(labels), strings.Join(o.Files, ", "), len(samples))
	}
	return samples, labels, err
}

// classNames are the names of the classes of the output that labels are for: the one of that
// name, or else the first one whose classes have names. It is nil where there are none.
func classNames(l visibility.Layout, output string) *input.Texts {
	for _, out := range l.Outputs() {
		if output != "" && out.Name != output || output == "" && !(out.Classes && len(out.Texts) > 0) {
			continue
		}
		for k, x := range out.Texts {
			if x.Number != int64(k) {
				return nil
			}
		}
		if len(out.Texts) > 0 {
			return input.NewTexts(out.Labels(), false)
		}
	}
	return nil
}

// noteSaturated notes how many elements of an input's samples are outside the range that
// the integers cover.
func noteSaturated(a *app.App, in *visibility.Port, k int, samples []zkml.Sample) {
	elements, inputs, first := 0, 0, 0
	for _, x := range samples {
		if out := zkml.Saturated(in, x[k]); len(out) > 0 {
			if inputs == 0 {
				first = out[0]
			}
			elements += len(out)
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
		elements, of, inputs, len(samples), zkml.InputRange(in, first))
}

// Print writes the accuracies and, for each output, its agreement with the float model.
func Print(w io.Writer, r *zkml.EvaluateResult) {
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
}
