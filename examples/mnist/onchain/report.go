package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/zkml-go/zkml/examples/measure"
)

// report is what was measured.
type report struct {
	network            *network
	count, right       int
	least, most, total uint64
	confusion          [classes][classes]int
	proof              *measure.Result
}

func (r *report) add(label, class int, gas uint64) {
	r.count++
	if label == class {
		r.right++
	}
	r.confusion[label][class]++
	r.least, r.most, r.total = min(r.least, gas), max(r.most, gas), r.total+gas
}

// String shows a table of both ways and the confusion matrix.
func (r *report) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	n := r.network
	fmt.Fprintf(w, "\tin the EVM\ta proof\n")
	fmt.Fprintf(w, "gas per prediction\t%d (%d to %d)\t%s\n", r.total/uint64(r.count), r.least, r.most,
		r.proved(func(p *measure.Result) int { return int(p.Chain.WrapperGas) }))
	fmt.Fprintf(w, "gas of the upload\t%d\t-\n", n.upload+n.contract.Gas)
	fmt.Fprintf(w, "bytes on the chain\t%d\t%s (the verifier)\n", n.size,
		r.proved(func(p *measure.Result) int { return p.Chain.Code }))
	fmt.Fprintf(w, "accuracy\t%.1f %% of %d\tthe same integers\n", 100*float64(r.right)/float64(r.count), r.count)
	w.Flush() // into memory
	fmt.Fprintf(&b, "\nevery answer is that of the integers which a proof is about\n\nlabel by answer\n")
	fmt.Fprintln(&b, "      0    1    2    3    4    5    6    7    8    9")
	for label, line := range r.confusion {
		fmt.Fprintf(&b, "%d ", label)
		for _, v := range line {
			fmt.Fprintf(&b, "%5d", v)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// proved gives a number of the proof, if one was made.
func (r *report) proved(number func(*measure.Result) int) string {
	if r.proof == nil || r.proof.Chain == nil {
		return "-"
	}
	return fmt.Sprint(number(r.proof))
}
