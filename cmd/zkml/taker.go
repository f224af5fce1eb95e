package main

import (
	"fmt"
	"os"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// taker is what takes an input: a bundle, or a verifying key alone, which is all
// that somebody needs who commits to an input or signs one.
type taker struct {
	name   string
	layout visibility.Layout
	spec   input.Spec
	// bundle is how a command after this one names the bundle: not at all, where
	// this one found the only one here.
	bundle []string
}

// openTaker opens the bundle or the verifying key that args name, or the only
// bundle of the working directory.
func (a *app) openTaker(args []string, resize bool) (*taker, error) {
	if len(args) > 0 {
		if info, err := os.Stat(args[0]); err == nil && !info.IsDir() {
			key, err := a.openKey(args)
			if err != nil {
				return nil, err
			}
			return takerOf(args[0], key, resize), nil
		}
	}
	b, err := openBundle(args)
	if err != nil {
		return nil, err
	}
	m, err := bundleTaker(b, resize)
	if err != nil {
		return nil, err
	}
	m.bundle = args
	return m, nil
}

// takerOf is a key's taker. The key does not say how a picture becomes an input.
func takerOf(name string, key *verifier.Key, resize bool) *taker {
	s := spec(key.Layout.Input.Name, key.Layout.Item().Input.Shape, input.Picture{}, resize)
	s.Unpictured = true
	return &taker{name, key.Layout, s, []string{"BUNDLE"}}
}

func bundleTaker(b *artifact.Bundle, resize bool) (*taker, error) {
	s, err := bundleSpec(b, resize)
	return &taker{b.Dir, b.Manifest.Layout, s, []string{b.Dir}}, err
}

// read reads one sample, and says where it leaves the range that the integers
// cover. Its values are shown to nobody.
func (a *app) read(m *taker, ref string) ([]float64, error) {
	t, err := input.Read(ref, a.in, m.spec)
	if err != nil {
		return nil, err
	}
	a.noteOutside(m, t.Data)
	return t.Data, nil
}

// noteOutside says that values leave the range that the integers cover.
func (a *app) noteOutside(m *taker, x []float64) {
	if outside(m.layout.Input, x) {
		a.note("the input has elements outside the range of its %d-bit format, which are limited to it; check --image of compile, or calibrate with samples like this one",
			m.layout.Input.Bits)
	}
}

// readAll reads what one proof is about: a sample, or the samples of a batch, one
// from each reference or all from the only one. They follow one another.
func (a *app) readAll(m *taker, refs []string) ([]float64, error) {
	n := m.layout.Items()
	if len(refs) == 1 && n > 1 {
		return a.readBatch(m, refs[0])
	}
	if len(refs) != n {
		return nil, withHint(fmt.Errorf("%d inputs; a proof of %s is about %d", len(refs), m.name, n),
			"give --input once for each input of a proof, or once with a file that holds all of a batch")
	}
	var all []float64
	for _, ref := range refs {
		x, err := a.read(m, ref)
		if err != nil {
			return nil, err
		}
		all = append(all, x...)
	}
	return all, nil
}

// readBatch reads all samples of a batch from one file.
func (a *app) readBatch(m *taker, ref string) ([]float64, error) {
	n := m.layout.Items()
	set, err := input.ReadSet(ref, a.in, m.spec, n+1)
	if err != nil {
		return nil, err
	}
	if len(set) != n {
		return nil, withHint(fmt.Errorf("%s holds %s, a proof of %s is about %d", ref, sampleCount(len(set), n), m.name, n),
			"give a file of %d samples, or --input once for each", n)
	}
	var all []float64
	for _, t := range set {
		all = append(all, t.Data...)
	}
	a.noteOutside(m, all)
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

// checkPrivate requires that proofs carry a commitment to the input.
func (m *taker) checkPrivate() error {
	if m.layout.Private.Input {
		return nil
	}
	return withHint(fmt.Errorf("%s: its input is public, and its proofs carry no commitment", m.name), "compile with --private input")
}
