package compiler

import (
	"math"
	"slices"
)

// bitsTried are the bits that near tries. The last two are for classes alone: distances of raw features
// and powers need them, and have no tables, which would take as many entries.
var bitsTried = []int{DefaultBits, DefaultBits + 2, DefaultBits + 4, DefaultBits + 6, DefaultBits + 8}

// mostNear is the most bits for other outputs than classes.
const mostNear = DefaultBits + 4

// near finds what Target.Near asks for.
func (f *finder) near() error {
	var best *trial
	var far float64
	ranges := f.judge.ranges()
	for _, bits := range bitsTried {
		if best != nil && (f.spent() || bits > mostNear && !best.report.needsClasses()) {
			break
		}
		t, err := f.try(f.uniformKnobs(bits))
		if err != nil {
			if best == nil {
				return err
			}
			break // too many bits for this model
		}
		if bits > mostNear && t.cost.Rows() > best.cost.Rows()*3/2 {
			break
		}
		if d := t.report.distance(ranges); best == nil || d <= far/2 {
			best, far = t, d
		}
		if far <= 1 {
			break
		}
	}
	f.best = best
	return nil
}

// needsClasses tells whether too many classes of an output are others than the model's.
func (r Report) needsClasses() bool {
	return slices.ContainsFunc(r.Outputs, func(o OutputReport) bool { return o.Classes && o.Top1 < nearTop1 })
}

// ranges are those of the float model's answers, by output.
func (j *judge) ranges() []span {
	out := make([]span, len(j.outputs))
	for k := range out {
		out[k] = span{math.Inf(1), math.Inf(-1)}
		for _, y := range j.want {
			for _, v := range y[k] {
				out[k].reach(v)
			}
		}
	}
	return out
}

// distance is how far a report is from the model, whose outputs have the given ranges, in what
// Target.Near allows: at most 1 is near.
func (r Report) distance(ranges []span) float64 {
	far := 0.0
	for k, of := range r.Outputs {
		if of.Classes {
			far = math.Max(far, (1-of.Top1)/(1-nearTop1))
		} else if s := ranges[k]; s.lo < s.hi {
			far = math.Max(far, of.MaxAbsError/(s.hi-s.lo)/nearError)
		}
	}
	return far
}
