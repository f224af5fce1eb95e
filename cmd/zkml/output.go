package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/verifier"
)

// shownScores is how many scores a person is shown.
const shownScores = 20

// printClaim writes what a proof asserts of so many inputs.
func printClaim(w io.Writer, items int, o *verifier.Output, input, output *verifier.Word) {
	if o != nil && len(o.Class) > 0 {
		fmt.Fprintf(w, "class\t%s\n", classText(o.Class))
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

func classText(c verifier.Classes) string {
	return strings.Trim(fmt.Sprint([]int64(c)), "[]")
}

func scoresText(scores []float64) string {
	var parts []string
	for _, s := range scores[:min(len(scores), shownScores)] {
		parts = append(parts, fmt.Sprintf("%.4g", s))
	}
	if rest := len(scores) - shownScores; rest > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", rest))
	}
	return strings.Join(parts, " ")
}
