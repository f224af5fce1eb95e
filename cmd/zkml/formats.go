package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
)

// Limits of formats that a user writes: no number of the integer model is
// wider.
const (
	maxInputBits  = 32
	maxFormatBits = 52
)

// readFormats reads the value of --formats and checks every number in it.
func (a *app) readFormats(path string) (*compiler.Formats, error) {
	data, err := a.readFile(path)
	if err != nil {
		return nil, err
	}
	f := new(compiler.Formats)
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err = d.Decode(f); err == nil {
		err = checkFormats(f)
	}
	if err != nil {
		return nil, fmt.Errorf("--formats %s: %w; write what `zkml inspect --stage formats` prints", path, err)
	}
	return f, nil
}

func checkFormats(f *compiler.Formats) error {
	if f.Input.Bits > maxInputBits {
		return fmt.Errorf("input: %d bits; 1 to %d are supported", f.Input.Bits, maxInputBits)
	}
	if err := checkFormat(f.Input.Bits, f.Input.Zero, f.Input.Scale); err != nil {
		return fmt.Errorf("input: %w", err)
	}
	for i := range f.Steps {
		if err := checkStep(&f.Steps[i]); err != nil {
			return fmt.Errorf("step %d, %s: %w", i, f.Steps[i].Node, err)
		}
	}
	return nil
}

func checkStep(s *compiler.StepFormat) error {
	for _, scale := range s.Sum {
		if err := checkScale(scale); err != nil {
			return err
		}
	}
	if s.Limit < 0 {
		return fmt.Errorf("limit %d is negative", s.Limit)
	}
	if s.Out != 0 {
		if err := checkScale(s.Out); err != nil {
			return err
		}
	}
	for _, n := range []*compiler.NarrowFormat{s.Limits, s.Rescale} {
		if n == nil {
			continue
		}
		if err := checkFormat(n.Bits, n.Base, n.Scale); err != nil {
			return err
		}
	}
	return nil
}

// checkFormat checks an integer format; offset is its zero or its base.
func checkFormat(bits int, offset int64, scale float64) error {
	if bits < 1 || bits > maxFormatBits {
		return fmt.Errorf("%d bits; 1 to %d are supported", bits, maxFormatBits)
	}
	if offset < -1<<maxFormatBits || offset > 1<<maxFormatBits {
		return fmt.Errorf("zero or base %d is beyond %d bits", offset, maxFormatBits)
	}
	return checkScale(scale)
}

func checkScale(scale float64) error {
	if !(scale > 0) || math.IsInf(scale, 0) {
		return fmt.Errorf("scale %g is not a positive number", scale)
	}
	return nil
}

// compileModel compiles. Formats that were given are trusted by the compiler to
// have what each step of the model needs; where they do not, it is an error
// here.
func compileModel(g *graph.Graph, o compiler.Options) (r *compiler.Result, err error) {
	if o.Formats != nil {
		defer func() {
			if recover() != nil {
				r, err = nil, errors.New("the formats lack what a step of this model needs: they belong to another model, or to other settings; write what `zkml inspect --stage formats` prints for this one")
			}
		}()
	}
	return compiler.Compile(g, o)
}
