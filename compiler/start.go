package compiler

import (
	"fmt"

	"github.com/zkml-go/zkml/printable"
)

// uniforms are the knobs that a search starts with.
func (f *finder) uniforms() []Knobs {
	var out []Knobs
	for _, bits := range []int{8, 10, 12, 14} {
		for _, perChannel := range []bool{false, true} {
			k := f.uniformKnobs(bits)
			k.PerChannel = perChannel
			out = append(out, k)
		}
	}
	return out
}

// start finds the first uniform number of bits that meets the target.
func (f *finder) start() (*trial, error) {
	var tried []Knobs
	var problem error
	for _, k := range f.uniforms() {
		if len(tried) > 0 && f.spent() {
			return nil, fmt.Errorf("the search for formats ended after %s, before the target %s was met: "+
				"give it more time", f.o.SearchTime, f.o.Target)
		}
		t, err := f.try(k)
		if err != nil {
			problem = err
			continue
		}
		if f.o.Target.Met(t.report) {
			return t, nil
		}
		tried = append(tried, k)
	}
	if len(tried) == 0 {
		return nil, problem
	}
	best, err := f.nearest(tried)
	if err != nil {
		return nil, err
	}
	return nil, f.outOfReach(best)
}

// outOfReach says how near to the target the best candidate comes.
func (f *finder) outOfReach(best *trial) error {
	f.r.Quantised = best.Quantised
	return fmt.Errorf("the target %s is out of reach: with %s the samples give top1 %.2f%% and largest error "+
		"%.3g; most of the error arises at %s%s",
		f.o.Target, best.knobs, 100*best.report.Top1, best.report.MaxAbsError, f.r.limitingNode(f.judge.samples),
		f.inTheWay(best.report))
}

// inTheWay names the features in whose formats a target is missed.
func (f *finder) inTheWay(of Report) string {
	of.Sides = f.r.sides(f.judge.samples)
	text := ""
	for _, c := range f.r.coarseFeatures(f.judge.samples, f.o.Target, of) {
		text += fmt.Sprintf("; %s", c)
	}
	for _, c := range of.Sides {
		text += fmt.Sprintf("; %d samples change sides of a threshold in the format of %s", c.Samples,
			printable.Names(c.Names))
	}
	return text
}

// nearest is the trial that comes nearest to a target that none of them meets. All samples
// are judged for it, as the search judges no more of them once a target is missed. One
// trial is held at a time.
func (f *finder) nearest(tried []Knobs) (*trial, error) {
	var best *trial
	for _, k := range tried {
		if best != nil && f.spent() {
			break
		}
		q, err := f.quantise(k)
		if err != nil {
			return nil, err
		}
		t := &trial{Quantised: q, knobs: k, report: f.judge.compare(q, Target{})}
		if best == nil || f.o.Target.nearer(t.report, best.report) {
			best = t
		}
	}
	return best, nil
}

// nearer tells whether a report comes nearer to the target than another: by the agreement
// where that is asked for, and then by the error.
func (t Target) nearer(a, b Report) bool {
	if t.Top1 > 0 && a.Top1 != b.Top1 {
		return a.Top1 > b.Top1
	}
	return a.MaxAbsError < b.MaxAbsError
}
