package eval

import (
	"context"
	"math"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

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
	if e.float, err = load.FloatModel(b); err != nil {
		return nil, err
	}
	out := tensor.Size(e.float.OutputShape())
	if !e.layout.Classes {
		e.classes = out
		return e, nil
	}
	e.groups = e.layout.Output.Count()
	if e.classes = out / e.groups; e.classes == 1 {
		e.classes = maxClasses // the model gives classes itself
	}
	return e, nil
}

// answers runs both models on all samples.
func (e *evaluation) answers(ctx context.Context, a *app.App, set []*tensor.Float) ([]answer, error) {
	out := make([]answer, len(set))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	var done atomic.Int64
	for i, x := range set {
		g.Go(func() (err error) {
			if err := ctx.Err(); err != nil {
				return err
			}
			out[i], err = e.answer(x.Data)
			a.Progress.Step("run both models", int(done.Add(1)), len(set))
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
	got := verifier.Decode(e.layout, e.program.Eval(load.Encode(e.layout, x)))
	if e.layout.Classes {
		classes, ok := app.AsClasses(want, e.groups)
		if !ok {
			classes = app.ClassesOf(want, e.groups)
		}
		return answer{integer: got.Class, float: classes}, nil
	}
	r := answer{integer: app.ClassesOf(got.Scores, 1), float: app.ClassesOf(want, 1)}
	for i, v := range got.Scores {
		r.maxError = math.Max(r.maxError, math.Abs(v-want[i]))
	}
	return r, nil
}
