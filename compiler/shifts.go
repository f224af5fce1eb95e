package compiler

import (
	"cmp"
	"slices"
)

// The most bits that a climb gives, but for activations.
const mostShifted = 12

// What a round of a climb combines.
const (
	mostShift  = 2  // bits in one place
	mostCombos = 12 // shifts in two or three places
	slack      = 1.2
)

// shift gives or takes bits in one place. It tells whether it could.
type shift func(k Knobs) (Knobs, bool)

// shifts lists what can be changed in one place of knobs: the bits of all inputs, of the tables, of
// the weights or the activations of all steps, or of one input or block of steps, or whether
// channels have scales of their own.
func (f *finder) shifts(k Knobs) []shift {
	out := []shift{func(k Knobs) (Knobs, bool) { k.PerChannel = !k.PerChannel; return k, true }}
	free := k.free(f.r.IR)
	tabled := tableKnob(k, f.r.IR) != nil
	weights := blocks(f.r.IR, mostBlocks, tuning.ofWeights)
	activations := blocks(f.r.IR, mostBlocks, tuning.ofActivation)
	for _, by := range []int{-mostShift, -1, 1, mostShift} {
		if len(free) > 0 {
			out = append(out, shiftInputs(by))
		}
		if tabled {
			out = append(out, func(k Knobs) (Knobs, bool) {
				k.Table += by
				return k, k.Table >= leastTable && k.Table <= mostShifted
			})
		}
		for _, list := range [][][]int{weights, activations} {
			if len(list) > 1 {
				out = append(out, f.shiftSteps(slices.Concat(list...), by))
			}
			for _, block := range list {
				if len(list) > 1 && (by < -1 || by > 1) {
					break
				}
				out = append(out, f.shiftSteps(block, by))
			}
		}
		if len(free) > 1 {
			for _, n := range free {
				out = append(out, shiftInput(n, by))
			}
		}
	}
	return out
}

func shiftInputs(by int) shift {
	return func(k Knobs) (Knobs, bool) {
		k = k.turned(nil, nil)
		k.Input += by
		for n := range k.Inputs {
			k.Inputs[n] = min(max(k.Inputs[n]+by, leastInput), mostShifted)
		}
		return k, k.Input >= leastInput && k.Input <= mostShifted
	}
}

func shiftInput(n, by int) shift {
	return func(k Knobs) (Knobs, bool) {
		k = k.turned(nil, nil)
		if k.Inputs == nil {
			k.Inputs = map[int]int{}
		}
		k.Inputs[n] = k.input(n) + by
		return k, k.Inputs[n] >= leastInput && k.Inputs[n] <= mostShifted
	}
}

// shiftSteps shifts what is tuned of steps, as far as it goes.
func (f *finder) shiftSteps(steps []int, by int) shift {
	return func(k Knobs) (Knobs, bool) {
		some := false
		k = k.turned(steps, func(n *Knobs, i int) {
			t, s := tuningOf(f.r.IR.Steps[i]), n.Steps[i]
			if w := n.weight(i) + by; t.weights && w >= leastWeight && w <= mostShifted {
				s.Weight, some = w, true
			}
			if a := n.activation(i) + by; t.activation && a >= leastWeight && a <= mostActivation {
				s.Activation, some = a, true
			}
			n.setStep(i, s)
		})
		return k, some
	}
}

// shifted is what shifts change, or for several are expected to: the sums of what each does alone.
type shifted struct {
	by    []shift
	rows  int
	noise float64
}

// exchanges plans candidates near another that have as many padded rows: every shift alone, and of
// shifts in two or three places those that promise most. One that gives bits is paid for by
// others that take some. The least noisy come first.
func (f *finder) exchanges(at *trial, size int) []*trial {
	known := map[digest]bool{at.is: true}
	var out []*trial
	take := func(t *trial) bool {
		if t == nil || known[t.is] {
			return false
		}
		known[t.is] = true
		if t.cost.PaddedRows() == size && t.few < slack*at.few {
			out = append(out, t)
		}
		return true
	}
	var all []Knobs
	var singles []shifted
	for _, s := range f.shifts(at.knobs) {
		if k, ok := s(at.knobs); ok {
			all, singles = append(all, k), append(singles, shifted{by: []shift{s}})
		}
	}
	var told []shifted
	for i, t := range f.planEach("refine formats", all, f.sampled) {
		if take(t) {
			told = append(told, shifted{singles[i].by, t.cost.Rows() - at.cost.Rows(), t.few - at.few})
		}
	}
	for _, t := range f.planEach("refine formats", f.combined(at, told, size), f.sampled) {
		take(t)
	}
	slices.SortStableFunc(out, func(a, b *trial) int { return cmp.Compare(a.few, b.few) })
	return out
}

// combined lists knobs of two or three shifts each, which should be less noisy and fit.
func (f *finder) combined(at *trial, singles []shifted, size int) []Knobs {
	var list []shifted
	add := func(of ...shifted) {
		sum := shifted{}
		for _, s := range of {
			sum.by, sum.rows, sum.noise = append(sum.by, s.by...), sum.rows+s.rows, sum.noise+s.noise
		}
		if sum.noise < 0 && at.cost.Rows()+sum.rows <= size {
			list = append(list, sum)
		}
	}
	for i, a := range singles {
		for j, b := range singles[:i] {
			add(a, b)
			for _, c := range singles[:j] {
				add(a, b, c)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b shifted) int { return cmp.Compare(a.noise, b.noise) })
	var out []Knobs
	seen := map[string]bool{}
	for _, c := range list {
		k, ok := at.knobs, true
		for _, s := range c.by {
			if ok {
				k, ok = s(k)
			}
		}
		if key := k.key(); ok && !seen[key] {
			seen[key] = true
			out = append(out, k)
		}
		if len(out) == mostCombos {
			break
		}
	}
	return out
}
