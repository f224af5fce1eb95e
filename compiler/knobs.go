package compiler

import (
	"fmt"
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

// uniformKnobs give everything the same number of bits.
func (f *finder) uniformKnobs(bits int) Knobs {
	return Knobs{Input: bits, Weight: bits, Activation: bits, Table: max(bits, 8), Given: f.given, Apart: f.apart,
		Lacks: f.lacks}
}

// key tells knobs apart by all that is turned.
func (k Knobs) key() string {
	return fmt.Sprint(k.Input, k.Weight, k.Activation, k.Table, k.PerChannel, k.Inputs, k.Steps)
}

// change names the one thing in which the knobs differ from others. Of a block of steps it
// names the first that differs.
func (k Knobs) change(from Knobs) string {
	for _, c := range []struct {
		name    string
		to, was int
	}{
		{"input", k.Input, from.Input}, {"weights", k.Weight, from.Weight},
		{"activations", k.Activation, from.Activation}, {"table", k.Table, from.Table},
	} {
		if c.to != c.was {
			return fmt.Sprint(c.name, " ", c.to)
		}
	}
	if k.PerChannel != from.PerChannel {
		return fmt.Sprint("per channel ", k.PerChannel)
	}
	for n, bits := range k.Inputs {
		if from.Inputs[n] != bits {
			return fmt.Sprint("input ", n, " ", bits)
		}
	}
	first := -1
	for i, s := range k.Steps {
		if from.Steps[i] != s && (first < 0 || i < first) {
			first = i
		}
	}
	if k.weight(first) != from.weight(first) {
		return fmt.Sprint("weights of step ", first, " ", k.weight(first))
	}
	return fmt.Sprint("activations of step ", first, " ", k.activation(first))
}

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

// stepKnob takes one bit from the steps of one block, or gives them the most.
func stepKnob(k Knobs, p *ir.Program) []Knobs {
	var out []Knobs
	for _, block := range blocks(p, mostBlocks, tuning.any) {
		out = append(out, k.turned(block, func(n *Knobs, i int) {
			if w := k.weight(i); tuningOf(p.Steps[i]).weights && w > leastWeight {
				n.setStep(i, StepKnobs{w - 1, n.Steps[i].Activation})
			}
		}), k.turned(block, func(n *Knobs, i int) {
			if a := k.activation(i); tuningOf(p.Steps[i]).activation && a > leastWeight {
				n.setStep(i, StepKnobs{n.Steps[i].Weight, a - 1})
			}
		}), k.turned(block, func(n *Knobs, i int) {
			if tuningOf(p.Steps[i]).activation {
				n.setStep(i, StepKnobs{n.Steps[i].Weight, mostActivation})
			}
		}))
	}
	return out
}

// turned is a copy of the knobs in which the steps of a block are turned.
func (k Knobs) turned(block []int, turn func(n *Knobs, step int)) Knobs {
	k.Steps, k.Inputs = maps.Clone(k.Steps), maps.Clone(k.Inputs)
	for _, i := range block {
		turn(&k, i)
	}
	return k
}

func (k *Knobs) setStep(i int, s StepKnobs) {
	if k.Steps == nil {
		k.Steps = map[int]StepKnobs{}
	}
	k.Steps[i] = s
}
