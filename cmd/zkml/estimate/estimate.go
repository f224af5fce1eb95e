// Package estimate is the command `zkml estimate`. Only cmd/zkml imports it.
package estimate

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/cmd/zkml/internal/modelflags"
)

// estimateOptions are the flags of `zkml estimate`.
type estimateOptions struct {
	modelflags.Options
	explain bool
	plot    string
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &estimateOptions{}
	c := &cobra.Command{
		Use:   "estimate MODEL.onnx",
		Short: "Say what a model will cost, before any key is made",
		Long: "Quantise a model and count its circuit: rows, proving time, memory, sizes and gas, before\n" +
			"any key is made. It takes the flags of compile; -o has no effect.\n" +
			"Times and memory are estimates for two cores at 2.5 GHz.",
		Example: "  zkml estimate model.onnx --explain\n  zkml estimate model.onnx --private input --reveal class",
		Args:    app.Exactly(1, "MODEL.onnx"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.Parse(c); err != nil {
				return err
			}
			return o.run(c.Context(), a, args[0])
		},
	}
	o.Flags(c)
	c.Flags().BoolVar(&o.explain, "explain", false,
		"show of each node its technique, its rows, and the error that it adds on the samples")
	c.Flags().StringVar(&o.plot, "plot", "", "write an SVG picture of the rows and the errors by node to this file")
	return c
}

func (o *estimateOptions) run(ctx context.Context, a *app.App, path string) error {
	if o.plot != "" {
		reads := slices.Concat([]string{path}, o.Calibrate)
		if err := app.CheckFile(o.plot, "--plot", app.ADrawing, reads...); err != nil {
			return err
		}
	}
	m, err := o.Read(ctx, a, path)
	if err != nil {
		return err
	}
	r, err := zkml.Estimate(ctx, m, zkml.EstimateOptions{Compile: o.Parsed, Explain: o.explain || o.plot != ""})
	if err != nil {
		return o.Refused(ctx, m, path, o.Placed(a, m, err))
	}
	modelflags.NoteMadeUp(a, r.Agreement)
	if r.SRSProblem != nil {
		a.Note("compile needs a larger SRS than you have: %v", r.SRSProblem)
	}
	a.NoteGas(r.Layout)
	if o.plot != "" {
		if err := app.WriteFile(o.plot, app.Drawing(picture(load.ModelName(path), r).Write)); err != nil {
			return err
		}
	}
	if !o.explain {
		r.Nodes = nil
	}
	return a.Emit(r, func(w io.Writer) { print(w, r) })
}

func print(w io.Writer, r *zkml.EstimateResult) {
	app.PrintPorts(w, r.Layout)
	fmt.Fprintf(w, "rows\t%d, padded to %d\n", r.Rows, r.PaddedRows)
	if r.SignatureRows > 0 {
		fmt.Fprintf(w, "signature\t%d of the rows\n", r.SignatureRows)
	}
	fmt.Fprintf(w, "public inputs\t%d\n", r.PublicInputs)
	fmt.Fprintf(w, "tables\t%d\n", r.Tables)
	fmt.Fprintf(w, "prove\tabout %.1f s\n", r.ProveSeconds)
	fmt.Fprintf(w, "memory\tabout %s\n", app.Megabytes(r.MemoryBytes))
	fmt.Fprintf(w, "proving key\t%s of SRS, shared by all models of this size\n", app.Megabytes(r.ProvingKeyBytes))
	fmt.Fprintf(w, "verify\tabout %d gas\n", r.VerifyGas)
	for _, b := range r.Bindings {
		fmt.Fprintf(w, "bound by %s\t%d rows, padded to %d, about %.1f s\n", b.BindModel, b.Rows, b.PaddedRows,
			b.ProveSeconds)
	}
	modelflags.PrintAgreement(w, r.Agreement)
	printNodes(w, r)
}
