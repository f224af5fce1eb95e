package zkml

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/internal/interrupt"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/visibility"
)

// Model is an ONNX model.
type Model struct {
	name  string // for errors
	file  []byte
	graph *graph.Graph
}

// OpenModel reads a model from its file and from the external data files beside it.
// Errors name the file.
func OpenModel(path string) (*Model, error) {
	g, file, err := onnx.Load(path)
	if err != nil {
		return nil, err
	}
	return &Model{path, file, g}, nil
}

// DecodeModel reads a model from the bytes of its file, which must not refer to external
// data. Errors begin with name, such as "standard input".
func DecodeModel(name string, file []byte) (*Model, error) {
	g, err := onnx.Decode(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Model{name, file, g}, nil
}

// SHA256 is the digest of the model's file, in hexadecimal.
func (m *Model) SHA256() string { return fmt.Sprintf("%x", sha256.Sum256(m.file)) }

// InputSpecs describes the inputs of the model, compiled with the given options, for
// package input, in the order of samples.
func (m *Model) InputSpecs(o CompileOptions) ([]input.Spec, error) {
	options := o.compiler(context.Background())
	proved, err := options.Proved(m.graph)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	float, err := compiler.NewModel(m.graph, proved)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	var out []input.Spec
	for _, in := range float.Inputs {
		t := visibility.Tensor{Name: in.Name, Shape: in.Shape, Type: in.Type()}
		t.Texts, t.Others = in.InputTexts()
		s := spec(t, o.Picture)
		if t.Type == visibility.Real {
			s.Missing = func(int) bool { return true } // compiling finds which elements may be
		}
		s.Keys = in.Keys
		out = append(out, s)
	}
	return out, nil
}

// SampleShapes are the shapes that files of samples show of the inputs of which the model leaves a
// size open that o.Shapes do not decide. References are as for input.ReadSamples.
func (m *Model) SampleShapes(o CompileOptions, refs []string, limit int) (map[string][]int, error) {
	options := o.compiler(context.Background())
	proved, err := options.Proved(m.graph)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	open, err := compiler.OpenSizes(m.graph, proved)
	if err != nil || open == nil {
		return nil, err
	}
	var specs []input.Spec
	for _, v := range open {
		s := spec(visibility.Tensor{Name: v.Name, Shape: []int{1}}, o.Picture)
		s.Missing, s.Sizes = func(int) bool { return true }, openSizes(v)
		specs = append(specs, s)
	}
	return input.Shapes(refs, specs, limit)
}

// openSizes are the sizes of an input of numbers of which some are open; nil where none is, or not
// even their number is known.
func openSizes(v graph.Value) []input.Size {
	var out []input.Size
	open := false
	for _, d := range v.Dims {
		open = open || d.Name != ""
		if d.Name == graph.OpenSize {
			d.Name = ""
		}
		out = append(out, input.Size{N: d.Size, Name: d.Name})
	}
	if !open || v.DType == graph.Text || v.Key != "" || v.Dims[0].Name == graph.OpenRank {
		return nil
	}
	return out
}

// compiled is a quantised model and the statement to prove about it: everything before
// keys.
type compiled struct {
	*compiler.Result
	model *Model
}

// compile quantises a model and makes its statement.
func (m *Model) compile(ctx context.Context, o compiler.Options) (*compiled, error) {
	r, err := interrupt.Await(ctx, func() (*compiler.Result, error) { return compiler.Compile(m.graph, o) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	return &compiled{r, m}, nil
}

// floatModel returns the float model of a bundle.
func floatModel(b *artifact.Bundle) (*compiler.Model, error) {
	file, err := b.Model()
	if err != nil {
		return nil, err
	}
	g, err := onnx.Decode(file)
	if err != nil {
		return nil, fmt.Errorf("the bundle's %s: %w", artifact.ModelFile, err)
	}
	return compiler.NewModel(g, compiler.OptionsOf(b.Manifest.Layout))
}

// spec describes a tensor, and how a picture becomes one, for package input.
func spec(t visibility.Tensor, p input.Picture) input.Spec {
	s := input.Spec{
		Name: t.Name, Shape: t.Shape, Integers: t.Type == visibility.Integer, Picture: p, TensorName: onnx.TensorName,
	}
	if len(t.Texts) > 0 {
		s.Texts = input.NewTexts(t.Labels(), t.Others)
	}
	s.TensorProto = func(data []byte) (*tensor.Float, error) {
		c, err := onnx.ReadTensor(data)
		if err != nil {
			return nil, err
		}
		if c.DType != graph.Text {
			return c.Float, nil
		}
		return numbered(c, s.Texts)
	}
	return s
}

// numbered gives the texts of a tensor their numbers.
func numbered(c *graph.Const, texts *input.Texts) (*tensor.Float, error) {
	if texts == nil {
		return nil, errTexts
	}
	number := make([]float64, len(c.Texts))
	for k, text := range c.Texts {
		var err error
		if number[k], err = texts.Number(text); err != nil {
			return nil, err
		}
	}
	return tensor.Map(c.Float, func(k float64) float64 { return number[int(k)] }), nil
}
