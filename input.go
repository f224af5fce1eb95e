package zkml

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// BundleInputs describes the inputs of a bundle for package input, in the layout's order.
func BundleInputs(b *artifact.Bundle) ([]input.Spec, error) {
	var p input.Picture
	if raw := b.Manifest.Picture; len(raw) > 0 {
		if err := json.Unmarshal(raw, &p); err != nil {
			return nil, fmt.Errorf("bundle %s: its picture preprocessing is unreadable (%w): compile the model again",
				b.Dir, err)
		}
	}
	out := specs(b.Manifest.Layout, p)
	for i := range out {
		keys := b.Manifest.Keys[out[i].Name]
		if len(keys) > 0 && len(keys) != tensor.Size(out[i].Shape) {
			return nil, fmt.Errorf("bundle %s: its input %s has %d keys and another number of elements: compile the "+
				"model again", b.Dir, printable.Name(out[i].Name), len(keys))
		}
		out[i].Keys = keys
	}
	return out, nil
}

// KeyInputs does the same for a verifying key, which does not say how a picture becomes
// an input: pictures are refused.
func KeyInputs(k *verifier.Key) []input.Spec {
	out := specs(k.Layout, input.Picture{})
	for i := range out {
		out[i].Unpictured = true
	}
	return out
}

func specs(l visibility.Layout, p input.Picture) []input.Spec {
	var out []input.Spec
	for _, in := range l.Item().Inputs() {
		s := spec(in.Tensor, p)
		if slices.ContainsFunc(in.Elements, func(e visibility.Element) bool { return e.Missing != nil }) {
			s.Missing = func(element int) bool { return in.Element(element).Missing != nil }
		}
		out = append(out, s)
	}
	return out
}

// encode turns a sample into the integers of a layout's inputs.
func encode(l visibility.Layout, x Sample) ([][]int64, error) {
	ports := l.Inputs()
	if len(x) != len(ports) {
		return nil, errInputCount(len(x), l)
	}
	out := make([][]int64, len(ports))
	for k, in := range ports {
		var err error
		if out[k], err = encodeInput(in, x[k]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func encodeInput(in *visibility.Port, x []float64) ([]int64, error) {
	if len(x) != in.Count() {
		return nil, errElementCount(in, len(x))
	}
	return in.Encode(x)
}

// findInput returns the input with a name, or the only input if the name is empty.
func findInput(l visibility.Layout, name string) (*visibility.Port, error) {
	inputs := l.Inputs()
	if name == "" && len(inputs) == 1 {
		return inputs[0], nil
	}
	if in := l.Input(name); in != nil {
		return in, nil
	}
	return nil, errNoInput(l, name)
}
