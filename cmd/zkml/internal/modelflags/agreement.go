package modelflags

import (
	"fmt"
	"io"
	"strings"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/printable"
)

// PrintAgreement writes the lines of an agreement: for each output, how often its class
// is the float model's, if it has one, and its largest error, unless it is a class.
func PrintAgreement(w io.Writer, g zkml.Agreement) {
	samples := fmt.Sprintf("%d samples", g.Samples)
	if g.MadeUp {
		samples = fmt.Sprintf("%d made-up samples", g.Samples)
	}
	if g.Exact {
		fmt.Fprintln(w, "agreement\texact: the integers are those of the quantised model")
	}
	if g.Unrounded > 0 {
		fmt.Fprintf(w, "unrounded\t%d of the model's layers take their inputs as they are, which the file rounds to "+
			"codes of 8 bits\n", g.Unrounded)
	}
	for _, x := range g.Outputs {
		of := OfOutput(x.Name, len(g.Outputs))
		switch {
		case x.Top1 == nil && x.MaxAbsError != nil:
			fmt.Fprintf(w, "largest error\t%s%.3g over %s\n", of, *x.MaxAbsError, samples)
			continue
		case x.Top1 != nil:
			fmt.Fprintf(w, "agreement\t%s%.2f%% of %s have the float model's class\n", of, 100**x.Top1, samples)
		}
		if x.MaxAbsError != nil {
			fmt.Fprintf(w, "largest error\t%s%.3g\n", of, *x.MaxAbsError)
		}
	}
	for _, c := range g.Sides {
		fmt.Fprintf(w, "sides\t%d of %s change sides of a threshold in the format of %s (%s)\n", c.Samples, samples,
			printable.Name(c.Input), features(c.Names))
	}
	for _, c := range g.Coarse {
		fmt.Fprintf(w, "coarse\t%s\n", c)
	}
	for _, t := range g.Ties {
		if t.Samples > 0 {
			fmt.Fprintf(w, "ties\t%d of %s are so close to another class that rounding could decide: %s adds within "+
				"%.2g\n", t.Samples, samples, printable.Line(t.Node), t.Bound)
		}
	}
	if g.Limit != "" {
		fmt.Fprintf(w, "limited by\t%s\n", g.Limit)
	}
}

// features names the first of some features.
func features(names []string) string {
	const most = 8
	list := make([]string, min(len(names), most))
	for i := range list {
		list[i] = printable.Name(names[i])
	}
	text := strings.Join(list, ", ")
	if more := len(names) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// OfOutput returns an output's name as a prefix, or "" if it is the only output.
func OfOutput(name string, outputs int) string {
	if outputs < 2 {
		return ""
	}
	return name + ": "
}

// NoteMadeUp notes what an agreement is worth if its samples were made up, and that a
// search was stopped.
func NoteMadeUp(a *app.App, g zkml.Agreement) {
	if g.SearchStopped {
		a.Note("--search-time ended the search for formats, and the best formats found by then are used; " +
			"another machine may find others, so keep these (zkml inspect --stage formats) if they matter")
	}
	if g.MadeUp {
		a.Note("no samples were given, so %d random inputs in [%.3g, %.3g] were used: the agreement below "+
			"says little about real data, and values outside may be limited to that range; "+
			"give samples with --calibrate",
			g.Samples, g.Range[0], g.Range[1])
	}
}
