package compiler

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/zkml-go/zkml/problem"
)

// Report compares the quantised model with the float model on samples.
type Report struct {
	Samples int `json:"samples"`
	// MadeUp says that the samples were made up from the input's shape.
	MadeUp bool `json:"made_up"`
	// Top1 is the share of samples whose largest output stands at the same place.
	Top1 float64 `json:"top1"`
	// MaxAbsError is the largest difference of an output; for a class, of none.
	MaxAbsError float64 `json:"max_abs_error"`
	// Outputs are the same of each output: Top1 is the least of theirs, MaxAbsError
	// the largest.
	Outputs []OutputReport `json:"outputs"`
	// Exact says that the model was quantised before, and the program computes the model itself for
	// every input that is a number of its codes.
	Exact bool `json:"exact,omitempty"`
	// Unrounded is how many layers take numbers as they are that the file rounds to codes of 8 bits,
	// by scales that follow from the input.
	Unrounded int `json:"unrounded,omitempty"`
	// Limit names the node at which most of the error arises, where the target
	// was not met.
	Limit string `json:"limit,omitempty"`
	// Sides are the inputs that thresholds read in whose formats samples change sides.
	Sides []ChangedSides `json:"changed_sides,omitempty"`
	// Coarse are elements of inputs whose formats stand in the way.
	Coarse []CoarseFeature `json:"coarse_features,omitempty"`
	// Ties are the decisions that sums of leaves make.
	Ties []Ties `json:"ties,omitempty"`
	// Stopped tells that the search for formats ended by its time: more might be found.
	Stopped bool  `json:"search_stopped,omitempty"`
	Knobs   Knobs `json:"knobs"`
}

// OutputReport compares an output of the quantised model with the float model's.
type OutputReport struct {
	Name string `json:"name"`
	// Elements is how many the output has.
	Elements int `json:"elements"`
	// Classes tells that the output is a class, or the label of one, which has no error.
	Classes bool `json:"classes"`
	// Top1 is the share of samples with the float model's class, which is the largest
	// element of an output that is none; of a single score it says nothing.
	Top1        float64 `json:"top1"`
	MaxAbsError float64 `json:"max_abs_error"`
}

// ChangedSides tells of an input how many samples lie, in its format, on another side of a
// threshold than the real numbers do, and in which elements.
type ChangedSides struct {
	Input    string `json:"input"`
	Samples  int    `json:"samples"`
	Elements []int  `json:"elements"`
	// Names are the elements' in the file, or else made of the input's and their places.
	Names []string `json:"names"`
}

// judge holds the float model's answers, to compare many quantisations with.
type judge struct {
	samples []Sample
	want    [][][]float64 // by sample and output
	outputs []OutputReport
	decided []*Decision // by output; nil where no threshold makes the class
}

// newJudge runs the float model.
func (r *Result) newJudge(o Options, samples []Sample) (*judge, error) {
	j, labels := &judge{samples: samples}, labellings(r.IR)
	for k, id := range r.IR.Outputs {
		j.outputs = append(j.outputs, OutputReport{
			Name: r.Model.Outputs[k].Name, Elements: r.IR.Size(id), Classes: labels[id] != nil || r.labelled[k],
		})
		j.decided = append(j.decided, r.decision(k))
	}
	for i, x := range samples {
		y, err := r.Model.Run(x)
		if err == nil {
			err = x.checkIntegers(r.IR)
		}
		if err != nil {
			return nil, fmt.Errorf("sample %d: %w", i, err)
		}
		j.want = append(j.want, y)
		o.Progress("float model", i+1, len(samples))
	}
	return j, nil
}

