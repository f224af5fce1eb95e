package app

import (
	"fmt"
	"io"
	"strings"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/verifier"
)

// ShownScores is how many scores a person is shown.
const ShownScores = 20

// PrintClaim writes what a proof asserts of so many inputs.
func PrintClaim(w io.Writer, items int, o *verifier.Output, input, output *verifier.Word) {
	if o != nil && len(o.Class) > 0 {
		fmt.Fprintf(w, "class\t%s\n", ClassText(o.Class))
	}
	if o != nil && len(o.Scores) > 0 {
		printScores(w, items, o.Scores)
	}
	if input != nil {
		fmt.Fprintf(w, "input\tcommitted to by %s\n", input)
	}
	if output != nil {
		fmt.Fprintf(w, "output\tcommitted to by %s\n", output)
	}
}

// printScores writes the scores of each input.
func printScores(w io.Writer, items int, all []float64) {
	n, of := len(all)/items, ""
	for i := range items {
		if items > 1 {
			of = fmt.Sprintf(" %d", i)
		}
		scores := all[i*n : (i+1)*n]
		fmt.Fprintf(w, "scores%s\t%s\n", of, scoresText(scores))
		if n > 1 {
			fmt.Fprintf(w, "largest%s\tat %d\n", of, compiler.ArgMax(scores))
		}
	}
}

// ClassText lists classes.
func ClassText(c verifier.Classes) string {
	return strings.Trim(fmt.Sprint([]int64(c)), "[]")
}

func scoresText(scores []float64) string {
	var parts []string
	for _, s := range scores[:min(len(scores), ShownScores)] {
		parts = append(parts, fmt.Sprintf("%.4g", s))
	}
	if rest := len(scores) - ShownScores; rest > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", rest))
	}
	return strings.Join(parts, " ")
}

// PrintSigner writes a signer's key, a coordinate a line.
func PrintSigner(w io.Writer, signer []verifier.Word) {
	for i, name := range []string{"signer x", "signer y"}[:len(signer)] {
		fmt.Fprintf(w, "%s\t%s\n", name, signer[i])
	}
}

// Megabytes writes a number of bytes.
func Megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// OrNothing writes the word for no words.
func OrNothing(words string) string {
	if words == "" {
		return "nothing"
	}
	return words
}

// DefaultProof is where prove leaves a proof.
const DefaultProof = "proof.json"
