// Package load reads what arguments and flags name: bundles, keys, models, inputs,
// proofs. It must not know what a command does with them. The commands import it.
package load

import (
	"encoding/json"
	"fmt"
	"math"
	"os"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// Bundle opens the bundle that args name, or the only one of the working
// directory.
func Bundle(args []string) (*artifact.Bundle, error) {
	if len(args) > 0 {
		return artifact.Open(args[0])
	}
	dir, err := artifact.Find(".")
	if err != nil {
		return nil, err
	}
	return artifact.Open(dir)
}

// Key reads the verifying key that args name: its own file, or that of a
// bundle.
func Key(a *app.App, args []string) (*verifier.Key, error) {
	if len(args) == 0 {
		b, err := Bundle(nil)
		if err != nil {
			return nil, app.WithHint(err, "a verifying key alone is enough: zkml verify verifying-key.json")
		}
		return b.Key()
	}
	if args[0] == "-" {
		return verifier.ReadKey(a.In)
	}
	info, err := os.Stat(args[0])
	if err == nil && info.IsDir() {
		b, err := artifact.Open(args[0])
		if err != nil {
			return nil, err
		}
		return b.Key()
	}
	f, err := os.Open(args[0])
	if err != nil {
		return nil, err
	}
	defer f.Close()
	k, err := verifier.ReadKey(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", args[0], err)
	}
	return k, nil
}

// Spec tells the readers of inputs what a tensor looks like, and how a picture
// becomes one.
func Spec(name string, shape []int, p input.Picture, resize bool) input.Spec {
	return input.Spec{
		Name: name, Shape: shape, Picture: p, Resize: resize,
		TensorProto: func(data []byte) (*tensor.Float, error) {
			c, err := onnx.ReadTensor(data)
			if err != nil {
				return nil, err
			}
			return c.Float, nil
		},
	}
}

// BundleSpec is the spec of a bundle's input.
func BundleSpec(b *artifact.Bundle, resize bool) (input.Spec, error) {
	var p input.Picture
	if raw := b.Manifest.Picture; len(raw) > 0 {
		if err := json.Unmarshal(raw, &p); err != nil {
			return input.Spec{}, fmt.Errorf("bundle %s: its picture preprocessing is unreadable (%w): compile the model again", b.Dir, err)
		}
	}
	in := b.Manifest.Layout.Item().Input
	return Spec(in.Name, in.Shape, p, resize), nil
}

// Input reads one sample for a bundle.
func Input(a *app.App, b *artifact.Bundle, ref string, resize bool) ([]float64, error) {
	m, err := BundleTaker(b, resize)
	if err != nil {
		return nil, err
	}
	return Sample(a, m, ref)
}

// Outside tells whether an element is further from a format's range than
// rounding explains.
func Outside(t visibility.Tensor, x []float64) bool {
	lo := float64(-t.Zero) - 1
	hi := math.Ldexp(1, t.Bits) - float64(t.Zero)
	for _, v := range x {
		if v/t.Scale <= lo || v/t.Scale >= hi {
			return true
		}
	}
	return false
}

// Encode rounds a real input to a layout's integers.
func Encode(l visibility.Layout, x []float64) []int64 {
	return compiler.InputFormat{Bits: l.Input.Bits, Zero: l.Input.Zero, Scale: l.Input.Scale}.Encode(x)
}

// FloatModel makes the float model of a bundle.
func FloatModel(b *artifact.Bundle) (*compiler.Model, error) {
	data, err := b.Model()
	if err != nil {
		return nil, err
	}
	g, err := onnx.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("the bundle's %s: %w", artifact.ModelFile, err)
	}
	l := b.Manifest.Layout.Item()
	return compiler.NewModel(g, compiler.ModelOptions{Shapes: map[string][]int{l.Input.Name: l.Input.Shape}, Output: l.Output.Name})
}
