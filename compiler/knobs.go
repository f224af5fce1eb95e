package compiler

import (
	"maps"

	"github.com/zkml-go/zkml/compiler/ir"
)

// knob lists settings with other numbers of bits in one place.
type knob func(k Knobs, p *ir.Program) []Knobs

// The fewest bits that a search tries.
const (
	leastInput  = 1
	leastWeight = 2
	leastTable  = 4
)

// lower lists copies of k, one for each number of bits from below at to least.
func lower(k Knobs, at, least int, set func(n *Knobs, bits int)) []Knobs {
	var out []Knobs
	for bits := at - 1; bits >= least; bits-- {
		n := k
		n.Steps, n.Inputs = maps.Clone(k.Steps), maps.Clone(k.Inputs)
		set(&n, bits)
		out = append(out, n)
	}
	return out
}

// inputKnob takes bits from all inputs, and where there are several, from each.
func inputKnob(k Knobs, p *ir.Program) []Knobs {
	free := k.free(p)
	if len(free) == 0 {
		return nil
	}
	out := lower(k, k.Input, leastInput, func(n *Knobs, b int) { n.Input = b })
	if len(free) < 2 {
		return out
	}
	for _, number := range free {
		out = append(out, lower(k, k.input(number), leastInput, func(n *Knobs, b int) {
			if n.Inputs == nil {
				n.Inputs = map[int]int{}
			}
			n.Inputs[number] = b
		})...)
	}
	return out
}

// free lists the inputs whose formats are for the search to choose, by number.
func (k Knobs) free(p *ir.Program) []int {
	var out []int
	for n, id := range p.Inputs {
		_, given := k.Given[n]
		if _, whole := p.Integers[id]; !given && !whole {
			out = append(out, n)
		}
	}
	return out
}

func weightKnob(k Knobs, _ *ir.Program) []Knobs {
	return lower(k, k.Weight, leastWeight, func(n *Knobs, b int) { n.Weight = b })
}

// mostActivation is the most bits that a search gives activations: with enough
// of them nothing needs to be limited, which may cost less than fewer bits.
const mostActivation = 14

func activationKnob(k Knobs, _ *ir.Program) []Knobs {
	return lower(k, mostActivation+1, leastWeight, func(n *Knobs, b int) { n.Activation = b })
}

// tableKnob matters only where a function is computed by table.
func tableKnob(k Knobs, p *ir.Program) []Knobs {
	for _, s := range p.Steps {
		if gives[tabled](s) {
			return lower(k, k.Table, leastTable, func(n *Knobs, b int) { n.Table = b })
		}
	}
	return nil
}

func channelKnob(k Knobs, _ *ir.Program) []Knobs {
	k.PerChannel = !k.PerChannel
	return []Knobs{k}
}

// stepKnob takes one bit from one step, or gives it the most.
func stepKnob(k Knobs, p *ir.Program) []Knobs {
	var out []Knobs
	for i, s := range p.Steps {
		now := StepKnobs{k.weight(i), k.activation(i)}
		t, ok := asRule[tuned](s.Kind)
		if !ok {
			continue
		}
		if t.tunes().weights {
			out = append(out, lower(k, now.Weight, max(leastWeight, now.Weight-1), func(n *Knobs, b int) {
				n.setStep(i, StepKnobs{b, n.Steps[i].Activation})
			})...)
		}
		if t.tunes().activation {
			set := func(n *Knobs, b int) { n.setStep(i, StepKnobs{n.Steps[i].Weight, b}) }
			out = append(out, lower(k, now.Activation, max(leastWeight, now.Activation-1), set)...)
			out = append(out, lower(k, mostActivation+1, mostActivation, set)...)
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
