package compiler

import (
	"cmp"
	"math"
	"math/rand"
	"sync/atomic"
	"time"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/visibility"
)

// calibrationSamples is how many samples the ranges are taken from; the
// agreement is measured on all.
const calibrationSamples = 1000

// maxTrials bounds the search: how many quantisations are compared with the
// float model.
const maxTrials = 300

// trial is one candidate of the search.
type trial struct {
	*Quantised
	is     digest // the program's
	knobs  Knobs
	layout visibility.Layout
	cost   circuits.Cost // at the finder's digit size when it was planned
	least  *price        // of those for which others were priced
	report Report
	noise  float64 // see scores.noise; of candidates that meet the target
	few    float64 // the same for few samples, where that was asked for
}

// finder is the state of a search.
type finder struct {
	r      *Result
	o      Options
	given  map[int]InputFormat
	apart  map[int]*apart
	lacks  map[int][]missing
	cal    *Calibration
	judge  *judge
	memo   *memo
	facts  facts
	scores scores
	digit  int // the digit size that candidates are priced at
	trials int
	plans  int // of them and of other candidates
	share  int // the plans after which a descent ends
	best   *trial
	// closest is the most exact candidate that misses an error.
	closest *trial
	failed  map[string]bool // keys of knobs known to miss the target
	// late, if not nil, tells whether the search's time is over; stopped whether that
	// kept it from anything.
	late    func() bool
	stopped atomic.Bool
}

// spent tells whether to stop, and remembers that the search did.
func (f *finder) spent() bool {
	if f.late == nil || !f.late() {
		return false
	}
	f.stopped.Store(true)
	return true
}

// search finds formats that meet the target at the least rows: it starts where
// the target is met, with as many bits as that takes, and takes bits away, as
// many as may be from one knob at a time, as long as the target is met. It does
// so in several orders of the knobs, and refines the best. Of what met the target,
// the fewest padded rows win, then the least noise: rows below the next power of
// two cost nothing.
func (r *Result) search(o Options) (*price, error) {
	samples, made := r.samples(o)
	j, err := r.newJudge(o, samples)
	if err != nil {
		return nil, err
	}
	f := r.finder(o, j)
	f.cal.integers(r.IR, samples)
	r.grids(f.given, samples)
	f.separate(samples)
	if err := r.checkRanges(f.cal, o, samples); err != nil {
		return nil, err
	}
	if err := checkMissing(r.IR, f.given, f.lacks, samples); err != nil {
		return nil, err
	}
	if o.SearchTime > 0 {
		end := time.Now().Add(o.SearchTime)
		f.late = func() bool { return time.Now().After(end) }
	}
	if err := f.find(); err != nil {
		return nil, err
	}
	r.Quantised, r.Report = f.best.Quantised, f.best.report
	r.Report.MadeUp, r.Report.Knobs, r.Report.Stopped = made, f.best.knobs, f.stopped.Load()
	r.Report.Limit, r.Report.Sides = r.limitingNode(samples), r.sides(samples)
	r.Report.Ties, r.Report.Coarse = r.ties(samples), r.coarseFeatures(samples, o.Target, r.Report)
	r.codesOf(&r.Report)
	return f.best.least, nil
}

// finder starts a search: ranges and scores are those of the judge's first samples.
func (r *Result) finder(o Options, j *judge) *finder {
	few := j.samples[:min(len(j.samples), calibrationSamples)]
	f := &finder{r: r, o: o, given: r.given(o), judge: j, scores: newScores(r.IR), failed: map[string]bool{},
		memo: newMemo(r.effort), lacks: r.lacks(o), facts: facts{judged: map[digest]verdict{}}}
	f.cal = reaching(r.IR, few, func(n int, values [][]float64) {
		if o.Target.searched() {
			f.scores.add(few[n-1], values)
		}
		o.Progress("calibrate", n, len(few))
	})
	return f
}

// lacks is what is known of the missing elements of inputs. Of a hashed model none is missing.
func (r *Result) lacks(o Options) map[int][]missing {
	if o.weights() == HashedWeights {
		return nil
	}
	return lackInputs(r.IR)
}

// checkRanges holds the samples against the formats of integer inputs, which no search
// changes.
func (r *Result) checkRanges(c *Calibration, o Options, samples []Sample) error {
	inputs, err := Knobs{Input: DefaultBits, Given: r.given(o)}.chooseInputs(c, r.IR)
	if err != nil {
		return err
	}
	return checkFit(r.IR, inputs, samples)
}

// report compares a program of given formats with the float model.
func (r *Result) report(o Options) error {
	samples, made := r.samples(o)
	j, err := r.newJudge(o, samples)
	if err != nil {
		return err
	}
	formats := map[int]InputFormat{}
	for k, f := range r.Formats.inputs() {
		formats[k] = f
	}
	if err := checkFit(r.IR, r.Formats.inputs(), samples); err != nil {
		return err
	}
	if err := checkMissing(r.IR, formats, nil, samples); err != nil {
		return err
	}
	r.Report = j.compare(r.Quantised, Target{})
	r.Report.MadeUp, r.Report.Sides, r.Report.Ties = made, r.sides(samples), r.ties(samples)
	r.Report.Coarse = r.coarseFeatures(samples, o.Target, r.Report)
	r.codesOf(&r.Report)
	return nil
}

