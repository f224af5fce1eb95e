package modelflags

import (
	"fmt"
	"io"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/visibility"
)

// PrintAgreement writes the lines of an agreement.
func PrintAgreement(w io.Writer, g zkml.Agreement, l visibility.Layout) {
	samples := fmt.Sprintf("%d samples", g.Samples)
	if g.MadeUp {
		samples = fmt.Sprintf("%d made-up samples", g.Samples)
	}
	if out := l.Outputs()[0]; zkml.HasClass(l, out) {
		fmt.Fprintf(w, "agreement\t%.2f%% of %s have the float model's class\n", 100*g.Top1, samples)
		if !out.Classes {
			fmt.Fprintf(w, "largest error\t%.3g\n", g.MaxAbsError)
		}
	} else {
		fmt.Fprintf(w, "largest error\t%.3g over %s\n", g.MaxAbsError, samples)
	}
	if g.Limit != "" {
		fmt.Fprintf(w, "limited by\t%s\n", g.Limit)
	}
}

// NoteMadeUp says what made-up samples are worth, where an agreement is on such, and
// that a search was stopped.
func NoteMadeUp(a *app.App, g zkml.Agreement) {
	if g.SearchStopped {
		a.Note("the search for formats ended by --search-time: the best formats found by then are taken; " +
			"another machine may find others, so keep these (zkml inspect --stage formats) where they matter")
	}
	if g.MadeUp {
		a.Note("no samples were given, so %d random inputs in [%.3g, %.3g] stood in for them: the agreement below "+
			"says little about real data, and what lies outside may be limited to that range; give some with --calibrate",
			g.Samples, g.Range[0], g.Range[1])
	}
}