// compare gives the report of a quantised program on the judge's samples. Once
// it is clear that the target is missed, it counts the samples left as wrong.
func (j *judge) compare(q *Quantised, t Target) Report {
	const chunk = 64
	wrong := make([]atomic.Int64, len(j.outputs))
	allowed := int64(float64(len(j.samples)) * (1 - t.Top1))
	missed := func() bool {
		for k := range wrong {
			if wrong[k].Load() > allowed {
				return true
			}
		}
		return false
	}
	parts := make([][]OutputReport, (len(j.samples)+chunk-1)/chunk)
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range parts {
		g.Go(func() error {
			if missed() {
				return nil
			}
			from, to := i*chunk, min((i+1)*chunk, len(j.samples))
			return problem.Guard(func() error {
				parts[i] = j.part(q, from, to)
				for k, of := range parts[i] {
					wrong[k].Add(int64(to-from) - int64(of.Top1))
				}
				return nil
			})
		})
	}
	problem.Must(g.Wait())
	return j.total(parts)
}

// total sums up what parts of the samples gave.
func (j *judge) total(parts [][]OutputReport) Report {
	r := Report{Samples: len(j.samples), Outputs: slices.Clone(j.outputs)}
	for k := range r.Outputs {
		of := &r.Outputs[k]
		for _, p := range parts {
			if p != nil {
				of.Top1 += p[k].Top1
				of.MaxAbsError = math.Max(of.MaxAbsError, p[k].MaxAbsError)
			}
		}
		of.Top1 /= float64(max(len(j.samples), 1))
		if k == 0 || of.Top1 < r.Top1 {
			r.Top1 = of.Top1
		}
		r.MaxAbsError = math.Max(r.MaxAbsError, of.MaxAbsError)
	}
	return r
}

// part compares samples from..to; Top1 counts them.
func (j *judge) part(q *Quantised, from, to int) []OutputReport {
	out := make([]OutputReport, len(j.outputs))
	for i := from; i < to; i++ {
		got := q.Program.Eval(q.Formats.encode(j.samples[i])...)
		for k := range out {
			scale := q.Program.Values[q.Program.Outputs[k]].Scale
			want := j.want[i][k]
			if d := j.decided[k]; d != nil {
				want = []float64{float64(d.Class(want[0]))}
			}
			out[k].add(j.outputs[k].Classes, got[k], scale, want)
		}
	}
	return out
}

// add compares one sample.
func (r *OutputReport) add(classes bool, got []int64, scale float64, want []float64) {
	if classes {
		if equalClasses(got, want) {
			r.Top1++
		}
		return
	}
	real := scaled(got, scale)
	for k, v := range real {
		r.MaxAbsError = math.Max(r.MaxAbsError, math.Abs(v-want[k]))
	}
	if ArgMax(real) == ArgMax(want) {
		r.Top1++
	}
}

// equalClasses compares classes with the model's outputs: with their largest
// elements by group, or with the classes that the model gives itself.
func equalClasses(got []int64, want []float64) bool {
	if len(want) == len(got) && len(got) > 0 && integral(want) {
		for i, c := range got {
			if float64(c) != want[i] {
				return false
			}
		}
		return true
	}
	n := len(want) / len(got)
	for i, c := range got {
		if int(c) != ArgMax(want[i*n:(i+1)*n]) {
			return false
		}
	}
	return true
}

func integral(xs []float64) bool {
	for _, x := range xs {
		if x != math.Trunc(x) {
			return false
		}
	}
	return true
}

// ArgMax is the position of the largest element, the first of equal ones.
func ArgMax(xs []float64) int {
	best := 0
	for i, x := range xs {
		if x > xs[best] {
			best = i
		}
	}
	return best
}

// limitingNode names the step that adds most error.
func (r *Result) limitingNode(samples []Sample) string {
	of := r.errors(r.fewSamples(samples))
	name, most := "", 0.0
	for _, id := range r.IR.Inputs {
		if of[id].Added > most {
			name, most = "the input", of[id].Added
			if len(r.IR.Inputs) > 1 {
				name = fmt.Sprintf("the input %q", r.IR.Names[id])
			}
		}
	}
	for _, s := range r.IR.Steps {
		if added := of[s.Out].Added; added > most {
			name, most = s.Node, added
		}
	}
	return name
}
