package compiler

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// pass rewrites a program and tells whether it changed anything.
type pass struct {
	name string
	why  string
	run  func(*ir.Program) bool
}

// passes run in this order, over and over, until none changes anything.
var passes = []pass{
	{"moves", "data movement costs nothing, but hides neighbours from each other", absorbMoves},
	{"compose", "a linear step after a linear step is one: batch norms, scale factors, averages and residual sums join the layer before", composeAffine},
	{"clamps", "a limit after a limit is one limit", mergeClamps},
	{"max first", "what never decreases may follow a maximum, on fewer elements", commuteMax},
	{"argmax", "what never decreases leaves an argmax as it is; softmax is such", bareArgMax},
	{"unread", "elements that nobody reads need not be computed", dropUnread},
	{"dead", "steps that nobody reads", dropDead},
}

// Optimise applies the passes until the program no longer changes, and checks
// it after each.
func Optimise(p *ir.Program) error {
	for changed, rounds := true, 0; changed; rounds++ {
		if rounds > 10_000 {
			return fmt.Errorf("the passes do not come to an end")
		}
		changed = false
		for _, pass := range passes {
			if pass.run(p) {
				changed = true
				if err := check(p); err != nil {
					return fmt.Errorf("pass %s: %w", pass.name, err)
				}
			}
		}
	}
	return nil
}

// check asserts what every stage of the IR promises: values are made once,
// before they are read, and steps read as many inputs as they have.
func check(p *ir.Program) error {
	made := map[ir.ID]bool{}
	for _, id := range p.Inputs {
		made[id] = true
	}
	for _, s := range p.Steps {
		for _, id := range s.In {
			if !made[id] {
				return fmt.Errorf("%s reads v%d before it is made", s.Node, id)
			}
		}
		if made[s.Out] {
			return fmt.Errorf("%s makes v%d again", s.Node, s.Out)
		}
		made[s.Out] = true
	}
	if !made[p.Output] {
		return fmt.Errorf("the output v%d is never made", p.Output)
	}
	return nil
}

// maker finds the step that makes a value; nil for an input.
func maker(p *ir.Program, id ir.ID) *ir.Step {
	i := slices.IndexFunc(p.Steps, func(s *ir.Step) bool { return s.Out == id })
	if i < 0 {
		return nil
	}
	return p.Steps[i]
}

// readers counts the reads of a value, the program's output among them.
func readers(p *ir.Program, id ir.ID) int {
	n := 0
	if p.Output == id {
		n++
	}
	for _, s := range p.Steps {
		for _, in := range s.In {
			if in == id {
				n++
			}
		}
	}
	return n
}

// dropDead removes steps that nobody reads.
func dropDead(p *ir.Program) bool {
	read := map[ir.ID]bool{p.Output: true}
	var kept []*ir.Step
	for i := len(p.Steps) - 1; i >= 0; i-- {
		if s := p.Steps[i]; read[s.Out] {
			kept = append(kept, s)
			for _, id := range s.In {
				read[id] = true
			}
		}
	}
	slices.Reverse(kept)
	changed := len(kept) < len(p.Steps)
	p.Steps = kept
	return changed
}
