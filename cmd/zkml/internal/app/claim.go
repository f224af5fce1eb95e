package app

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// Shown says how a proof shows an output.
func Shown(reveal visibility.Visibility) string {
	if reveal == visibility.Committed {
		return "shown by a commitment"
	}
	return "shown by its " + string(reveal)
}

// PrintClaim writes what a proof asserts under a layout: what it shows of each output and
// each input, and what it is bound to.
func PrintClaim(w io.Writer, l visibility.Layout, s *verifier.Statement) {
	for i := range s.Outputs {
		printOutput(w, l, &s.Outputs[i])
	}
	printInputs(w, l, s)
	if l.Batch > 0 {
		fmt.Fprintf(w, "batch\t%d samples; each input and output lists them one after the other\n", l.Batch)
	}
	fmt.Fprintf(w, "private\t%s\n", PrivateText(l))
	if s.ModelCommitment != nil {
		fmt.Fprintf(w, "model commitment\t%s\n", s.ModelCommitment)
	}
	for _, p := range l.Signers() {
		fmt.Fprintf(w, "signed\t%s\n", signedText(p))
	}
	PrintSigner(w, s.Signer)
	if s.Context != nil {
		fmt.Fprintf(w, "context\t%s\n", s.Context)
	} else {
		fmt.Fprintf(w, "context\t%s\n", noContext)
	}
}

const noContext = "none: a proof is not bound to one use"

// printOutput writes an output's name, how it is shown, and what is shown.
func printOutput(w io.Writer, l visibility.Layout, o *verifier.NamedOutput) {
	if o.Commitment != nil {
		fmt.Fprintf(w, "output\t%s, committed to by %s\n", printable.Name(o.Name), o.Commitment)
		return
	}
	fmt.Fprintf(w, "output\t%s, %s%s\n", printable.Name(o.Name), Shown(o.Reveal), Meaning(l.Output(o.Name)))
	if len(o.Class) > 0 {
		fmt.Fprintf(w, "class\t%s\n", ClassText(o.Class, o.Label))
	}
	if len(o.Integers) > 0 && len(o.Label) > 0 {
		fmt.Fprintf(w, "label\t%s\n", LabelText(o.Label))
	}
	printScores(w, l.Items(), o.Scores, realText)
	printScores(w, l.Items(), o.Integers, integerText)
}

// printInputs writes the inputs: those that a proof shows, then each commitment with the
// inputs that it covers.
func printInputs(w io.Writer, l visibility.Layout, s *verifier.Statement) {
	for _, in := range l.Inputs() {
		if !in.Kind().Hides {
			fmt.Fprintf(w, "input\t%s, public\n", printable.Name(in.Name))
		}
	}
	commitments := s.InputCommitments
	if s.InputCommitment != nil && len(commitments) == 0 {
		var all []string
		for _, in := range l.Inputs() {
			all = append(all, in.Name)
		}
		commitments = []verifier.NamedCommitment{{Inputs: all, Commitment: *s.InputCommitment}}
	}
	for _, c := range commitments {
		names := make([]string, len(c.Inputs))
		for i, name := range c.Inputs {
			names[i] = printable.Name(name)
		}
		word, list := plural("input", len(names)), strings.Join(names, ", ")
		fmt.Fprintf(w, "%s\t%s, committed to by %s\n", word, list, c.Commitment)
	}
}

func plural(word string, n int) string {
	if n > 1 {
		return word + "s"
	}
	return word
}

// signedText says which input is signed, how, and what for.
func signedText(p *visibility.Port) string {
	text := fmt.Sprintf("%s, by %s", printable.Name(p.Of), p.Scheme)
	if p.Purpose != "" {
		text += fmt.Sprintf(", for %q", p.Purpose)
	}
	return text
}

// PrintPorts writes what proofs under a layout are about: each input and each output with
// what a proof shows of it, and what a proof is bound to.
func PrintPorts(w io.Writer, l visibility.Layout) {
	for _, in := range l.Inputs() {
		fmt.Fprintf(w, "input\t%s %v, %s, %s%s\n", printable.Name(in.Name), in.Shape, formatText(in), inputText(in),
			Meaning(in))
	}
	for _, out := range l.Outputs() {
		kind := ""
		if out.Type != visibility.Real {
			kind = string(out.Type) + ", "
		}
		fmt.Fprintf(w, "output\t%s %v, %s%s%s\n", printable.Name(out.Name), out.Shape, kind, Shown(out.Visibility),
			Meaning(out))
	}
	if l.Batch > 0 {
		fmt.Fprintf(w, "batch\t%d samples in one proof\n", l.Batch)
	}
	fmt.Fprintf(w, "private\t%s\n", PrivateText(l))
	fmt.Fprintf(w, "reveals\t%s\n", printable.Name(l.Revealed()))
	for _, p := range l.Signers() {
		fmt.Fprintf(w, "signed\t%s; a proof shows the signer's key\n", signedText(p))
	}
	if l.HasContext() {
		fmt.Fprintf(w, "context\teach proof is bound to one\n")
	} else {
		fmt.Fprintf(w, "context\t%s\n", noContext)
	}
}