// MadeRange is where made-up samples lie.
func (o Options) MadeRange() (lo, hi float64) {
	if lo, hi = o.Range[0], o.Range[1]; lo < hi {
		return lo, hi
	}
	return 0, 1
}

// madeIntegers is where made-up samples of an integer input lie: in the range that was
// asked for, as far as the input's type allows; else in the type's, or 0 and 1 where that
// is too wide to say anything.
func (o Options) madeIntegers(declared ir.Integers) ir.Integers {
	lo, hi := math.Ceil(o.Range[0]), math.Floor(o.Range[1])
	switch {
	case o.Range[0] < o.Range[1] && lo <= hi && !declared.Declared():
		return ir.Integers{Lo: int64(max(lo, -maxSampleInteger)), Hi: int64(min(hi, maxSampleInteger))}
	case !declared.Declared():
		return boolean
	}
	return declared
}

// samples are the user's, or made up: uniform in a range, which is worth little
// beyond keeping sums in range.
func (r *Result) samples(o Options) (samples []Sample, made bool) {
	if o.Samples = r.orOfNone(o.Samples); len(o.Samples) > 0 {
		return o.Samples, false
	}
	rng := rand.New(rand.NewSource(1))
	lo, hi := o.MadeRange()
	for range 64 {
		x := make(Sample, len(r.IR.Inputs))
		for k, id := range r.IR.Inputs {
			whole, ok := r.IR.Integers[id]
			if ok {
				whole = o.madeIntegers(whole)
			}
			if texts := r.Model.Inputs[k].Texts; texts != nil {
				whole = ir.Integers{Lo: 0, Hi: int64(len(texts) - 1)}
			}
			x[k] = make([]float64, r.IR.Size(id))
			for i := range x[k] {
				if u := rng.Float64(); ok {
					x[k][i] = float64(whole.Lo) + math.Floor(float64(u*float64(whole.Hi-whole.Lo+1)))
				} else {
					x[k][i] = lo + float64(u*(hi-lo))
				}
			}
		}
		samples = append(samples, x)
	}
	return samples, true
}

func (f *finder) find() error {
	if f.o.Target.Near {
		return f.near()
	}
	if t := f.o.Target; !t.searched() {
		bits := t.Bits
		if bits == 0 {
			bits = DefaultBits
		}
		start, err := f.try(f.uniformKnobs(bits))
		f.best = start
		return err
	}
	if f.o.Target.Top1 == 0 {
		return f.bySize()
	}
	start, err := f.start()
	if err != nil {
		return err
	}
	f.descendAll(start)
	return f.refine()
}

// quantise makes the program of a candidate.
func (f *finder) quantise(k Knobs) (*Quantised, error) {
	return choose(f.r.IR, f.cal, k, f.o.weights(), f.memo)
}

// plan quantises and prices a candidate, without judging it.
func (f *finder) plan(k Knobs) (*trial, error) {
	q, err := f.quantise(k)
	if err != nil {
		return nil, err
	}
	r := *f.r
	r.Quantised = q
	layout, err := r.layout(f.o)
	if err != nil {
		return nil, err
	}
	t := &trial{Quantised: q, knobs: k, layout: layout}
	if t.is, err = q.identity(); err != nil {
		return nil, err
	}
	if f.digit == 0 {
		if err := f.price(t); err != nil {
			return nil, err
		}
		t.cost = t.least.cost
		return t, nil
	}
	t.cost, err = f.count(t)
	return t, err
}

// price finds the digit size that suits a candidate, at which the next ones are priced.
func (f *finder) price(t *trial) (err error) {
	if t.least == nil {
		t.least, err = t.priced(t.layout, f.r.effort)
	}
	if err == nil {
		f.digit = t.least.digit
	}
	return err
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

// consider judges a candidate, and remembers the best that meets the target. A program is
// judged once.
func (f *finder) consider(t *trial) {
	v, known := f.facts.judged[t.is]
	if !known {
		f.trials++
		f.o.Progress("search formats", min(f.trials, maxTrials), maxTrials)
		if v.report = f.judge.compare(t.Quantised, f.o.Target); f.o.Target.Met(v.report) {
			v.noise = f.scores.noise(t.Quantised)
		}
		f.facts.judged[t.is] = v
	}
	t.report, t.noise = v.report, v.noise
	if f.o.Target.Met(t.report) && (f.best == nil || better(t, f.best)) {
		f.best = t
	}
}

func better(a, b *trial) bool {
	return cmp.Or(
		cmp.Compare(a.cost.PaddedRows(), b.cost.PaddedRows()),
		cmp.Compare(a.noise, b.noise),
		cmp.Compare(a.cost.Rows(), b.cost.Rows()),
	) < 0
}
