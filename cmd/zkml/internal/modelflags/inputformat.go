package modelflags

import (
	"fmt"
	"os"
	"strings"

	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/visibility"
)

// readInputFormats reads formats of inputs from other models.
func (o *Options) readInputFormats(a *app.App, specs []input.Spec) error {
	for _, ref := range o.inputFormats {
		if err := o.readInputFormat(a, ref, specs); err != nil {
			return fmt.Errorf("--input-format: %w", err)
		}
	}
	return nil
}

// readInputFormat takes the format of the input that is named before the other model, or
// of each input that the other model has too.
func (o *Options) readInputFormat(a *app.App, ref string, specs []input.Spec) error {
	name := input.NameOf(ref, specs)
	path := ref
	if name != "" {
		path = ref[len(name)+len("="):]
	}
	path, theirs := splitInput(path)
	key, err := load.Key(a, []string{path})
	if err != nil {
		return err
	}
	other, taken := key.Layout.Item(), 0
	if theirs != "" && other.Input(theirs) == nil {
		return fmt.Errorf("%s: it has no input %q; its inputs are %s", path, theirs, inputNames(other))
	}
	for _, spec := range specs {
		if name != "" && spec.Name != name {
			continue
		}
		from := sameInput(other, spec.Name, theirs, name != "" || len(specs) == 1)
		if from == nil {
			continue
		}
		taken++
		if err := o.take(spec, from); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	if taken == 0 {
		return errNoSameInput(path, name, other, specs)
	}
	return nil
}

// splitInput splits a path#NAME into the path of another model and the name of its input.
func splitInput(ref string) (path, name string) {
	if _, err := os.Stat(ref); err == nil {
		return ref, ""
	}
	if i := strings.IndexByte(ref, '#'); i > 0 {
		return ref[:i], ref[i+1:]
	}
	return ref, ""
}

// sameInput returns the other model's input that theirs names, or the one called name, or
// its only input, whatever it is called. only says that the format can be for no other
// input.
func sameInput(other visibility.Layout, name, theirs string, only bool) *visibility.Port {
	switch inputs := other.Inputs(); {
	case theirs != "" && only:
		return other.Input(theirs)
	case theirs != "":
		return nil
	case other.Input(name) != nil:
		return other.Input(name)
	case only && len(inputs) == 1:
		return inputs[0]
	}
	return nil
}

// errNoSameInput says how to name two inputs that are called differently.
func errNoSameInput(path, name string, other visibility.Layout, specs []input.Spec) error {
	names := make([]string, len(specs))
	for k, spec := range specs {
		names[k] = spec.Name
	}
	if name == "" {
		name = "NAME"
	}
	return fmt.Errorf("%s: its inputs are %s, and this model's %s; give %s=%s#OTHER, where OTHER is its input whose "+
		"format to take", path, inputNames(other), printable.Names(names), name, path)
}

// take gives an input the format of another model's.
func (o *Options) take(spec input.Spec, from *visibility.Port) error {
	if n := tensor.Size(spec.Shape); from.Count() != n {
		return fmt.Errorf("its input has %d elements, but this model's has %d: they cannot take the same input",
			from.Count(), n)
	}
	if _, twice := o.Parsed.InputFormats[spec.Name]; twice {
		return fmt.Errorf("the format of %q is given twice", spec.Name)
	}
	if o.Parsed.InputFormats == nil {
		o.Parsed.InputFormats = map[string]compiler.InputFormat{}
	}
	o.Parsed.InputFormats[spec.Name] = compiler.InputFormat{Bits: from.Bits, Zero: from.Zero, Scale: from.Scale,
		Elements: from.Elements}
	return nil
}

func inputNames(l visibility.Layout) string { return printable.Names(visibility.Names(l.Inputs())) }
