package zkml

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// BundleInput says what one input of a bundle looks like to the readers of package
// input.
func BundleInput(b *artifact.Bundle) (input.Spec, error) {
	var p input.Picture
	if raw := b.Manifest.Picture; len(raw) > 0 {
		if err := json.Unmarshal(raw, &p); err != nil {
			return input.Spec{}, fmt.Errorf("bundle %s: its picture preprocessing is unreadable (%w): compile the model again",
				b.Dir, err)
		}
	}
	in := b.Manifest.Layout.Item().Input
	return spec(in.Name, in.Shape, p), nil
}

// KeyInput says the same of a verifying key, which does not tell how a picture
// becomes an input: pictures are refused.
func KeyInput(k *verifier.Key) input.Spec {
	in := k.Layout.Item().Input
	s := spec(in.Name, in.Shape, input.Picture{})
	s.Unpictured = true
	return s
}

// Outside tells whether an element of an input is further from the range of its
// format than rounding explains.
func Outside(l visibility.Layout, x []float64) bool {
	t := l.Input
	lo := float64(-t.Zero) - 1
	hi := math.Ldexp(1, t.Bits) - float64(t.Zero)
	for _, v := range x {
		if v/t.Scale <= lo || v/t.Scale >= hi {
			return true
		}
	}
	return false
}

// formatOf is the format in which a layout takes its input.
func formatOf(l visibility.Layout) compiler.InputFormat {
	return compiler.InputFormat{Bits: l.Input.Bits, Zero: l.Input.Zero, Scale: l.Input.Scale}
}

// encode rounds a real input to a layout's integers.
func encode(l visibility.Layout, x []float64) []int64 { return formatOf(l).Encode(x) }
