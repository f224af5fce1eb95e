package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/zkml-go/zkml/examples/measure"
)

// heading names the columns. Prove is the whole process that proves, bare gnark's
// prover alone on a circuit of the padded size, with the same options.
const heading = "model\tgates\trows\tpadded\tprove\tbare\tratio\tmemory\tproof\tgas\twrapper gas\tverifier\t"

// table shows all results, one per line.
func (b *bench) table() string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, heading)
	for _, r := range b.results {
		bare := b.bares[sizeOf(r)]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%.2f s\t%s\t%.0f MB\t%d B\t%s\t\n",
			r.Name, r.Cost.Gates, r.Cost.Rows, r.Cost.PaddedRows, r.Seconds, against(r.Seconds, bare.seconds),
			float64(r.PeakMemory)/1e6, len(r.Proof.Proof), gas(r.Chain))
	}
	w.Flush() // into memory
	return text.String()
}

// against gives the columns of the bare circuit.
func against(seconds, bare float64) string {
	if bare == 0 {
		return "-\t-"
	}
	return fmt.Sprintf("%.2f s\t%.2f", bare, seconds/bare)
}

// gas gives the columns about the chain.
func gas(c *measure.Chain) string {
	if c == nil {
		return "-\t-\t-"
	}
	return fmt.Sprintf("%d\t%d\t%d B", c.Gas, c.WrapperGas, c.Code)
}
