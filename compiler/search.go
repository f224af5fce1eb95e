package compiler

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand"
	"slices"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/ir"
)

// calibrationSamples is how many samples the ranges are taken from; the
// agreement is measured on all.
const calibrationSamples = 1000

// maxTrials bounds the search: how many quantisations are compared with the
// float model.
const maxTrials = 80

// trial is one candidate of the search.
type trial struct {
	*Quantised
	knobs  Knobs
	cost   circuits.Cost
	report Report
}

// finder is the state of a search.
type finder struct {
	r      *Result
	o      Options
	cal    *Calibration
	judge  *judge
	trials int
	best   *trial
}

// search finds formats that meet the target at the least rows: it starts where
// the target is met, with as many bits as that takes, and takes bits away, one
// knob at a time, the one that saves most first, as long as the target is met.
// Of what it saw, the fewest padded rows win, then the best agreement: rows
// below the next power of two save nothing.
func (r *Result) search(o Options) error {
	samples, made := r.samples(o)
	j, err := r.newJudge(o, samples)
	if err != nil {
		return err
	}
	few := samples[:min(len(samples), calibrationSamples)]
	cal := Calibrate(r.IR, few, func(n int) { o.Progress("calibrate", n, len(few)) })
	f := &finder{r: r, o: o, cal: cal, judge: j}
	if err := f.find(); err != nil {
		return err
	}
	r.Quantised, r.Report = f.best.Quantised, f.best.report
	r.Report.Made, r.Report.Knobs = made, f.best.knobs
	r.Report.Limit = r.limitingNode(cal, samples)
	return nil
}

// report compares a program of given formats with the float model.
func (r *Result) report(o Options) error {
	samples, made := r.samples(o)
	j, err := r.newJudge(o, samples)
	if err != nil {
		return err
	}
	r.Report = j.compare(r.Quantised)
	r.Report.Made = made
	return nil
}

// samples are the user's, or made up: uniform in [0, 1), which is worth little
// beyond keeping sums in range.
func (r *Result) samples(o Options) (samples [][]float64, made bool) {
	if len(o.Samples) > 0 {
		return o.Samples, false
	}
	rng := rand.New(rand.NewSource(1))
	for range 64 {
		x := make([]float64, r.IR.Size(r.IR.Inputs[0]))
		for i := range x {
			x[i] = rng.Float64()
		}
		samples = append(samples, x)
	}
	return samples, true
}

func uniformKnobs(bits int) Knobs {
	return Knobs{Input: bits, Weight: bits, Activation: bits, Table: max(bits, 8)}
}

func (f *finder) find() error {
	t := f.o.Target
	if t.Top1 == 0 && t.Error == 0 {
		bits := t.Bits
		if bits == 0 {
			bits = DefaultBits
		}
		start, err := f.try(uniformKnobs(bits))
		f.best = start
		return err
	}
	start, err := f.start()
	if err != nil {
		return err
	}
	f.descend(start)
	return nil
}

// start finds the first uniform number of bits that meets the target.
func (f *finder) start() (*trial, error) {
	var last *trial
	var problem error
	for _, bits := range []int{8, 10, 12, 14} {
		for _, perChannel := range []bool{false, true} {
			k := uniformKnobs(bits)
			k.PerChannel = perChannel
			t, err := f.try(k)
			if err != nil {
				problem = err
				continue
			}
			if f.o.Target.met(t.report) {
				return t, nil
			}
			last = t
		}
	}
	if last == nil {
		return nil, problem
	}
	f.r.Quantised = last.Quantised
	return nil, fmt.Errorf("the target %s is out of reach: with %s the samples give top1 %.2f%% and largest error %.3g; most of the error arises at %s",
		f.o.Target, last.knobs, 100*last.report.Top1, last.report.MaxAbsError, f.r.limitingNode(f.cal, f.judge.samples))
}

