// Package inspect is the command `zkml inspect`. Only cmd/zkml imports it.
package inspect

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/cmd/zkml/internal/modelflags"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/visibility"
)

// inspectOptions are the flags of `zkml inspect`.
type inspectOptions struct {
	stage, plot string
	file        modelflags.Options // of a model's file, the sizes and outputs
}

// stages lists what inspect can print, keyed by name.
var stages = map[string]func(*artifact.Bundle) (string, error){
	graphWord: graphStage, "quantised": quantisedStage, "circuit": circuitStage,
	"layout": layoutStage, formatsStage: formatsText,
	contentsStage: nil, nodesStage: nil, // have forms of their own
}

const (
	formatsStage  = "formats"
	contentsStage = "contents"
	nodesStage    = "nodes"
	graphWord     = "graph"
)

// StageNames returns the words that --stage takes.
func StageNames() []string { return slices.Sorted(maps.Keys(stages)) }

func stageNames() string { return strings.Join(StageNames(), ", ") }

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &inspectOptions{}
	c := &cobra.Command{
		Use:   "inspect [BUNDLE or MODEL.onnx]",
		Short: "Show what is inside a bundle or a model",
		Long: "Show a bundle's manifest, or one stage of its compilation as text. The stage formats is JSON\n" +
			"that compile reads with --formats; the stage contents is what a model of trees, weighted sums,\n" +
			"centroids or support vectors holds of each feature. Of a model's file, the stages are nodes (their\n" +
			"shapes, types and parameters, and all that compile would refuse), contents and graph; without\n" +
			"--stage, contents are shown where the model has some and is not refused, and else nodes.",
		Example: "  zkml inspect mnist.zkml\n  zkml inspect mnist.zkml --stage quantised\n" +
			"  zkml inspect mnist.zkml --plot graph.svg\n  zkml inspect forest.onnx --plot splits.svg\n" +
			"  zkml inspect network.onnx",
		Args: app.AtMost(1, "BUNDLE or MODEL.onnx"),
		RunE: func(c *cobra.Command, args []string) error {
			if _, ok := stages[o.stage]; !ok && o.stage != "" {
				return app.Usage(c, fmt.Errorf("--stage %q: allowed words are %s", o.stage, stageNames()))
			}
			if len(args) > 0 && isFile(args[0]) {
				if o.stage != "" && !slices.Contains(modelStages, o.stage) {
					return app.Usage(c, fmt.Errorf("--stage %s is one of a bundle: compile the model, or show its "+
						"%s", o.stage, strings.Join(modelStages, ", ")))
				}
				if err := o.file.ParseFile(); err != nil {
					return app.Usage(c, err)
				}
				return o.runModel(c.Context(), a, args[0])
			}
			return o.runBundle(c, a, args)
		},
	}
	c.Flags().StringVar(&o.stage, "stage", "", "what to show: "+stageNames())
	c.Flags().StringVar(&o.plot, "plot", "",
		"write an SVG picture to this file: the graph with rows per node, or the contents")
	o.file.FileFlags(c)
	return c
}

// modelStages are the words that --stage takes of a model's file.
var modelStages = []string{nodesStage, contentsStage, graphWord}

// runBundle refuses what is for models' files alone.
func (o *inspectOptions) runBundle(c *cobra.Command, a *app.App, args []string) error {
	if o.stage == nodesStage {
		return app.Usage(c, errors.New("--stage nodes is one of a model's file: name that, or show the stage graph"))
	}
	for _, name := range []string{"shape", "output"} {
		if c.Flags().Changed(name) {
			return app.Usage(c, fmt.Errorf("--%s is for a model's file: a bundle has its own", name))
		}
	}
	return o.run(a, args)
}

func (o *inspectOptions) run(a *app.App, args []string) error {
	b, err := load.Bundle(args)
	if err != nil {
		return err
	}
	if o.stage == contentsStage {
		held, err := zkml.BundleContents(b)
		if err != nil {
			return err
		}
		return o.emit(a, contents{b.Manifest.Name, held}, args...)
	}
	if o.plot != "" {
		if err := app.CheckFile(o.plot, "--plot", app.ADrawing); err != nil {
			return err
		}
		p, err := b.Program()
		if err != nil {
			return err
		}
		if err := app.WriteFile(o.plot, app.Drawing(picture(b.Manifest, p).Write)); err != nil {
			return err
		}
	}
	if o.stage == "" {
		return a.Emit(b.Manifest, func(w io.Writer) { printManifest(w, b.Manifest) })
	}
	text, err := stages[o.stage](b)
	if err != nil {
		return err
	}
	if o.stage == formatsStage {
		_, err = io.WriteString(a.Out, text)
		return err
	}
	return a.Emit(map[string]string{"stage": o.stage, "text": text}, func(io.Writer) {
		_, _ = io.WriteString(a.Out, text) // has its own layout
	})
}

// isFile tells a model from a bundle, which is a folder.
func isFile(arg string) bool {
	info, err := os.Stat(arg)
	return arg == "-" || err == nil && !info.IsDir()
}

// emit shows what a model holds. The picture never replaces what the command reads.
func (o *inspectOptions) emit(a *app.App, c contents, reads ...string) error {
	if o.plot != "" {
		if err := app.CheckFile(o.plot, "--plot", app.ADrawing, reads...); err != nil {
			return err
		}
		if err := app.WriteFile(o.plot, app.Drawing(c.bars().Write)); err != nil {
			return err
		}
	}
	return a.Emit(c, c.print)
}