// Meaning says which class a single score means, or what the numbers of a port stand for;
// "" where they have no such meaning.
func Meaning(p *visibility.Port) string {
	switch {
	case p == nil:
		return ""
	case p.Threshold != nil:
		return fmt.Sprintf(": 1 where the score is above %g, else 0", *p.Threshold)
	case len(p.Texts) > 0:
		return ": " + textsText(p.Tensor)
	}
	return ""
}

// NoteGas says that no transaction can verify a proof, where that is so.
func (a *App) NoteGas(l visibility.Layout) {
	if err := zkml.GasProblem(l); err != nil {
		a.Note("%v", err)
	}
}

// PrivateText says what is private under a layout.
func PrivateText(l visibility.Layout) string {
	if words := l.Private().String(); words != "" {
		return printable.Name(words)
	}
	return OrNothing("")
}

func formatText(in *visibility.Port) string {
	kind := ""
	if in.Type != visibility.Real {
		kind = " " + string(in.Type)
	}
	if len(in.Elements) > 0 {
		return "a format for each element" + kind
	}
	bits := strconv.Itoa(in.Bits) + " bits"
	if in.Bits == 1 {
		bits = "1 bit"
	}
	return bits + kind
}

func inputText(in *visibility.Port) string {
	switch in.Visibility {
	case visibility.Committed:
		return "committed to"
	case visibility.Shared:
		return fmt.Sprintf("in the commitment to %s", in.With)
	}
	return string(in.Visibility)
}

// printScores writes the scores of each item, if there are any.
func printScores[T cmp.Ordered](w io.Writer, items int, all []T, text func(T) string) {
	n, of := len(all)/items, ""
	if n == 0 {
		return
	}
	for i := range items {
		if items > 1 {
			of = fmt.Sprintf(" %d", i)
		}
		scores := all[i*n : (i+1)*n]
		fmt.Fprintf(w, "scores%s\t%s\n", of, scoresText(scores, text))
		if n > 1 {
			fmt.Fprintf(w, "largest%s\tat %d\n", of, slices.Index(scores, slices.Max(scores)))
		}
	}
}

// ClassText lists classes, with their labels if these are known.
func ClassText(c verifier.Classes, labels verifier.Labels) string {
	text := strings.Trim(fmt.Sprint([]int64(c)), "[]")
	if len(labels) == 0 {
		return text
	}
	return text + " (" + LabelText(labels) + ")"
}

// LabelText lists labels, each between quotes.
func LabelText(labels verifier.Labels) string {
	quoted := make([]string, len(labels))
	for i, label := range labels {
		quoted[i] = printable.Quote(label)
	}
	return strings.Join(quoted, " ")
}

// textsText lists what numbers of a tensor stand for, the first ones of many.
func textsText(t visibility.Tensor) string {
	var parts []string
	for _, x := range t.Texts[:min(len(t.Texts), ShownScores)] {
		parts = append(parts, fmt.Sprintf("%d %s", x.Number, printable.Quote(x.Text)))
	}
	if rest := len(t.Texts) - ShownScores; rest > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", rest))
	}
	if t.Others {
		parts = append(parts, fmt.Sprintf("%d any other", len(t.Texts)))
	}
	return strings.Join(parts, ", ")
}

func realText(score float64) string { return fmt.Sprintf("%.4g", score) }

func integerText(score int64) string { return strconv.FormatInt(score, 10) }

func scoresText[T any](scores []T, text func(T) string) string {
	var parts []string
	for _, s := range scores[:min(len(scores), ShownScores)] {
		parts = append(parts, text(s))
	}
	if rest := len(scores) - ShownScores; rest > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", rest))
	}
	return strings.Join(parts, " ")
}

// PrintSigner writes a signer's key, one coordinate per line.
func PrintSigner(w io.Writer, signer []verifier.Word) {
	for i, name := range []string{"signer x", "signer y"}[:len(signer)] {
		fmt.Fprintf(w, "%s\t%s\n", name, signer[i])
	}
}
