// Command operators writes docs/operators.md from the registry of operators and
// the record of ONNX's official tests. Run it at the top of the project:
//
//	go run ./dev/gen/operators
//
// It must not know how operators work. Nobody imports it.
package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/testkit/optest"
)

//go:generate go -C ../../.. run ./dev/gen/operators

// Where the record of official tests is, and the page.
const (
	record = "testkit/optest/testdata/vectors.txt"
	page   = "docs/operators.md"
)

func main() {
	if err := write("."); err != nil {
		fmt.Fprintln(os.Stderr, "operators:", err)
		os.Exit(1)
	}
}

// write renders the page of the project whose top folder is root.
func write(root string) error {
	text, err := render(root)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, page), []byte(text), 0o644)
}

// render gives the page's text.
func render(root string) (string, error) {
	data, err := os.ReadFile(filepath.Join(root, record))
	if err != nil {
		return "", err
	}
	r, err := parse(string(data))
	if err != nil {
		return "", fmt.Errorf("%s: %w", record, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, head, len(op.Specs()), r.total("passed"), r.total("folded"), r.total("refused"),
		r.total("unsupported"), r.share.Passed, r.share.Of, r.share.GalleryPassed, r.share.GalleryOf)
	b.WriteString("| operator | opsets | supported | passed | folded | refused |\n|---|---|---|---|---|---|\n")
	for _, s := range op.Specs() {
		name := strings.TrimPrefix(s.Domain+"."+s.Name, ".")
		counts := r.of(s)
		fmt.Fprintf(&b, "| %s | %s | %s |%s%s%s\n", name, joined(s.Since), s.Note,
			cell(counts["passed"]), cell(counts["folded"]), cell(counts["refused"]))
	}
	for _, name := range []string{"(several)", "(unread)"} {
		fmt.Fprintf(&b, "| %s | | %s |%s%s%s\n", name, others[name],
			cell(r.counts[name]["passed"]), cell(r.counts[name]["folded"]), cell(r.counts[name]["refused"]))
	}
	for _, outcome := range []string{"refused", "folded"} {
		b.WriteString(titles[outcome])
		b.WriteString("| operator | reason | tests |\n|---|---|---|\n")
		for _, why := range r.why(outcome) {
			fmt.Fprintf(&b, "| %s | %s | %d |\n", why.op, why.reason, r.reasons[outcome][why])
		}
	}
	b.WriteString("\n## Why operators are not supported\n\n| operator | reason |\n|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(op.Unsupported)) {
		fmt.Fprintf(&b, "| %s | %s |\n", name, op.Unsupported[name])
	}
	return b.String(), nil
}

const head = `# Operators

Written by ` + "`go run ./dev/gen/operators`" + `; do not edit.

zkml knows %d ONNX operators. "opsets" lists the versions of an operator's
definition that are implemented; a model uses the newest that is not newer than
the opset it imports. Anything else is refused by name.

ONNX publishes tests for its operators: one node, its inputs and its outputs.
Every test whose operators are known here is run in float64, compared with the
published outputs, and its lowered program with that. %d *passed* with a
variable input. %d are *folded*: right where all inputs are known at compile
time, refused where one depends on the model's input. %d are *refused*. Another
%d tests are of operators that are not supported.

Some ask for what no proof of a prediction can be of: training, random numbers, texts that
are taken apart, shapes that follow from values (testkit/optest/testdata/senseless.txt has each with
its reason). Of the others %d of %d pass, and of those of operators that occur in public
galleries or in what exporters write (gallery.txt beside it) %d of %d.

`

var others = map[string]string{
	"(several)": "tests of several nodes",
	"(unread)":  "tests whose file holds what no circuit can: strings, sequences, sub-graphs, infinite constants",
}

var titles = map[string]string{
	"refused": "\n## Why tests are refused\n\n",
	"folded":  "\n## Why tests are folded\n\nA test without inputs has no reason beside it.\n\n",
}

// cause is a reason for which tests of an operator did not pass. Numbers in it
// are left out, so that like reasons count together.
type cause struct{ op, reason string }

// results are the official tests' outcomes, counted.
type results struct {
	counts  map[string]map[string]int // by operator, then outcome
	reasons map[string]map[cause]int  // by outcome
	share   optest.Share
}

// parse reads the record: outcome, operator, test and reason on a line,
// separated by tabs.
func parse(text string) (*results, error) {
	r := &results{counts: map[string]map[string]int{}, reasons: map[string]map[cause]int{}}
	var verdicts []optest.Verdict
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 4 {
			return nil, fmt.Errorf("cannot read line %q", line)
		}
		r.add(f[0], cause{f[1], general(f[3])})
		verdicts = append(verdicts, optest.Verdict{Outcome: optest.Outcome(f[0]), Op: f[1], Test: f[2], Reason: f[3]})
	}
	r.share = optest.Shares(verdicts)
	return r, nil
}

func (r *results) add(outcome string, c cause) {
	if r.counts[c.op] == nil {
		r.counts[c.op] = map[string]int{}
	}
	if r.reasons[outcome] == nil {
		r.reasons[outcome] = map[cause]int{}
	}
	r.counts[c.op][outcome]++
	r.reasons[outcome][c]++
}

// general replaces quoted names and numbers by an ellipsis.
func general(reason string) string {
	parts := strings.Split(reason, `"`)
	for i := 1; i < len(parts); i += 2 {
		parts[i] = "…"
	}
	words := strings.Fields(strings.Join(parts, `"`))
	for i, w := range words {
		if strings.Trim(w, "0123456789[],") == "" {
			words[i] = "…"
		}
	}
	return strings.Join(words, " ")
}

// of counts the tests of an operator by outcome. Two of one name have ONNX's tests for its own.
func (r *results) of(s op.Spec) map[string]int {
	onnx := func(o op.Spec) bool { return o.Domain == "" && o.Name == s.Name }
	if s.Domain != "" && slices.ContainsFunc(op.Specs(), onnx) {
		return nil
	}
	return r.counts[s.Name]
}

// total counts the tests of an outcome.
func (r *results) total(outcome string) int {
	n := 0
	for _, c := range r.counts {
		n += c[outcome]
	}
	return n
}

// why lists the causes of an outcome by operator and reason.
func (r *results) why(outcome string) []cause {
	var out []cause
	for c := range r.reasons[outcome] {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b cause) int {
		return strings.Compare(a.op+"\t"+a.reason, b.op+"\t"+b.reason)
	})
	return out
}

// cell is a table cell with a count, empty for none.
func cell(n int) string {
	if n == 0 {
		return " |"
	}
	return fmt.Sprintf(" %d |", n)
}

func joined(numbers []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(numbers), " ", ", "), "[]")
}