func graphStage(b *artifact.Bundle) (string, error) {
	data, err := b.Model()
	if err != nil {
		return "", err
	}
	g, err := onnx.Decode(data)
	if err != nil {
		return "", fmt.Errorf("the bundle's %s: %w", artifact.ModelFile, err)
	}
	return g.Text(), nil
}

func quantisedStage(b *artifact.Bundle) (string, error) {
	p, err := b.Program()
	if err != nil {
		return "", err
	}
	return p.Text(), nil
}

// circuitStage lists the parts of the circuit with their gates.
func circuitStage(b *artifact.Bundle) (string, error) {
	cost := b.Manifest.Cost
	var t strings.Builder
	for _, p := range cost.Parts {
		fmt.Fprintf(&t, "%8d gates  %s\n", p.Gates, p.Name)
	}
	fmt.Fprintf(&t, "%8d gates in all\n", cost.Gates)
	fmt.Fprintf(&t, "%8d public inputs\n", cost.PublicInputs)
	fmt.Fprintf(&t, "%8d rows, padded to %d\n", cost.Rows, cost.PaddedRows)
	fmt.Fprintf(&t, "range-check digits of %d bits\n", b.Manifest.Digit)
	return t.String(), nil
}

// layoutStage lists the public inputs.
func layoutStage(b *artifact.Bundle) (string, error) {
	l := b.Manifest.Layout
	var t strings.Builder
	fmt.Fprintf(&t, "private: %s\nreveals: %s\n", app.PrivateText(l), printable.Name(l.Revealed()))
	for _, in := range l.Inputs() {
		if len(in.Elements) > 0 {
			fmt.Fprintf(&t, "input  %s %v: a format for each element%s\n", printable.Name(in.Name), in.Shape,
				app.Meaning(in))
			writeElements(&t, in)
			continue
		}
		fmt.Fprintf(&t, "input  %s %v: %d bits, zero %d, scale %g, %d elements a word%s\n",
			printable.Name(in.Name), in.Shape, in.Bits, in.Zero, in.Scale, in.PerWord(), app.Meaning(in))
	}
	for _, out := range l.Outputs() {
		fmt.Fprintf(&t, "output %s %v: %d bits, zero %d, scale %g, classes %t%s\n",
			printable.Name(out.Name), out.Shape, out.Bits, out.Zero, out.Scale, out.Classes, app.Meaning(out))
	}
	for _, f := range l.Fields() {
		fmt.Fprintf(&t, "public inputs %d..%d: %s\n", f.Start, f.Start+f.Count-1, f.Kind)
	}
	return t.String(), nil
}

// writeElements lists the formats of an input's elements, and the places of those of the
// first item of a batch.
func writeElements(t *strings.Builder, in *visibility.Port) {
	for i, at := range in.Places() {
		if i == len(in.Elements) {
			return
		}
		fmt.Fprintf(t, "  element %d: %d bits, zero %d, scale %g", i, at.Bits, at.Zero, at.Scale)
		switch {
		case at.Constant():
			fmt.Fprintf(t, ", always %g", at.Decode(at.Lowest()))
		case at.Missing != nil:
			fmt.Fprintf(t, ", missing %d", *at.Missing)
		}
		if !at.Constant() {
			fmt.Fprintf(t, ", word %d from bit %d on", at.Word, at.Bit)
		}
		fmt.Fprintln(t)
	}
}

func formatsText(b *artifact.Bundle) (string, error) {
	var formats any
	d := json.NewDecoder(strings.NewReader(b.Manifest.Formats))
	d.UseNumber() // keeps every digit of a scale
	if err := d.Decode(&formats); err != nil {
		return "", fmt.Errorf("bundle %s: its formats are unreadable (%w): compile the model again", b.Dir, err)
	}
	text, err := json.MarshalIndent(formats, "", "  ")
	return string(text) + "\n", err
}

func printManifest(w io.Writer, m *artifact.Manifest) {
	fmt.Fprintf(w, "model\t%s\n", m.Name)
	fmt.Fprintf(w, "made by\tzkml %s, gnark %s\n", m.Tool, m.Gnark)
	app.PrintPorts(w, m.Layout)
	var p input.Picture
	if json.Unmarshal(m.Picture, &p) == nil && p.Expr != "" {
		fmt.Fprintf(w, "pictures\t%s, inverted: %t\n", p.Expr, p.Invert)
	}
	fmt.Fprintf(w, "rows\t%d, padded to %d\n", m.Cost.Rows, m.Cost.PaddedRows)
	fmt.Fprintf(w, "public inputs\t%d\n", m.Cost.PublicInputs)
	var g zkml.Agreement
	if json.Unmarshal(m.Agreement, &g) == nil {
		modelflags.PrintAgreement(w, g)
	}
	fmt.Fprintf(w, "SRS\t%s, unsafe: %t\n", m.SRS.Source, m.SRS.Unsafe)
	fmt.Fprintf(w, "model sha256\t%s\n", m.ModelSHA256)
	fmt.Fprintf(w, "verifying key\t%s\n", m.VKSHA256)
	for _, f := range m.Files {
		fmt.Fprintf(w, "file\t%s, %d bytes\n", f.Name, f.Size)
	}
}
