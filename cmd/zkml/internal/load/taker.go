package load

import (
	"fmt"
	"os"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// Taker is what takes an input: a bundle, or a verifying key alone, which is all
// that somebody needs who commits to an input or signs one.
type Taker struct {
	Name   string
	Layout visibility.Layout
	Spec   input.Spec
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
	s := zkml.KeyInputs(key)[0]
	s.Resize = resize
	return &Taker{name, key.Layout, s, []string{"BUNDLE"}}
}

// BundleTaker is a bundle's taker.
func BundleTaker(b *artifact.Bundle, resize bool) (*Taker, error) {
	specs, err := zkml.BundleInputs(b)
	if err != nil {
		return nil, err
	}
	s := specs[0]
	s.Resize = resize
	return &Taker{b.Dir, b.Manifest.Layout, s, []string{b.Dir}}, nil
}

// Sample reads one sample, and says where it leaves the range that the integers
// cover. Its values are shown to nobody.
func Sample(a *app.App, m *Taker, ref string) ([]float64, error) {
	t, err := input.Read(ref, a.In, m.Spec)
	if err != nil {
		return nil, err
	}
	NoteSaturated(a, m, t.Data)
	return t.Data, nil
}

// NoteSaturated says that values leave the range that the integers cover.
func NoteSaturated(a *app.App, m *Taker, x []float64) {
	in := m.Layout.Inputs()[0]
	if out := zkml.Saturated(in, x); len(out) > 0 {
		a.Note("%d of the input's %d elements outside %s are limited to it; check --image of compile, or calibrate with samples like this one",
			len(out), len(x), zkml.InputRange(in))
	}
}

// Vouched reads what somebody vouches for, by a signature or a commitment. With
// saturate, an element that the format cannot hold becomes the nearest one, and a note
// says which; without it, whoever signs or commits is refused later.
func Vouched(a *app.App, m *Taker, refs []string, saturate bool) ([]float64, error) {
	x, err := read(a, m, refs)
	if err != nil || !saturate {
		return x, err
	}
	in := m.Layout.Inputs()[0]
	if out := zkml.Saturated(in, x); len(out) > 0 {
		a.Note("%s of %d outside %s are limited to it", zkml.Elements(m.Layout, in, out), len(x), zkml.InputRange(in))
	}
	return zkml.Limited(in, x), nil
}

// Inputs reads what one proof is about, and says where it leaves the range that the
// integers cover.
func Inputs(a *app.App, m *Taker, refs []string) ([]float64, error) {
	x, err := read(a, m, refs)
	if err == nil {
		NoteSaturated(a, m, x)
	}
	return x, err
}

// read reads a sample, or the samples of a batch, one from each reference or all
// from the only one. They follow one another.
func read(a *app.App, m *Taker, refs []string) ([]float64, error) {
	n := m.Layout.Items()
	if len(refs) == 1 && n > 1 {
		return batch(a, m, refs[0])
	}
	if len(refs) != n {
		return nil, app.WithHint(fmt.Errorf("%d inputs; a proof of %s is about %d", len(refs), m.Name, n),
			"give --input once for each input of a proof, or once with a file that holds all of a batch")
	}
	var all []float64
	for _, ref := range refs {
		t, err := input.Read(ref, a.In, m.Spec)
		if err != nil {
			return nil, err
		}
		all = append(all, t.Data...)
	}
	return all, nil
}

// batch reads all samples of a batch from one file.
func batch(a *app.App, m *Taker, ref string) ([]float64, error) {
	n := m.Layout.Items()
	set, err := input.ReadSet(ref, a.In, m.Spec, n+1)
	if err != nil {
		return nil, err
	}
	if len(set) != n {
		return nil, app.WithHint(fmt.Errorf("%s holds %s, a proof of %s is about %d", ref, sampleCount(len(set), n), m.Name, n),
			"give a file of %d samples, or --input once for each", n)
	}
	var all []float64
	for _, t := range set {
		all = append(all, t.Data...)
	}
	return all, nil
}

// sampleCount says how many were read of a set that is cut after one too many.
func sampleCount(read, wanted int) string {
	switch {
	case read > wanted:
		return fmt.Sprintf("more than %d samples", wanted)
	case read == 1:
		return "1 sample"
	}
	return fmt.Sprintf("%d samples", read)
}

// CheckPrivate requires that proofs carry a commitment to the input.
func (m *Taker) CheckPrivate() error {
	for _, p := range m.Layout.Commitments() {
		if p.Role == visibility.RoleInput {
			return nil
		}
	}
	return app.WithHint(fmt.Errorf("%s: its input is public, and its proofs carry no commitment", m.Name), "compile with --private input")
}
