package main

import (
	"fmt"
	"os"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/internal/input"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// taker is what takes an input: a bundle, or a verifying key alone, which is all
// that somebody needs who commits to an input or signs one.
type taker struct {
	name   string
	layout visibility.Layout
	spec   input.Spec
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
	return bundleTaker(b, resize)
}

// takerOf is a key's taker. The key does not say how a picture becomes an input.
func takerOf(name string, key *verifier.Key, resize bool) *taker {
	s := spec(key.Layout.Input.Name, key.Layout.Input.Shape, input.Picture{}, resize)
	s.Unpictured = true
	return &taker{name, key.Layout, s}
}

func bundleTaker(b *artifact.Bundle, resize bool) (*taker, error) {
	s, err := bundleSpec(b, resize)
	return &taker{b.Dir, b.Manifest.Layout, s}, err
}

// read reads one sample, and says where it leaves the range that the integers
// cover. Its values are shown to nobody.
func (a *app) read(m *taker, ref string) ([]float64, error) {
	t, err := input.Read(ref, a.in, m.spec)
	if err != nil {
		return nil, err
	}
	if outside(m.layout.Input, t.Data) {
		a.note("the input has elements outside the range of its %d-bit format, which are limited to it; check --image of compile, or calibrate with samples like this one",
			m.layout.Input.Bits)
	}
	return t.Data, nil
}

// checkPrivate requires that proofs carry a commitment to the input.
func (m *taker) checkPrivate() error {
	if m.layout.Private.Input {
		return nil
	}
	return withHint(fmt.Errorf("%s: its input is public, and its proofs carry no commitment", m.name), "compile with --private input")
}
