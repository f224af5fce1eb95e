package main

import (
	"fmt"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/zkml-go/zkml/examples/measure"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/visibility"
)

// art draws a square picture.
func art(x []float64) string {
	return input.Art(x, int(math.Sqrt(float64(len(x)))))
}

// scenario says in words who sees what.
func scenario(p visibility.Private) string {
	word := map[bool]string{false: "public", true: "private"}
	return fmt.Sprintf("%s input, %s model", word[p.Input], word[p.Model])
}

// table shows the results, one scenario per line, and what they mean.
func table(results []*measure.Result) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "scenario\tdigit\trows\tprove\tproof\tmemory\tverify gas\thonest claim\tforged claim")
	for _, r := range results {
		fmt.Fprintf(w, "%s\t%d\t%d of %d\t%.2f s\t%d B\t%.0f MB\t%s\n", scenario(r.Private), r.Class(),
			r.Cost.Rows, r.Cost.PaddedRows, r.Seconds, len(r.Proof.Proof), float64(r.PeakMemory)/1e6, onChain(r.Chain))
	}
	w.Flush() // into memory
	return b.String()
}

// onChain gives the columns about the chain.
func onChain(c *measure.Chain) string {
	if c == nil {
		return "-\t-\t-"
	}
	word := map[bool]string{false: "refused", true: "accepted"}
	return fmt.Sprintf("%d\t%s\t%s", c.Gas, word[c.Honest], word[c.Tampered])
}
