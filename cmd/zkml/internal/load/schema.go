package load

import (
	"fmt"
	"os"
	"slices"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// Schema describes the inputs that a bundle or a verifying key takes. A key is all that
// somebody needs who commits to an input or signs one.
type Schema struct {
	Name   string
	Layout visibility.Layout
	// Specs describe the layout's inputs, in their order.
	Specs []input.Spec
	// Bundle is the argument that names the bundle in a following command. It is
	// empty if the only bundle of the working directory was found.
	Bundle []string
}

// OpenSchema reads the schema of the bundle or the verifying key that args name, or of
// the only bundle of the working directory.
func OpenSchema(a *app.App, args []string, resize bool) (*Schema, error) {
	if len(args) > 0 {
		if info, err := os.Stat(args[0]); err == nil && !info.IsDir() {
			key, err := Key(a, args)
			if err != nil {
				return nil, err
			}
			return keySchema(args[0], key, resize), nil
		}
	}
	b, err := Bundle(args)
	if err != nil {
		return nil, err
	}
	s, err := BundleSchema(b, resize)
	if err != nil {
		return nil, err
	}
	s.Bundle = args
	return s, nil
}

// keySchema returns a key's schema. A key does not say how a picture becomes an input.
func keySchema(name string, key *verifier.Key, resize bool) *Schema {
	s := &Schema{Name: name, Layout: key.Layout, Specs: zkml.KeyInputs(key), Bundle: []string{"BUNDLE"}}
	s.allow(resize)
	return s
}

// BundleSchema returns a bundle's schema.
func BundleSchema(b *artifact.Bundle, resize bool) (*Schema, error) {
	specs, err := zkml.BundleInputs(b)
	if err != nil {
		return nil, err
	}
	s := &Schema{Name: b.Dir, Layout: b.Manifest.Layout, Specs: specs, Bundle: []string{b.Dir}}
	s.allow(resize)
	return s, nil
}

// allow sets whether pictures may have other sizes.
func (s *Schema) allow(resize bool) {
	for i := range s.Specs {
		s.Specs[i].Resize = resize
	}
}

// Item returns the schema of one sample of a batch.
func (s *Schema) Item() *Schema {
	one := *s
	one.Layout = s.Layout.Item()
	return &one
}

// Only returns a schema in which only some inputs are read: the others may be missing.
func (s *Schema) Only(asked func(*visibility.Port) bool) *Schema {
	some := *s
	some.Specs = append([]input.Spec{}, s.Specs...)
	for k, in := range s.Layout.Inputs() {
		some.Specs[k].Unread = !asked(in)
	}
	return &some
}

// Place returns the index of an input of the layout in a sample.
func (s *Schema) Place(in *visibility.Port) int {
	return slices.IndexFunc(s.Layout.Inputs(), func(p *visibility.Port) bool { return p.Name == in.Name })
}

// Read reads the inputs of one proof, and notes which of them have elements outside the
// range that the integers cover. It never shows values.
func Read(a *app.App, s *Schema, refs []string) (zkml.Sample, error) {
	x, err := input.ReadInputs(refs, a.In, noting(a, s.Specs), s.Layout.Items())
	if err != nil {
		return nil, err
	}
	for k, in := range s.Layout.Inputs() {
		if out := zkml.Saturated(in, x[k]); len(out) > 0 {
			a.Note("%d of %s outside %s are limited to it; "+
				"check --image of compile, or calibrate with samples like this one", len(out), s.elements(in),
				zkml.InputRange(in, out[0]))
		}
	}
	return x, nil
}

// noting has a note say which columns of a CSV file, or members of JSON, no input reads.
func noting(a *app.App, specs []input.Spec) []input.Spec {
	specs = slices.Clone(specs)
	for i := range specs {
		specs[i].Surplus = func(names []string) {
			a.Note("no input has the name of these columns or members, which are not read: %s", printable.Names(names))
		}
	}
	return specs
}

// Samples reads a data set. It never shows values.
func Samples(a *app.App, specs []input.Spec, refs []string, limit int) ([]zkml.Sample, error) {
	set, err := input.ReadSamples(refs, a.In, noting(a, specs), limit)
	if err != nil {
		return nil, err
	}
	out := make([]zkml.Sample, len(set))
	for i, x := range set {
		out[i] = x
	}
	return out, nil
}

// Vouched reads inputs that are to be signed or committed to. With saturate, an element
// that the format cannot hold is clamped, and a note says which; without it, signing or
// committing fails later.
func Vouched(a *app.App, s *Schema, refs []string, saturate bool) (zkml.Sample, error) {
	x, err := input.ReadInputs(refs, a.In, noting(a, s.Specs), s.Layout.Items())
	if err != nil || !saturate {
		return x, err
	}
	for k, in := range s.Layout.Inputs() {
		if out := zkml.Saturated(in, x[k]); len(out) > 0 {
			a.Note("%s of %s outside %s are limited to it",
				zkml.Elements(s.Layout, in, out), s.elements(in), zkml.InputRange(in, out[0]))
			x[k] = zkml.Limited(in, x[k])
		}
	}
	return x, nil
}

// elements says how many elements an input has, and names it if it is one of several.
func (s *Schema) elements(in *visibility.Port) string {
	if len(s.Specs) == 1 {
		return fmt.Sprintf("the input's %d elements", in.Count())
	}
	return fmt.Sprintf("the %d elements of input %q", in.Count(), in.Name)
}

// CheckPrivate requires that proofs have a commitment to an input.
func (s *Schema) CheckPrivate() error {
	for _, p := range s.Layout.Commitments() {
		if p.Role == visibility.RoleInput {
			return nil
		}
	}
	return app.WithHint(fmt.Errorf("%s: its input is public, so its proofs have no commitment", s.Name),
		"compile with --private input")
}
