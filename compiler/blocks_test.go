package compiler

import (
	"reflect"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler/ir"
)

// clamps is a chain of limits, one step for each size.
func clamps(sizes ...int) *ir.Program {
	p := &ir.Program{}
	last := p.Value("x", []int{sizes[0]})
	p.Inputs = []ir.ID{last}
	for _, n := range sizes {
		last = p.Emit("c", "v", []int{n}, &ir.Clamp{Lo: 0, Hi: 1}, last)
	}
	p.Outputs = []ir.ID{last}
	return p
}

// TestBlocks: few steps are alone, many are in runs of about as many elements.
func TestBlocks(t *testing.T) {
	for _, c := range []struct {
		sizes []int
		want  [][]int
	}{
		{[]int{1, 9}, [][]int{{0}, {1}}},
		{[]int{1, 90, 1}, [][]int{{0}, {1}, {2}}},
		{[]int{1, 1, 1, 1, 1, 1}, [][]int{{0, 1}, {2, 3}, {4, 5}}},
		{[]int{2, 9, 1, 1, 1, 1}, [][]int{{0, 1}, {2, 3, 4, 5}}},
	} {
		if got := blocks(clamps(c.sizes...), 3, tuning.any); !reflect.DeepEqual(got, c.want) {
			t.Errorf("steps of %d elements: %v, want %v", c.sizes, got, c.want)
		}
	}
	long := clamps(slices.Repeat([]int{1, 2, 3, 4, 5}, 100)...)
	steps := slices.Concat(blocks(long, mostBlocks, tuning.any)...)
	for i := range long.Steps {
		if i >= len(steps) || steps[i] != i {
			t.Fatalf("blocks of %d steps hold the steps %v", len(long.Steps), steps)
		}
	}
	if n := len(blocks(long, mostBlocks, tuning.any)); n > mostBlocks || n < mostBlocks/2 {
		t.Errorf("%d blocks, of %d at most", n, mostBlocks)
	}
	if got := blocks(long, mostBlocks, tuning.ofWeights); got != nil {
		t.Errorf("limits have weights: %v", got)
	}
}

// TestCandidatesOfLongPrograms: how many candidates there are depends on no length.
func TestCandidatesOfLongPrograms(t *testing.T) {
	k := Knobs{Input: 8, Weight: 8, Activation: 8, Table: 8}
	for _, p := range []*ir.Program{recurrent(80), recurrent(800)} {
		if n := len(stepKnob(k, p)); n != 3*mostBlocks {
			t.Errorf("%d candidates of %d steps, want %d", n, len(p.Steps), 3*mostBlocks)
		}
	}
}

// TestKnobsHaveKeys: knobs that differ in one thing have different keys, and the change
// between them has a name of its own.
func TestKnobsHaveKeys(t *testing.T) {
	at := Knobs{Input: 8, Weight: 8, Activation: 8, Table: 8, Steps: map[int]StepKnobs{3: {Weight: 4}}}
	list := []Knobs{at.turned(nil, nil)}
	for _, turn := range []func(n *Knobs){
		func(n *Knobs) { n.Input = 7 },
		func(n *Knobs) { n.Weight = 7 },
		func(n *Knobs) { n.Activation = 7 },
		func(n *Knobs) { n.Table = 7 },
		func(n *Knobs) { n.PerChannel = true },
		func(n *Knobs) { n.Inputs = map[int]int{1: 7} },
		func(n *Knobs) { n.Inputs = map[int]int{0: 7} },
		func(n *Knobs) { n.setStep(2, StepKnobs{Weight: 7}) },
		func(n *Knobs) { n.setStep(3, StepKnobs{Weight: 3}) },
		func(n *Knobs) { n.setStep(3, StepKnobs{Weight: 4, Activation: 7}) },
	} {
		n := at.turned(nil, nil)
		turn(&n)
		list = append(list, n)
	}
	keys, changes := map[string]bool{}, map[string]bool{}
	for _, k := range list {
		keys[k.key()] = true
		if k.key() != at.key() {
			changes[k.change(at)] = true
		}
	}
	if len(keys) != len(list) || len(changes) != len(list)-1 {
		t.Errorf("%d knobs have %d keys, and %d changes: %v", len(list), len(keys), len(changes), changes)
	}
}
