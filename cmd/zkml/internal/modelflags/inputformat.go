package modelflags

import (
	"fmt"

	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/visibility"
)

// readInputFormats takes formats of inputs from other models.
func (o *Options) readInputFormats(a *app.App, specs []input.Spec) error {
	for _, ref := range o.inputFormats {
		if err := o.readInputFormat(a, ref, specs); err != nil {
			return fmt.Errorf("--input-format: %w", err)
		}
	}
	return nil
}

// readInputFormat takes the format of the input that stands before the other model's
// name, or of each that the other has too.
func (o *Options) readInputFormat(a *app.App, ref string, specs []input.Spec) error {
	name := input.NameOf(ref, specs)
	path := ref
	if name != "" {
		path = ref[len(name)+len("="):]
	}
	key, err := load.Key(a, []string{path})
	if err != nil {
		return err
	}
	other, taken := key.Layout.Item(), 0
	for _, spec := range specs {
		if name != "" && spec.Name != name {
			continue
		}
		from := sameInput(other, spec.Name, name != "" || len(specs) == 1)
		if from == nil {
			continue
		}
		taken++
		if err := o.take(spec, from); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	if taken == 0 {
		return fmt.Errorf("%s: its inputs are %q; give NAME=%s for an input that it has too",
			path, inputNames(other), path)
	}
	return nil
}

// sameInput is the other model's input of a name, or its only one whatever it is called.
func sameInput(other visibility.Layout, name string, only bool) *visibility.Port {
	if in := other.Input(name); in != nil {
		return in
	}
	if inputs := other.Inputs(); only && len(inputs) == 1 {
		return inputs[0]
	}
	return nil
}

// take gives an input the format of another model's.
func (o *Options) take(spec input.Spec, from *visibility.Port) error {
	if n := tensor.Size(spec.Shape); from.Count() != n {
		return fmt.Errorf("its input has %d elements, this model's %d: they cannot take one input", from.Count(), n)
	}
	if o.Parsed.InputFormats == nil {
		o.Parsed.InputFormats = map[string]compiler.InputFormat{}
	}
	o.Parsed.InputFormats[spec.Name] = compiler.InputFormat{Bits: from.Bits, Zero: from.Zero, Scale: from.Scale}
	return nil
}

func inputNames(l visibility.Layout) []string {
	var names []string
	for _, in := range l.Inputs() {
		names = append(names, in.Name)
	}
	return names
}
