package modelflags

import (
	"fmt"
	"io"

	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/visibility"
)

// Agreement is how well the integers follow the float model on the samples.
type Agreement struct {
	Samples     int     `json:"samples"`
	MadeUp      bool    `json:"made_up"`
	Top1        float64 `json:"top1"`
	MaxAbsError float64 `json:"max_abs_error"` // 0 where the output is a class
	Limit       string  `json:"limit,omitempty"`
}

// AgreementOf takes the agreement from a report.
func AgreementOf(r compiler.Report) Agreement {
	return Agreement{r.Samples, r.Made, r.Top1, r.MaxAbsError, r.Limit}
}

// Print writes the agreement's lines.
func (g Agreement) Print(w io.Writer, l visibility.Layout) {
	samples := fmt.Sprintf("%d samples", g.Samples)
	if g.MadeUp {
		samples = fmt.Sprintf("%d made-up samples", g.Samples)
	}
	if app.HasClass(l) {
		fmt.Fprintf(w, "agreement\t%.2f%% of %s have the float model's class\n", 100*g.Top1, samples)
		if !l.Classes {
			fmt.Fprintf(w, "largest error\t%.3g\n", g.MaxAbsError)
		}
	} else {
		fmt.Fprintf(w, "largest error\t%.3g over %s\n", g.MaxAbsError, samples)
	}
	if g.Limit != "" {
		fmt.Fprintf(w, "limited by\t%s\n", g.Limit)
	}
}
