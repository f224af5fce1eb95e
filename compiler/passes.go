package compiler

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// pass is one rewrite. run tries it at one step, and reports whether it changed
// anything. The result may depend on the step, on the producers of its inputs, and on
// whether those have only one use: the rewriter tries a step again when one of these has
// changed.
type pass struct {
	name string
	why  string
	run  func(x *rewriter, s *ir.Step) (bool, error)
	// sweeps says that the pass visits all steps in its turn; otherwise its turn ends
	// with the first change.
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
		why: "two linear steps in a row are one: " +
			"batch norms, scale factors, averages and residual sums join the layer before",
	},
	{name: "clamps", run: mergeClamps, why: "two clamps in a row are one"},
	{
		name: "max first", run: commuteMax,
		why: "a function that never decreases can follow the maximum, on fewer elements",
	},
	{
		name: "codes first", run: codesFirst,
		why: "a function to codes takes in the one before it, which needs no format of its own then",
	},
	{
		name: "argmax", run: bareArgMax,
		why: "a strictly increasing function, such as softmax, does not change an argmax",
	},
	{
		name: "alike", run: dropAlike,
		why: "what is added to all elements alike does not change an argmax",
	},
	{
		name: "ranks", run: rankSimpler,
		why: "of squared distances from several points, an order needs only the part in which they differ",
	},
	{
		name: "chosen", run: functionOfChosen,
		why: "a function of an element that bits choose is chosen by these bits",
	},
	{
		name: "decide", run: decide,
		why: "what is compared after a function needs no table of it: thresholds take it in",
	},
	{
		name: "sides", run: sidesOfInputs,
		why: "what of an input is compared with constants stands on one staircase, on which no sample changes sides",
	},
	{
		name: "splits first", run: splitsFirst,
		why: "a function of one element that never decreases is part of the thresholds that follow it",
	},
	{
		name: "splits turn", run: turnBeforeSplits,
		why: "a negative factor before splits goes before a function that never decreases, " +
			"which they can then take in",
	},
	{
		name: "squares", run: balanceSquares,
		why: "what is squared has one scale: weights of squares that are very different go before it",
	},
	{name: "unread", run: dropUnread, why: "elements that nobody reads need not be computed"},
	{name: "dead", run: dropDead, sweeps: true, why: "steps that nobody reads need not be computed"},
}

// passOrder says which passes must come before which others in a round. A test checks
// the table of passes against it.
var passOrder = []struct{ before, after, why string }{
	{"moves", "compose", "two linear steps are neighbours only once the moves between them are gone"},
	{"moves", "clamps", "two clamps are neighbours only once the move between them was exchanged with one of them"},
	{"moves", "max first", "a maximum that reads through a move sees the monotone step behind it"},
	{"moves", "codes first", "two functions are neighbours only once the move between them is gone"},
	{"compose", "codes first", "what codes stand for is one linear step"},
	{"codes first", "dead", "the function that was taken in may have lost its last reader"},
	{"moves", "argmax", "an argmax that reads through a move sees the softmax behind it"},
	{"moves", "unread", "a move that its reader absorbs leaves nothing to shrink"},
	{"compose", "unread", "selecting rows of a step is wasted work if the step then joins its reader"},
	{"clamps", "max first", "of two clamps only one is left to exchange"},
	{"moves", "decide", "a comparison is next to the function behind it only once the moves between them are gone"},
	{"decide", "splits first", "a comparison looks through nothing before it is made of splits"},
	{"moves", "sides", "a comparison is next to the input only once the moves between them are gone"},
	{"compose", "sides", "what of an input is compared is one linear step"},
	{"sides", "splits first", "a comparison looks through nothing before it is made of splits"},
	{"moves", "splits first", "splits that read through a move see the step behind it"},
	{"compose", "splits first", "two linear steps are one to look through"},
	{"splits first", "splits turn", "a step that can be taken in needs no turn"},
	{"splits turn", "dead", "the step that was turned around may have lost its last reader"},
	{"splits first", "dead", "the step that splits look through may have lost its last reader"},
	{"compose", "alike", "sums are compared once they are whole"},
	{"argmax", "alike", "an argmax sees the sums only once the functions between them are gone"},
	{"alike", "dead", "the step whose results were added alike may have lost its last reader"},
	{"argmax", "dead", "the step that an argmax skips may have lost its last reader"},
	{"compose", "ranks", "the sign of what is ranked is next to the function behind it"},
	{"compose", "chosen", "what bits choose is next to the bits only once linear steps are one"},
	{"chosen", "decide", "a comparison of what bits choose needs no thresholds"},
	{"chosen", "dead", "the numbers of which there is now a function may have lost their last reader"},
	{"ranks", "dead", "the distances that an order does not need may have lost their last reader"},
	{"compose", "squares", "weights are whole only once linear steps are one"},
	{"moves", "squares", "squares are next to linear steps only once the moves between them are gone"},
	{"clamps", "dead", "the clamp that was merged into another may have lost its last reader"},
	{"moves", "dead", "a move that all readers absorbed has no reader left"},
	{"compose", "dead", "the step that joined its reader has no reader left"},
	{"unread", "dead", "dead is last: a step that nobody reads must not count as a reader in the next round"},
}

// Optimise applies the passes until the program no longer changes, and then what looks further than
// from a step to its neighbours; and both again as long as that changes something.
func Optimise(p *ir.Program) error {
	for {
		if err := settle(p); err != nil {
			return err
		}
		changed := splitsApart(p) || fillsApart(p) || plainFills(p)
		if !changed {
			var err error
			if changed, err = simplerFunctions(p); err != nil {
				return err
			}
		}
		if !changed {
			copyCompared(p)
			return nil
		}
	}
}

// settle applies the passes until none changes anything. Its time is about linear in the number of
// steps: a step is tried again only if something near it changed.
func settle(p *ir.Program) error {
	x, err := newRewriter(p, passes)
	if err != nil {
		return err
	}
	if err := x.run(); err != nil {
		return err
	}
	p.Steps = x.Steps()
	_, err = ir.NewIndex(p) // checks the result of the passes
	return err
}

// simplerFunctions tries joinFunctions and byReciprocal at every step.
func simplerFunctions(p *ir.Program) (changed bool, err error) {
	x, err := newRewriter(p, nil)
	if err != nil {
		return false, err
	}
	for at := range x.Len() {
		for _, try := range []func(*rewriter, *ir.Step) (bool, error){joinFunctions, byReciprocal} {
			done, err := try(x, x.Step(at))
			if err != nil {
				return false, err
			}
			changed = changed || done
		}
	}
	p.Steps = x.Steps()
	return changed, nil
}

// dropDead removes a step that nobody reads, and the steps that only it read.
func dropDead(x *rewriter, s *ir.Step) (bool, error) {
	if x.Uses(s.Out) > 0 {
		return false, nil
	}
	for unread := []*ir.Step{s}; len(unread) > 0; {
		last := len(unread) - 1
		s, unread = unread[last], unread[:last]
		for _, id := range x.remove(s) {
			if m := x.Producer(id); m != nil && x.Uses(id) == 0 && !slices.Contains(unread, m) {
				unread = append(unread, m)
			}
		}
	}
	return true, nil
}