// plan quantises and prices a candidate, without judging it.
func (f *finder) plan(k Knobs) (*trial, error) {
	q, err := Choose(f.r.IR, f.cal, k, f.o.Private.Model)
	if err != nil {
		return nil, err
	}
	r := *f.r
	r.Quantised = q
	layout, err := r.layout(f.o)
	if err != nil {
		return nil, err
	}
	t := &trial{Quantised: q, knobs: k}
	for _, digit := range []int{5, 7} {
		s := circuits.Statement{Layout: layout, Model: q.Program, Digit: digit}
		c, err := s.Count()
		if err != nil {
			return nil, err
		}
		if digit == 5 || c.Rows() < t.cost.Rows() {
			t.cost = c
		}
	}
	return t, nil
}

// try plans and judges a candidate, and remembers the best that meets the
// target.
func (f *finder) try(k Knobs) (*trial, error) {
	t, err := f.plan(k)
	if err != nil {
		return nil, err
	}
	f.consider(t)
	return t, nil
}

func (f *finder) consider(t *trial) {
	f.trials++
	f.o.Progress("search formats", f.trials, maxTrials)
	t.report = f.judge.compare(t.Quantised)
	if !f.o.Target.met(t.report) {
		return
	}
	if f.best == nil || better(t, f.best) {
		f.best = t
	}
}

func better(a, b *trial) bool {
	return cmp.Or(
		cmp.Compare(a.cost.PaddedRows(), b.cost.PaddedRows()),
		cmp.Compare(b.report.Top1, a.report.Top1),
		cmp.Compare(a.report.MaxAbsError, b.report.MaxAbsError),
		cmp.Compare(a.cost.Rows(), b.cost.Rows()),
	) < 0
}

// descend takes bits away while the target is met.
func (f *finder) descend(at *trial) {
	failed := map[string]bool{}
	for f.trials < maxTrials {
		next := f.neighbours(at, failed)
		moved := false
		for _, t := range next {
			if f.trials >= maxTrials {
				break
			}
			f.consider(t)
			if f.o.Target.met(t.report) {
				at, moved = t, true
				break
			}
			failed[fmt.Sprint(t.knobs)] = true
		}
		if !moved {
			return
		}
	}
}

// neighbours plans the candidates one bit below, cheapest first, and leaves out
// those that save nothing.
func (f *finder) neighbours(at *trial, failed map[string]bool) []*trial {
	var out []*trial
	for _, k := range below(at.knobs, f.r.IR) {
		if failed[fmt.Sprint(k)] {
			continue
		}
		t, err := f.plan(k)
		if err == nil && t.cost.Rows() < at.cost.Rows() {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b *trial) int { return cmp.Compare(a.cost.Rows(), b.cost.Rows()) })
	return out
}

// below lists the knobs one bit below.
func below(k Knobs, p *ir.Program) []Knobs {
	var out []Knobs
	add := func(change func(*Knobs)) {
		n := k
		n.Steps = maps.Clone(k.Steps)
		change(&n)
		out = append(out, n)
	}
	if k.Input > 1 {
		add(func(n *Knobs) { n.Input-- })
	}
	if k.Weight > 2 {
		add(func(n *Knobs) { n.Weight-- })
	}
	if k.Activation > 2 {
		add(func(n *Knobs) { n.Activation-- })
	}
	if k.Table > 4 {
		add(func(n *Knobs) { n.Table-- })
	}
	add(func(n *Knobs) { n.PerChannel = !n.PerChannel })
	for i, s := range p.Steps {
		switch s.Kind.(type) {
		case *ir.Affine:
			if w := k.weight(i); w > 2 {
				add(func(n *Knobs) { n.setStep(i, StepKnobs{w - 1, n.Steps[i].Activation}) })
			}
		case *ir.Clamp, *ir.Func:
			if a := k.activation(i); a > 2 {
				add(func(n *Knobs) { n.setStep(i, StepKnobs{n.Steps[i].Weight, a - 1}) })
			}
		}
	}
	return out
}

func (k *Knobs) setStep(i int, s StepKnobs) {
	if k.Steps == nil {
		k.Steps = map[int]StepKnobs{}
	}
	k.Steps[i] = s
}
