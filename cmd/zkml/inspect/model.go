package inspect

import (
	"context"
	"errors"
	"io"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
)

// runModel shows a model's file.
func (o *inspectOptions) runModel(ctx context.Context, a *app.App, path string) error {
	m, err := load.Model(a, path)
	if err != nil {
		return err
	}
	switch {
	case o.stage == graphWord && o.plot != "":
		return app.WithHint(errors.New("a picture of a graph has the rows of its nodes, which only a bundle has"),
			"compile the model, or leave out --stage for a picture of its contents")
	case o.stage == nodesStage && o.plot != "":
		return app.WithHint(errors.New("the stage nodes has no picture"),
			"compile the model for a picture of its nodes with their rows")
	case o.stage == graphWord:
		return a.Emit(map[string]string{"stage": o.stage, "text": m.Text()}, func(io.Writer) {
			_, _ = io.WriteString(a.Out, m.Text())
		})
	case o.stage == "" && o.plot == "":
		return o.whatMatters(ctx, a, m, path)
	case o.stage == nodesStage:
		s, err := m.Survey(ctx, o.file.Parsed)
		if err != nil {
			return err
		}
		return survey{path, s}.emit(a)
	}
	held, err := m.Contents()
	if err != nil {
		return err
	}
	return o.emit(a, contents{path, held}, path)
}

// whatMatters shows what a classical model holds; of one that would be refused, and of a network,
// the nodes.
func (o *inspectOptions) whatMatters(ctx context.Context, a *app.App, m *zkml.Model, path string) error {
	s, err := m.Survey(ctx, o.file.Parsed)
	if err != nil {
		return err
	}
	if held, err := m.Contents(); len(s.Refusals) == 0 && err == nil && len(held.Parts) > 0 {
		return o.emit(a, contents{path, held}, path)
	}
	return survey{path, s}.emit(a)
}
