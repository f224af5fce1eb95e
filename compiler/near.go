package compiler

import "math"

// near finds what Target.Near asks for.
func (f *finder) near() error {
	var best *trial
	var far float64
	for _, bits := range []int{DefaultBits, DefaultBits + 2, DefaultBits + 4} {
		if best != nil && f.spent() {
			break
		}
		t, err := f.try(f.uniformKnobs(bits))
		if err != nil && best == nil {
			return err
		}
		if err != nil { // too many bits for this model
			break
		}
		if d := f.judge.distance(t.report); best == nil || d <= far/2 {
			best, far = t, d
		}
		if far <= 1 {
			break
		}
	}
	f.best = best
	return nil
}

// distance is how far a report is from the model, in what Target.Near allows: at most 1 is near.
func (j *judge) distance(r Report) float64 {
	far := 0.0
	for k, of := range r.Outputs {
		if of.Classes {
			far = math.Max(far, (1-of.Top1)/(1-nearTop1))
			continue
		}
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, y := range j.want {
			for _, v := range y[k] {
				lo, hi = math.Min(lo, v), math.Max(hi, v)
			}
		}
		if hi > lo {
			far = math.Max(far, of.MaxAbsError/(hi-lo)/nearError)
		}
	}
	return far
}

// uniformKnobs give everything the same number of bits.
func (f *finder) uniformKnobs(bits int) Knobs {
	return Knobs{Input: bits, Weight: bits, Activation: bits, Table: max(bits, 8), Given: f.given, Apart: f.apart,
		Lacks: f.lacks}
}
