package compiler

import (
	"cmp"
	"slices"
)

// maxPlans bounds how many candidates the descents quantise and price, of which few are
// compared: the work of a search is a number of programs, whatever their size. An order
// leaves the next ones their shares.
const maxPlans = 900

// order says which knobs a descent turns first: those of the first list until
// none moves, then those of the next.
type order [][]knob

var orders = []order{
	{{inputKnob, weightKnob, activationKnob, tableKnob, channelKnob, stepKnob}},
	{{weightKnob}, {inputKnob}, {activationKnob, tableKnob, channelKnob, stepKnob}},
	{{inputKnob}, {weightKnob}, {activationKnob, tableKnob, channelKnob, stepKnob}},
}

// descendAll descends in every order.
func (f *finder) descendAll(from *trial) {
	for i, o := range orders {
		f.share = maxPlans * (i + 1) / len(orders)
		f.descend(from, o)
	}
}

// descend takes bits away while the target is met: of the candidates that save
// rows, the cheapest that meets it. What was refused is not tried again with fewer bits
// elsewhere.
func (f *finder) descend(at *trial, o order) {
	refused := map[string]bool{}
	for stage := 0; stage < len(o); {
		next := f.step(at, o[stage], refused)
		if next == nil {
			stage++
			continue
		}
		at = next
		if err := f.price(at); err != nil {
			return
		}
	}
}

// step finds the cheapest candidate below that meets the target; nil if none.
func (f *finder) step(at *trial, turn []knob, refused map[string]bool) *trial {
	if f.trials >= maxTrials || f.plans >= f.share {
		return nil
	}
	for _, t := range f.candidates(at, turn, refused) {
		if f.trials >= maxTrials || f.spent() {
			return nil
		}
		f.consider(t)
		if f.o.Target.Met(t.report) {
			return t
		}
		f.failed[t.knobs.key()] = true
		refused[t.knobs.change(at.knobs)] = true
	}
	return nil
}

// candidates plans the knobs below that save rows, cheapest first.
func (f *finder) candidates(at *trial, turn []knob, refused map[string]bool) []*trial {
	var below []Knobs
	same := at.knobs.key()
	for _, turned := range turn {
		for _, k := range turned(at.knobs, f.r.IR) {
			if key := k.key(); key != same && !f.failed[key] && !refused[k.change(at.knobs)] {
				below = append(below, k)
			}
		}
	}
	out := f.planAll("plan formats", below, func(t *trial) bool { return t.cost.Rows() < at.cost.Rows() })
	slices.SortStableFunc(out, func(a, b *trial) int { return cmp.Compare(a.cost.Rows(), b.cost.Rows()) })
	return out
}
