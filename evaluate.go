package zkml

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// EvaluateOptions are what is asked of an evaluation.
type EvaluateOptions struct {
	// Labels, if not nil, are the right classes, one for each sample.
	Labels   []int
	Progress Progress
}

// EvaluateResult compares the models of a bundle on a data set. Accuracies are nil
// without labels.
type EvaluateResult struct {
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

// Evaluate runs the integer model of a bundle and the float model on samples, each
// flattened row-major, and compares them with each other and with the labels.
func Evaluate(ctx context.Context, b *artifact.Bundle, samples [][]float64, o EvaluateOptions) (*EvaluateResult, error) {
	if o.Labels != nil && len(o.Labels) != len(samples) {
		return nil, errLabelCount(len(o.Labels), len(samples))
	}
	e, err := newEvaluation(b)
	if err != nil {
		return nil, err
	}
	if o.Labels != nil && (e.groups != 1 || e.classes < 2) {
		return nil, errNoClass
	}
	answers, err := e.answers(ctx, samples, o.Progress)
	if err != nil {
		return nil, err
	}
	return e.result(answers, o.Labels), nil
}

// evaluation holds both models of a bundle.
type evaluation struct {
	layout  visibility.Layout
	program *program.Program
	float   *compiler.Model
	groups  int // classes that a sample has
	classes int // of one group, 0 where that is not known
}

// answer is what both models make of one sample.
type answer struct {
	integer, float verifier.Classes
	maxError       float64
}

func newEvaluation(b *artifact.Bundle) (*evaluation, error) {
	e := &evaluation{layout: b.Manifest.Layout.Item(), groups: 1}
	var err error
	if e.program, err = b.Program(); err != nil {
		return nil, err
	}
	if e.float, err = floatModel(b); err != nil {
		return nil, err
	}
	out := tensor.Size(e.float.OutputShape())
	if !e.output().Classes {
		e.classes = out
		return e, nil
	}
	e.groups = e.output().Count()
	if e.classes = out / e.groups; e.classes == 1 {
		e.classes = maxClasses // the model gives classes itself
	}
	return e, nil
}

// output is what is compared.
func (e *evaluation) output() *visibility.Port { return e.layout.Outputs()[0] }

// answers runs both models on all samples.
func (e *evaluation) answers(ctx context.Context, samples [][]float64, p Progress) ([]answer, error) {
	out := make([]answer, len(samples))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	step := p.step(ctx)
	var done atomic.Int64
	for i, x := range samples {
		g.Go(func() (err error) {
			if err := ctx.Err(); err != nil {
				return err
			}
			out[i], err = e.answer(x)
			step("run both models", int(done.Add(1)), len(samples))
			return err
		})
	}
	return out, g.Wait()
}

func (e *evaluation) answer(x []float64) (answer, error) {
	want, err := e.float.Run(x)
	if err != nil {
		return answer{}, err
	}
	in, err := encode(e.layout, x)
	if err != nil {
		return answer{}, err
	}
	got := verifier.Decode(e.output().Tensor, e.program.Eval(in)[0])
	if e.output().Classes {
		classes, ok := asClasses(want, e.groups)
		if !ok {
			classes = classesOf(want, e.groups)
		}
		return answer{integer: got.Class, float: classes}, nil
	}
	r := answer{integer: classesOf(got.Scores, 1), float: classesOf(want, 1)}
	for i, v := range got.Scores {
		r.maxError = math.Max(r.maxError, math.Abs(v-want[i]))
	}
	return r, nil
}

// result sums up answers.
func (e *evaluation) result(answers []answer, labels []int) *EvaluateResult {
	r := &EvaluateResult{Samples: len(answers), ConfusionRows: "float model", Confusion: [][]int{}}
	agree := 0
	rows := make([]int, len(answers))
	for i, s := range answers {
		if slices.Equal(s.integer, s.float) {
			agree++
		}
		r.MaxAbsError = math.Max(r.MaxAbsError, s.maxError)
		rows[i] = int(s.float[0])
	}
	r.Agreement = share(agree, len(answers))
	if labels != nil {
		r.ConfusionRows, rows = "label", labels
		r.score(answers, labels)
	}
	if e.groups == 1 {
		r.Confusion = confusion(answers, rows, e.classes)
	}
	return r
}

// score counts how often each model gives the label.
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
