package zkml

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// EvaluateOptions are the options of Evaluate.
type EvaluateOptions struct {
	// Labels, if not nil, are the correct classes, one per sample.
	Labels []int
	// Output names the output that the labels and the confusion matrix are for. If it
	// is empty, that is the only output with a class or, without labels, the first whose
	// class the circuit computes. Scores count as a class if labels or Output say so.
	Output   string
	Progress Progress
}

// EvaluateResult compares the models of a bundle on a data set. Accuracies are nil
// without labels.
type EvaluateResult struct {
	Samples       int      `json:"samples"`
	Accuracy      *float64 `json:"accuracy"`
	FloatAccuracy *float64 `json:"float_accuracy"`
	// Agreement is the minimum over Outputs, nil if none has a class, and MaxAbsError the
	// maximum, 0 if they are classes.
	Agreement   *float64 `json:"agreement"`
	MaxAbsError Real     `json:"max_abs_error"`
	// Outputs has the same for each output, in the layout's order.
	Outputs []OutputAgreement `json:"outputs"`
	// Confusion counts samples by label and integer class, or, without labels,
	// by the float model's class and the integer class.
	Confusion     [][]int `json:"confusion"`
	ConfusionRows string  `json:"confusion_rows"`
	// ConfusionLabels are the names of the classes, if they have names.
	ConfusionLabels []string `json:"confusion_labels,omitempty"`
	// ConfusionOutput is the output that the accuracies and the matrix are for. It is
	// empty if nothing says that an output has a class.
	ConfusionOutput string `json:"confusion_output"`
}

// Evaluate runs the integer model of a bundle and the float model on samples, and
// compares them with each other and with the labels.
func Evaluate(ctx context.Context, b *artifact.Bundle, samples []Sample, o EvaluateOptions) (*EvaluateResult, error) {
	if o.Labels != nil && len(o.Labels) != len(samples) {
		return nil, errLabelCount(len(o.Labels), len(samples))
	}
	e, err := newEvaluation(b)
	if err != nil {
		return nil, err
	}
	labelled, err := e.choose(o)
	if err != nil {
		return nil, err
	}
	answers, err := e.answers(ctx, samples, o.Progress)
	if err != nil {
		return nil, err
	}
	return e.result(answers, labelled, o.Labels), nil
}

// evaluation holds both models of a bundle.
type evaluation struct {
	layout  visibility.Layout
	program *program.Program
	float   *compiler.Model
	outputs []evaluated
}

// evaluated is an output that is compared.
type evaluated struct {
	*visibility.Port
	groups  int // number of classes that a sample has
	classes int // size of a group; at least 2 where the model itself outputs classes
	// label tells that the output is a label that is no class of the layout's: what is compared
	// are the labels themselves.
	label bool
	// decision makes the class of a single score; nil where there is no threshold.
	decision *compiler.Decision
}

// answer is the result of both models for one output of one sample.
type answer struct {
	integer, float verifier.Classes
	maxError       float64
}

func newEvaluation(b *artifact.Bundle) (*evaluation, error) {
	e := &evaluation{layout: b.Manifest.Layout.Item()}
	var err error
	if e.program, err = b.Program(); err != nil {
		return nil, err
	}
	if e.float, err = floatModel(b); err != nil {
		return nil, err
	}
	labels, err := e.float.Labelled()
	if err != nil {
		return nil, err
	}
	for k, out := range e.layout.Outputs() {
		x := evaluated{Port: out, groups: 1, classes: tensor.Size(e.float.Outputs[k].Shape)}
		if out.Classes {
			x.groups = out.Count()
			x.decision = decisionOf(out, e.float.Outputs[k])
			if x.classes /= x.groups; x.decision != nil {
				x.classes = 2
			} else if x.classes == 1 {
				x.classes = max(int(min(out.ClassCount, maxClasses)), 2) // the model itself outputs classes
			}
		}
		if labels[k] && !out.Classes {
			x.label, x.groups, x.classes = true, out.Count(), 2
		}
		e.outputs = append(e.outputs, x)
	}
	return e, nil
}

// choose returns the index of the output that labels and the confusion matrix are for, or
// −1 if nothing says that an output has a class.
func (e *evaluation) choose(o EvaluateOptions) (int, error) {
	var single []int // outputs with one class per sample
	for k := range e.outputs {
		if x := &e.outputs[k]; x.groups == 1 && x.classes > 1 {
			single = append(single, k)
		}
	}
	if o.Output != "" {
		k := slices.IndexFunc(e.outputs, func(x evaluated) bool { return x.Name == o.Output })
		if k < 0 || o.Labels != nil && !slices.Contains(single, k) {
			return 0, errLabelledOutput(e.layout, o.Output)
		}
		return k, nil
	}
	switch {
	case o.Labels != nil && len(single) == 0:
		return 0, errNoClass
	case o.Labels != nil && len(single) > 1:
		return 0, errWhichLabelled(e.layout)
	case o.Labels != nil:
		return single[0], nil
	}
	return slices.IndexFunc(e.outputs, func(x evaluated) bool { return x.isClass() && x.groups == 1 }), nil
}

