package compiler

import (
	"fmt"
	"reflect"

	"github.com/zkml-go/zkml/compiler/ir"
)

// rule is what the compiler knows of a kind of step beyond what the kind says itself:
// how it becomes integers. A kind's rule stands in the file of its quantisation. What
// else is asked of a rule are the interfaces below, found by assertion.
type rule interface {
	// quantise makes the step's kernels in the step's formats, which it chooses where
	// the quantiser is to choose them.
	quantise(q *quantiser, s *ir.Step) error
}

type (
	// formatted is a kind that needs formats of its own: checkFormat fails where given
	// ones lack something, or belong to another model.
	formatted interface{ checkFormat(f *StepFormat) error }
	// tuned is a kind whose numbers of bits a search turns.
	tuned interface{ tunes() tuning }
	// tabled is a kind that looks its argument up: a search turns the argument's bits.
	tabled interface{ looksUp() }
	// leveller is a kind that can read a value whose channels have different scales,
	// and bring them to one or keep them apart.
	leveller interface {
		levels(q *quantiser, s *ir.Step, id ir.ID) bool
	}
	// separate is a kind that can read an input whose elements have different scales, which
	// nothing brings to one: separates tells whether the step does.
	separate interface{ separates(s *ir.Step) bool }
	// classifier is a kind whose outputs are classes.
	classifier interface{ classifies() }
)

// tuning says which bits a kind has.
type tuning struct{ weights, activation bool }

// questions are what the compiler asks of rules, by name.
var questions = []struct {
	name string
	ask  func(rule) bool
}{
	{"needs formats", answers[formatted]},
	{"has bits of its own", answers[tuned]},
	{"looks its argument up", answers[tabled]},
	{"may read channels of different scales", answers[leveller]},
	{"may read elements of different scales", answers[separate]},
	{"gives classes", answers[classifier]},
}

func answers[I any](r rule) bool { _, ok := r.(I); return ok }

// rules is the registry of kinds: ruleOf adds to it from each kind's file.
var rules = map[reflect.Type]ruleRow{}

type ruleRow struct {
	blank ir.Kind
	of    func(ir.Kind) rule
}

// addRule registers the rule of a kind; it is called from the kinds' files only.
func addRule[K ir.Kind](blank K, of func(K) rule) {
	rules[reflect.TypeOf(blank)] = ruleRow{blank, func(k ir.Kind) rule { return of(k.(K)) }}
}

// ruleFor finds the rule of a kind.
func ruleFor(k ir.Kind) (rule, error) {
	row, ok := rules[reflect.TypeOf(k)]
	if !ok {
		return nil, fmt.Errorf("no kernel computes %s", k)
	}
	return row.of(k), nil
}

// asRule finds what the rule of a kind answers to a question; ok is false where it
// answers no.
func asRule[I any](k ir.Kind) (answer I, ok bool) {
	r, err := ruleFor(k)
	if err != nil {
		return answer, false
	}
	answer, ok = r.(I)
	return answer, ok
}

// gives tells whether a step's rule answers yes; a missing step does not.
func gives[I any](s *ir.Step) bool {
	if s == nil {
		return false
	}
	_, ok := asRule[I](s.Kind)
	return ok
}
