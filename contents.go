package zkml

import (
	"context"
	"fmt"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/internal/interrupt"
)

// Contents tells what a model of another kind than a network has learnt of each feature:
// coefficients, splits and thresholds of trees, centroids, support vectors.
func (m *Model) Contents() (*compiler.Contents, error) {
	c, err := compiler.ContentsOf(m.graph)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	return c, nil
}

// Text lists the nodes of the model's graph.
func (m *Model) Text() string { return m.graph.Text() }

// BundleContents are the contents of a bundle's model, which must be public.
func BundleContents(b *artifact.Bundle) (*compiler.Contents, error) {
	if b.Manifest.Layout.PrivateModel() {
		return nil, fmt.Errorf("bundle %s: its model is private, and so is what it has learnt; "+
			"who has the model's own file can inspect that", b.Dir)
	}
	file, err := b.Model()
	if err != nil {
		return nil, err
	}
	g, err := onnx.Decode(file)
	if err != nil {
		return nil, fmt.Errorf("the bundle's %s: %w", artifact.ModelFile, err)
	}
	c, err := compiler.ContentsOf(g)
	if err != nil {
		return nil, fmt.Errorf("the bundle's %s: %w", artifact.ModelFile, err)
	}
	return c, nil
}

// Survey lists the model's nodes and all that it would be refused for, before anything is
// compiled. Of the options it reads Shapes and Outputs; an error is one of these, or of ctx.
func (m *Model) Survey(ctx context.Context, o CompileOptions) (*compiler.Survey, error) {
	options := compiler.ModelOptions{Shapes: o.Shapes, Outputs: o.Outputs}
	s, err := interrupt.Await(ctx, func() (*compiler.Survey, error) { return compiler.SurveyOf(m.graph, options) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	return s, nil
}
