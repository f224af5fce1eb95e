package zkml

import (
	"encoding/json"
	"fmt"

	"github.com/zkml-go/zkml/artifact"
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
	in := b.Manifest.Layout.Item().Inputs()[0]
	return spec(in.Name, in.Shape, p), nil
}

// KeyInput says the same of a verifying key, which does not tell how a picture
// becomes an input: pictures are refused.
func KeyInput(k *verifier.Key) input.Spec {
	in := k.Layout.Item().Inputs()[0]
	s := spec(in.Name, in.Shape, input.Picture{})
	s.Unpictured = true
	return s
}

// encode turns an input into a layout's integers.
func encode(l visibility.Layout, x []float64) ([]int64, error) { return l.Inputs()[0].Encode(x) }
