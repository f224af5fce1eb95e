package compiler

import "github.com/zkml-go/zkml/compiler/ir"

// mostBlocks is how many blocks of steps a search turns by themselves at most. Programs
// of that many steps or fewer have each step in a block of its own.
const mostBlocks = 16

// blocks splits the steps that are tuned into at most n runs of neighbours, each of about
// as many elements: a search that turned each step of a long program by itself would plan
// a whole program for each of its steps.
func blocks(p *ir.Program, n int, of func(tuning) bool) [][]int {
	var steps []int
	total := 0
	for i, s := range p.Steps {
		if of(tuningOf(s)) {
			steps = append(steps, i)
			total += p.Size(s.Out)
		}
	}
	var out [][]int
	before, last := 0, -1
	for k, i := range steps {
		at := k
		if len(steps) > n {
			at = before * n / total
		}
		if at != last {
			out, last = append(out, nil), at
		}
		out[len(out)-1] = append(out[len(out)-1], i)
		before += p.Size(p.Steps[i].Out)
	}
	return out
}

// tuningOf is what a search may turn of a step.
func tuningOf(s *ir.Step) tuning {
	t, ok := asRule[tuned](s.Kind)
	if !ok {
		return tuning{}
	}
	return t.tunes()
}

func (t tuning) any() bool { return t.weights || t.activation }

func (t tuning) ofWeights() bool { return t.weights }

func (t tuning) ofActivation() bool { return t.activation }
