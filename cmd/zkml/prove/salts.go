package prove

import (
	"fmt"
	"strings"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// readSalts takes the salts of earlier commitments, and what they commit to. Each file
// must hold one of the model's; a commitment that none holds is made afresh.
func (o *proveOptions) readSalts(a *app.App, b *artifact.Bundle) error {
	layout := b.Manifest.Layout
	carried := map[string]string{} // the file of each commitment, by the input's name
	for _, path := range o.salts {
		s, err := verifier.ReadSecrets(path)
		if err != nil {
			return err
		}
		found, err := openings(b, path, s)
		if err != nil {
			return err
		}
		for _, x := range found {
			name := strings.Join(x.Names, ", ")
			if other, twice := carried[name]; twice {
				return fmt.Errorf("--salt %s: so does %s hold a commitment to %s; give one of them", path, other, name)
			}
			carried[name] = path
			o.carried.Openings = append(o.carried.Openings, x)
		}
	}
	for _, p := range layout.Commitments() {
		name := strings.Join(verifier.CoveredNames(layout, p), ", ")
		if p.Role == visibility.RoleInput && len(o.salts) > 0 && carried[name] == "" {
			a.Note("--salt holds no commitment to %s: it is made afresh", name)
		}
	}
	return nil
}

// openings are those of a file that open the model's commitments to inputs. A commitment
// fixes the input's format: a model with another one cannot match it.
func openings(b *artifact.Bundle, path string, s verifier.Secrets) ([]verifier.Opening, error) {
	layout, hidden := b.Manifest.Layout, false
	var found []verifier.Opening
	for _, p := range layout.Commitments() {
		if p.Role != visibility.RoleInput {
			continue // an output's salt is another proof's
		}
		hidden = true
		x, ok := s.OfInputs(layout, p)
		if !ok {
			continue
		}
		if want := layout.Format(p); x.Formats != want {
			return nil, app.WithHint(
				fmt.Errorf("--salt %s: it commits to an input of %s; %s takes %s", path, x.Formats, b.Dir, want),
				"compile one of the models again with --input-format OTHER, "+
					"where OTHER is the other's bundle or verifying key")
		}
		x.Names = verifier.CoveredNames(layout, p)
		found = append(found, x)
	}
	switch {
	case !hidden:
		return nil, app.WithHint(
			fmt.Errorf("--salt %s: the input of %s is public, and its proofs carry no commitment", path, b.Dir),
			"compile with --private input")
	case len(found) == 0:
		return nil, fmt.Errorf("--salt %s: it holds no salt of an input of this model; make one with zkml commit", path)
	}
	return found, nil
}
