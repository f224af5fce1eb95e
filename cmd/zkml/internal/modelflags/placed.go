package modelflags

import (
	"errors"
	"slices"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/problem"
)

// Placed has an error about an element that a sample lacks name its place in the calibration data:
// whether an element may be missing is known only after the data was read. It reads the data
// again, where that can be done.
func (o *Options) Placed(a *app.App, m *zkml.Model, err error) error {
	var lacks *compiler.MissingElement
	of := problem.Of(err)
	stdin := func(ref string) bool { return input.Path(ref) == "-" }
	if of == nil || !errors.As(err, &lacks) || slices.ContainsFunc(o.Calibrate, stdin) {
		return err
	}
	specs, other := m.InputSpecs(o.Parsed)
	if other != nil {
		return err
	}
	for i := range specs {
		if specs[i].Name == lacks.Input {
			specs[i].Missing = func(element int) bool { return element != lacks.Element }
		}
	}
	again := *o
	if other = again.ReadSamples(a, specs); other == nil {
		return err
	}
	placed := *of
	placed.Place = other.Error()
	return &placed
}
