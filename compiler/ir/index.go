package ir

import "fmt"

// Index knows the producer and the readers of every value of a program, and keeps
// them up to date while steps are rewritten. Steps are addressed by their position
// in the program that the index was made of; positions stay when steps are removed.
type Index struct {
	p     *Program
	steps []*Step       // by position; nil where removed
	at    []int         // by value: its producer's position, −1 for an input
	reads []map[int]int // by value: how often the step at a position reads it
	uses  []int         // by value: all reads, the program's outputs among them
}

// NewIndex reads a program. It fails where a value is read before it is made, made
// twice, or an output is never made.
func NewIndex(p *Program) (*Index, error) {
	n := len(p.Shapes)
	x := &Index{p: p, at: make([]int, n), reads: make([]map[int]int, n), uses: make([]int, n)}
	made := make([]bool, n)
	for _, id := range p.Inputs {
		x.at[id], made[id] = -1, true
	}
	for i, s := range p.Steps {
		for _, id := range s.In {
			if !made[id] {
				return nil, fmt.Errorf("%s reads v%d before it is made", s.Node, id)
			}
			x.read(id, i)
		}
		if made[s.Out] {
			return nil, fmt.Errorf("%s makes v%d again", s.Node, s.Out)
		}
		x.at[s.Out], made[s.Out] = i, true
		x.steps = append(x.steps, s)
	}
	for _, id := range p.Outputs {
		if !made[id] {
			return nil, fmt.Errorf("the output v%d is never made", id)
		}
		x.uses[id]++
	}
	return x, nil
}

func (x *Index) read(id ID, by int) {
	if x.reads[id] == nil {
		x.reads[id] = map[int]int{}
	}
	x.reads[id][by]++
	x.uses[id]++
}

// Step is the step at a position; nil where it was removed.
func (x *Index) Step(at int) *Step { return x.steps[at] }

// Len counts positions.
func (x *Index) Len() int { return len(x.steps) }

// Position is that of a value's producer; −1 for an input of the program.
func (x *Index) Position(id ID) int { return x.at[id] }

// Producer is the step that makes a value; nil for an input of the program.
func (x *Index) Producer(id ID) *Step {
	if x.at[id] < 0 {
		return nil
	}
	return x.steps[x.at[id]]
}

// Uses counts the reads of a value: every input of a step that it is, and every output
// of the program.
func (x *Index) Uses(id ID) int { return x.uses[id] }

// Readers calls f with the position of every step that reads a value, in no order.
func (x *Index) Readers(id ID, f func(at int)) {
	for at := range x.reads[id] {
		f(at)
	}
}

// Replace gives a step another kind and other inputs, and returns the inputs that it
// reads less often than before. It fails where an input is not made before the step.
func (x *Index) Replace(s *Step, kind Kind, in []ID) ([]ID, error) {
	at := x.at[s.Out]
	for _, id := range in {
		if x.at[id] >= at {
			return nil, fmt.Errorf("%s reads v%d before it is made", s.Node, id)
		}
	}
	old := s.In
	s.Kind, s.In = kind, in
	for _, id := range in {
		x.read(id, at)
	}
	for _, id := range old {
		x.unread(id, at)
	}
	return old, nil
}

func (x *Index) unread(id ID, by int) {
	if x.reads[id][by]--; x.reads[id][by] == 0 {
		delete(x.reads[id], by)
	}
	x.uses[id]--
}

// Remove takes away a step that nobody reads, and returns what it read.
func (x *Index) Remove(s *Step) []ID {
	at := x.at[s.Out]
	x.steps[at] = nil
	for _, id := range s.In {
		x.unread(id, at)
	}
	return s.In
}

// Steps lists the steps that are left, in order.
func (x *Index) Steps() []*Step {
	var out []*Step
	for _, s := range x.steps {
		if s != nil {
			out = append(out, s)
		}
	}
	return out
}
