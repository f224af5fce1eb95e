package prove

import (
	"fmt"
	"strings"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// readSalts reads the salts of earlier commitments. Each file must hold a commitment for
// the model; commitments that no file holds are made anew.
func (o *proveOptions) readSalts(a *app.App, b *artifact.Bundle) error {
	layout := b.Manifest.Layout
	specs, err := zkml.BundleInputs(b)
	if err != nil {
		return err
	}
	carried := map[string]string{} // the file of each commitment, by the input's name
	for _, path := range o.salts {
		s, err := carriedBy(b, specs, path)
		if err != nil {
			return err
		}
		for _, x := range s.Openings {
			name := strings.Join(x.Names, ", ")
			if other, twice := carried[name]; twice {
				return fmt.Errorf("--salt %s: %s holds a commitment to %s too; give one of them", path, other, name)
			}
			carried[name] = path
			o.carried.Openings = append(o.carried.Openings, x)
		}
	}
	for _, p := range layout.Commitments() {
		name := strings.Join(verifier.CoveredNames(layout, p), ", ")
		if p.Role == visibility.RoleInput && len(o.salts) > 0 && carried[name] == "" {
			a.Note("--salt holds no commitment to %s: a new one is made", name)
		}
	}
	return nil
}

// carriedBy returns the salts of a file that a proof of the bundle can reuse. The name of
// an input before the file says for which of the model's inputs its salt is, if another
// model calls that input by another name.
func carriedBy(b *artifact.Bundle, specs []input.Spec, ref string) (verifier.Secrets, error) {
	name := input.NameOf(ref, specs)
	path := ref
	if name != "" {
		path = ref[len(name)+len("="):]
	}
	s, err := verifier.ReadSecrets(path)
	if err != nil {
		return s, err
	}
	if name != "" {
		if s, err = s.Renamed(name); err != nil {
			return s, fmt.Errorf("--salt %s: %w", ref, err)
		}
	}
	s, err = zkml.Carried(b, s)
	if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	if p := problem.Of(err); p != nil && p.Code == problem.Format {
		err = app.WithHint(err, "compile one of the models again with --input-format OTHER, "+
			"where OTHER is the other's bundle or verifying key")
	}
	return s, err
}
