package program_test

import (
	"strings"
	"testing"

	"github.com/zkml-go/zkml/program"
)

// answers says of every kind of kernel what it answers yes to.
var answers = map[string][]string{
	"linear":   {"shares among a batch", "has techniques", "holds secrets", "is read within a budget"},
	"saturate": {"closes open inputs"},
	"table":    {"looks up tables"},
	"max":      {"closes open inputs", "hands open inputs on"},
	"argmax":   {"closes open inputs", "gives classes"},
	"move":     {"closes open inputs", "hands open inputs on"},
	"product":  {},
	"dot":      {},
	"quotient": {},
	"softmax":  {"looks up tables"},
	"compare":  {"closes open inputs"},
	"top":      {},
	"splits":   {"gives classes", "holds secrets"},
	"trees":    {"holds secrets"},
}

// TestKindsAnswer asks every kind every question: a kind without a line above, and a
// yes or no that nobody meant, fail.
func TestKindsAnswer(t *testing.T) {
	kinds := program.Kinds()
	for name := range answers {
		if kinds[name] == nil {
			t.Errorf("%s: there is no such kind", name)
		}
	}
	for name, k := range kinds {
		yes, ok := answers[name]
		if !ok {
			t.Errorf("kind %s has no answers: add a line that says what it answers yes to", name)
			continue
		}
		expected := map[string]bool{}
		for _, q := range yes {
			expected[q] = true
		}
		for _, q := range program.Questions {
			if got := q.Ask(k); got != expected[q.Name] {
				t.Errorf("kind %s, question %q: it answers %t", name, q.Name, got)
			}
			delete(expected, q.Name)
		}
		for q := range expected {
			t.Errorf("kind %s answers a question that nobody asks: %q", name, q)
		}
	}
}

// TestWordsStay keeps the words of a kernel of every kind: the digests of architectures
// hang on them. Words of another form need another WordsVersion and with it another
// conformance.ArchitectureVersion.
func TestWordsStay(t *testing.T) {
	const version = 1
	want := []string{
		"linear[2 rows, 6 terms, 3-bit weights, packed, contents fcda2af17f630ffda16ef4b661cbd99b](v0)",
		"saturate[>> 1..2 to -4..7](v1)",
		"sigmoid[table of 12, contents fd65d90a0be100923e32cfb18d915b17](v2)",
		"move[4](v2, v3)",
		"max[2 windows](v4)",
		"dot[1 x 1x2x1](v5, v3)",
		"product[2](v6, v5)",
		"softmax[1 groups, table of 4, contents ff702d41651bc0265b784b2837374444](v5)",
		"argmax[1 groups of 2, last=true](v8)",
		"compare[>= 3](v5)",
		"splits[3, contents 4850a15d610c6329b42de960aa277ab5](v5)",
		"trees[2 trees, 2 nodes, 3 leaves, 2 outputs, contents 36582b25b132292c89b6732b25e6a1ac](v11)",
		"top[2 of 1 groups of 3](v11)",
		"quotient[2, 4 by 1, rounded 0, rest=false](v6, v5)",
	}
	words := onePerKind().Words()
	if program.WordsVersion != version || len(want) != len(program.Kinds()) || len(words) != len(want)+2 {
		t.Fatalf("version %d has %d lines for %d kinds", program.WordsVersion, len(words), len(program.Kinds()))
	}
	for i, line := range words[1 : len(words)-1] {
		_, line, _ = strings.Cut(line, " = ")
		if line, _, _ = strings.Cut(line, " x 0.5"); line != want[i] {
			t.Errorf("%s, want %s", line, want[i])
		}
	}
}
