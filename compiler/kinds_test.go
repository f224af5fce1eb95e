package compiler

import (
	"fmt"
	"testing"

	"github.com/zkml-go/zkml/compiler/ir"
)

// yes says of every kind of step which questions of the passes and of the compiler it
// answers yes to.
var yes = map[string][]string{
	"*ir.Affine": {
		"reads by index", "may leave elements unread", "makes some outputs only", "may give integers",
		"needs formats", "has bits of its own", "may read channels of different scales",
		"may read elements of different scales",
	},
	"*ir.Clamp": {
		"elementwise", "may never decrease", "may give integers",
		"needs formats", "has bits of its own", "may read channels of different scales",
	},
	"*ir.Func": {
		"elementwise", "may never decrease", "may keep the order", "may give integers",
		"needs formats", "has bits of its own", "looks its argument up", "may read channels of different scales",
	},
	"*ir.Max": {
		"reads by index", "may leave elements unread", "makes some outputs only", "may give integers",
		"picks the largest", "may read channels of different scales",
	},
	"*ir.Product": {
		"reads by index", "may give integers",
		"may read channels of different scales",
	},
	"*ir.Quotient": {
		"reads by index", "may give integers", "needs formats", "has bits of its own",
		"may read channels of different scales",
	},
	"*ir.Dot": {"may give integers", "may read channels of different scales"},
	"*ir.Softmax": {
		"may keep the order", "needs formats", "looks its argument up", "may read channels of different scales",
	},
	"*ir.ArgMax": {
		"reads by index", "may leave elements unread", "may give integers",
		"ranks", "gives classes",
	},
	"*ir.Compare": {
		"elementwise", "may never decrease", "may give integers", "may read channels of different scales",
		"may read elements of different scales",
	},
	"*ir.Splits": {
		"reads by index", "may leave elements unread", "makes some outputs only", "may give integers",
		"may read channels of different scales", "may read elements of different scales",
	},
	"*ir.Trees": {
		"reads by index", "may leave elements unread", "makes some outputs only", "needs formats",
	},
	"*ir.Top": {"reads by index", "may leave elements unread", "may give integers", "ranks"},
	"*ir.Fill": {
		"reads by index", "may leave elements unread", "makes some outputs only",
		"may read elements of different scales",
	},
	"*ir.Move": {
		"reads by index", "may leave elements unread", "may give integers", "may read elements of different scales",
	},
}

// TestKindsAnswer asks every kind every question: a kind without a line above, and a
// yes or no that nobody meant, fail.
func TestKindsAnswer(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range rules {
		name := fmt.Sprintf("%T", row.blank)
		seen[name] = true
		expected := map[string]bool{}
		for _, q := range yes[name] {
			expected[q] = true
		}
		if yes[name] == nil {
			t.Errorf("kind %s has no answers: add a line that says what it answers yes to", name)
			continue
		}
		compare := func(question string, got bool) {
			if got != expected[question] {
				t.Errorf("kind %s, question %q: it answers %t", name, question, got)
			}
			delete(expected, question)
		}
		for _, q := range ir.Questions {
			compare(q.Name, q.Ask(row.blank))
		}
		r := row.of(row.blank)
		for _, q := range questions {
			compare(q.name, q.ask(r))
		}
		for q := range expected {
			t.Errorf("kind %s answers a question that nobody asks: %q", name, q)
		}
	}
	for name := range yes {
		if !seen[name] {
			t.Errorf("kind %s has answers and no rule", name)
		}
	}
}

// unknown is a kind that no rule is about.
type unknown struct{ ir.Clamp }

// TestKindWithoutRule is an error, and no panic.
func TestKindWithoutRule(t *testing.T) {
	p := &ir.Program{}
	p.Inputs = []ir.ID{p.Value("x", []int{2})}
	p.Outputs = []ir.ID{p.Emit("strange", "y", []int{2}, &unknown{}, p.Inputs[0])}
	if _, err := Choose(p, Calibrate(p, []Sample{{{0, 1}}}, func(int) {}), Knobs{Input: 4}, PublicWeights); err == nil {
		t.Error("a kind without a rule was quantised")
	}
}
