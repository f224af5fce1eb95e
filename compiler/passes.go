package compiler

import "github.com/zkml-go/zkml/compiler/ir"

// pass is one rewrite. run tries it at one step, and tells whether it changed
// anything. What it finds may depend on the step, on the producers of its inputs,
// and on whether those have one use: the rewriter tries a step again when one of
// these has changed.
type pass struct {
	name string
	why  string
	run  func(x *rewriter, s *ir.Step) (bool, error)
	// sweeps tells that the pass goes through all steps in its turn; else its turn
	// ends with the first change.
	sweeps bool
}

// passes take turns in this order, over and over, until none changes anything.
var passes = []pass{
	{
		name: "moves", run: absorbMoves, sweeps: true,
		why: "data movement costs nothing, but hides neighbours from each other",
	},
	{
		name: "compose", run: composeAffine,
		why: "a linear step after a linear step is one: " +
			"batch norms, scale factors, averages and residual sums join the layer before",
	},
	{name: "clamps", run: mergeClamps, why: "a limit after a limit is one limit"},
	{
		name: "max first", run: commuteMax,
		why: "what never decreases may follow a maximum, on fewer elements",
	},
	{
		name: "argmax", run: bareArgMax,
		why: "what never decreases leaves an argmax as it is; softmax is such",
	},
	{name: "unread", run: dropUnread, why: "elements that nobody reads need not be computed"},
	{name: "dead", run: dropDead, sweeps: true, why: "steps that nobody reads"},
}

// passOrder says which passes must come before which others in a round. A test holds
// the table of passes against it.
var passOrder = []struct{ before, after, why string }{
	{"moves", "compose", "two linear steps are neighbours only once the moves between them are gone"},
	{"moves", "clamps", "a limit meets the one before it behind a move that it was exchanged with"},
	{"moves", "max first", "a maximum that reads through a move sees what never decreases behind it"},
	{"moves", "argmax", "an argmax that reads through a move sees the softmax behind it"},
	{"moves", "unread", "a move that its reader takes over leaves nothing to shrink"},
	{"compose", "unread", "rows of a step that joins its reader would be chosen for nothing"},
	{"clamps", "max first", "of two limits one is left to exchange"},
	{"argmax", "dead", "the step that an argmax passes over may have lost its last reader"},
	{"clamps", "dead", "the limit that joined another may have lost its last reader"},
	{"moves", "dead", "a move that all readers took over has none left"},
	{"compose", "dead", "the step that joined its reader has none left"},
	{"unread", "dead", "it is last: a step that nobody reads must not count as a reader in the next round"},
}

// Optimise applies the passes until the program no longer changes. Its time is
// about linear in steps: a step is tried again only where something near it changed.
func Optimise(p *ir.Program) error {
	x, err := newRewriter(p, passes)
	if err != nil {
		return err
	}
	if err := x.run(); err != nil {
		return err
	}
	p.Steps = x.Steps()
	_, err = ir.NewIndex(p) // checks what the passes left
	return err
}

// dropDead removes a step that nobody reads, and what is unread with it.
func dropDead(x *rewriter, s *ir.Step) (bool, error) {
	if x.Uses(s.Out) > 0 {
		return false, nil
	}
	for unread := []*ir.Step{s}; len(unread) > 0; {
		last := len(unread) - 1
		s, unread = unread[last], unread[:last]
		for _, id := range x.remove(s) {
			if m := x.Producer(id); m != nil && x.Uses(id) == 0 {
				unread = append(unread, m)
			}
		}
	}
	return true, nil
}
