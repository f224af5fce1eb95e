package load

import (
	"fmt"
	"os"
	"slices"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// Taker is what takes inputs: a bundle, or a verifying key alone, which is all
// that somebody needs who commits to an input or signs one.
type Taker struct {
	Name   string
	Layout visibility.Layout
	// Specs are of the layout's inputs, in their order.
	Specs []input.Spec
	// Bundle is how a command after this one names the bundle: not at all, where
	// this one found the only one here.
	Bundle []string
}

// OpenTaker opens the bundle or the verifying key that args name, or the only
// bundle of the working directory.
func OpenTaker(a *app.App, args []string, resize bool) (*Taker, error) {
	if len(args) > 0 {
		if info, err := os.Stat(args[0]); err == nil && !info.IsDir() {
			key, err := Key(a, args)
			if err != nil {
				return nil, err
			}
			return TakerOf(args[0], key, resize), nil
		}
	}
	b, err := Bundle(args)
	if err != nil {
		return nil, err
	}
	m, err := BundleTaker(b, resize)
	if err != nil {
		return nil, err
	}
	m.Bundle = args
	return m, nil
}

// TakerOf is a key's taker. The key does not say how a picture becomes an input.
func TakerOf(name string, key *verifier.Key, resize bool) *Taker {
	m := &Taker{Name: name, Layout: key.Layout, Specs: zkml.KeyInputs(key), Bundle: []string{"BUNDLE"}}
	m.allow(resize)
	return m
}

// BundleTaker is a bundle's taker.
func BundleTaker(b *artifact.Bundle, resize bool) (*Taker, error) {
	specs, err := zkml.BundleInputs(b)
	if err != nil {
		return nil, err
	}
	m := &Taker{Name: b.Dir, Layout: b.Manifest.Layout, Specs: specs, Bundle: []string{b.Dir}}
	m.allow(resize)
	return m, nil
}

// allow lets pictures have other sizes.
func (m *Taker) allow(resize bool) {
	for i := range m.Specs {
		m.Specs[i].Resize = resize
	}
}

// Item is the taker of one sample of a batch.
func (m *Taker) Item() *Taker {
	one := *m
	one.Layout = m.Layout.Item()
	return &one
}

// Only is the taker of some inputs: the others need not be given, and are not read.
func (m *Taker) Only(asked func(*visibility.Port) bool) *Taker {
	some := *m
	some.Specs = append([]input.Spec{}, m.Specs...)
	for k, in := range m.Layout.Inputs() {
		some.Specs[k].Unread = !asked(in)
	}
	return &some
}

// Place is where an input of the taker's layout stands in a sample.
func (m *Taker) Place(in *visibility.Port) int {
	return slices.IndexFunc(m.Layout.Inputs(), func(p *visibility.Port) bool { return p.Name == in.Name })
}

// Read reads what one proof is about, and says where it leaves the range that the
// integers cover. Its values are shown to nobody.
func Read(a *app.App, m *Taker, refs []string) (zkml.Sample, error) {
	x, err := input.ReadInputs(refs, a.In, m.Specs, m.Layout.Items())
	if err != nil {
		return nil, err
	}
	for k, in := range m.Layout.Inputs() {
		if out := zkml.Saturated(in, x[k]); len(out) > 0 {
			a.Note("%d of %s outside %s are limited to it; "+
				"check --image of compile, or calibrate with samples like this one", len(out), m.elements(in),
				zkml.InputRange(in))
		}
	}
	return x, nil
}

// Samples reads a data set. Its values are shown to nobody.
func Samples(a *app.App, specs []input.Spec, refs []string, limit int) ([]zkml.Sample, error) {
	set, err := input.ReadSamples(refs, a.In, specs, limit)
	if err != nil {
		return nil, err
	}
	out := make([]zkml.Sample, len(set))
	for i, x := range set {
		out[i] = x
	}
	return out, nil
}

// Vouched reads what somebody vouches for, by a signature or a commitment. With
// saturate, an element that the format cannot hold becomes the nearest one, and a note
// says which; without it, whoever signs or commits is refused later.
func Vouched(a *app.App, m *Taker, refs []string, saturate bool) (zkml.Sample, error) {
	x, err := input.ReadInputs(refs, a.In, m.Specs, m.Layout.Items())
	if err != nil || !saturate {
		return x, err
	}
	for k, in := range m.Layout.Inputs() {
		if out := zkml.Saturated(in, x[k]); len(out) > 0 {
			a.Note("%s of %s outside %s are limited to it",
				zkml.Elements(m.Layout, in, out), m.elements(in), zkml.InputRange(in))
			x[k] = zkml.Limited(in, x[k])
		}
	}
	return x, nil
}

// elements counts an input's elements in words, and names it where it is one of several.
func (m *Taker) elements(in *visibility.Port) string {
	if len(m.Specs) == 1 {
		return fmt.Sprintf("the input's %d elements", in.Count())
	}
	return fmt.Sprintf("the %d elements of input %q", in.Count(), in.Name)
}

// CheckPrivate requires that proofs carry a commitment to an input.
func (m *Taker) CheckPrivate() error {
	for _, p := range m.Layout.Commitments() {
		if p.Role == visibility.RoleInput {
			return nil
		}
	}
	return app.WithHint(fmt.Errorf("%s: its input is public, and its proofs carry no commitment", m.Name),
		"compile with --private input")
}