// answers runs both models on all samples: by sample, then by output.
func (e *evaluation) answers(ctx context.Context, samples []Sample, p Progress) ([][]answer, error) {
	out := make([][]answer, len(samples))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	step := p.step(ctx)
	var done atomic.Int64
	for i, x := range samples {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			err := problem.Guard(func() (err error) {
				out[i], err = e.answer(x)
				return err
			})
			if err != nil {
				err = fmt.Errorf("sample %d: %w", i, err)
			}
			step("run both models", int(done.Add(1)), len(samples))
			return err
		})
	}
	return out, g.Wait()
}

func (e *evaluation) answer(x Sample) ([]answer, error) {
	got, err := e.integers(x)
	if err != nil {
		return nil, err
	}
	return e.compare(x, got)
}

// integers runs the integer model.
func (e *evaluation) integers(x Sample) ([][]int64, error) {
	in, err := encode(e.layout, x)
	if err != nil {
		return nil, err
	}
	return e.program.Eval(in...), nil
}

// compare runs the float model, and holds outputs of the integer model beside its own.
func (e *evaluation) compare(x Sample, got [][]int64) ([]answer, error) {
	want, err := e.float.Run(x)
	if err != nil {
		return nil, err
	}
	out := make([]answer, len(e.outputs))
	for k := range e.outputs {
		out[k] = e.outputs[k].answer(got[k], want[k])
	}
	return out, nil
}

func (e *evaluated) answer(integers []int64, want []float64) answer {
	if e.Classes {
		got := verifier.Decode(e.Tensor, integers)
		return answer{integer: got.Class, float: floatOutput(want, e.groups, e.decision).Class}
	}
	if e.label {
		return answer{integer: slices.Clone(integers), float: labelsOf(want)}
	}
	got := make([]float64, len(integers))
	r := answer{float: classesOf(want, 1)}
	for i, v := range integers {
		got[i] = float64(v) * e.Scale
		r.maxError = math.Max(r.maxError, math.Abs(got[i]-want[i]))
	}
	r.integer = classesOf(got, 1)
	return r
}

// result summarises answers; labels are for the output with index labelled.
func (e *evaluation) result(all [][]answer, labelled int, labels []int) *EvaluateResult {
	r := &EvaluateResult{Samples: len(all), ConfusionRows: "float model", Confusion: [][]int{}}
	for k := range e.outputs {
		x := &e.outputs[k]
		agreement, maxError := compared(ofOutput(all, k))
		r.MaxAbsError = max(r.MaxAbsError, Real(maxError))
		ranked := x.isClass() || k == labelled && x.classes > 1
		r.Outputs = append(r.Outputs, newOutputAgreement(x.Name, ranked, x.isClass(), agreement, maxError))
	}
	r.Agreement = leastTop1(r.Outputs)
	if labelled < 0 {
		return r
	}
	answers := ofOutput(all, labelled)
	r.ConfusionOutput, r.ConfusionLabels = e.outputs[labelled].Name, e.outputs[labelled].names()
	rows, columns := make([]int, len(answers)), make([]int, len(answers))
	for i, s := range answers {
		rows[i], columns[i] = int(s.float[0]), int(s.integer[0])
	}
	if labels != nil {
		r.ConfusionRows, rows = "label", slices.Clone(labels)
		r.score(answers, labels)
	}
	if x := &e.outputs[labelled]; x.groups == 1 {
		if x.label {
			r.ConfusionLabels = x.number(rows, columns)
		}
		r.Confusion = confusion(rows, columns, x.classes)
	}
	return r
}

// names are those of the classes, in their order; nil if they have none.
func (e *evaluated) names() []string {
	for k, x := range e.Texts {
		if !e.Classes || x.Number != int64(k) {
			return nil
		}
	}
	if len(e.Texts) == 0 {
		return nil
	}
	return e.Labels()
}

// ofOutput returns the answers of all samples for one output.
func ofOutput(all [][]answer, k int) []answer {
	out := make([]answer, len(all))
	for i := range all {
		out[i] = all[i][k]
	}
	return out
}

// compared returns the share of samples whose classes agree, and the largest error.
func compared(answers []answer) (agreement, maxError float64) {
	agree := 0
	for _, s := range answers {
		if slices.Equal(s.integer, s.float) {
			agree++
		}
		maxError = math.Max(maxError, s.maxError)
	}
	return share(agree, len(answers)), maxError
}

// score sets the accuracies of both models.
func (r *EvaluateResult) score(answers []answer, labels []int) {
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

func confusion(rows, columns []int, classes int) [][]int {
	for i, c := range columns {
		classes = max(classes, rows[i]+1, c+1)
	}
	classes = min(classes, maxClasses)
	out := make([][]int, classes)
	for i := range out {
		out[i] = make([]int, classes)
	}
	for i, c := range columns {
		if r := rows[i]; r >= 0 && r < classes && c >= 0 && c < classes {
			out[r][c]++
		}
	}
	return out
}

func share(n, of int) float64 { return float64(n) / float64(max(of, 1)) }
