// Package compile is the command `zkml compile`. Only cmd/zkml imports it.
package compile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/cmd/zkml/internal/modelflags"
)

// compileOptions are the flags of `zkml compile`.
type compileOptions struct{ modelflags.Options }

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &compileOptions{}
	c := &cobra.Command{
		Use:   "compile MODEL.onnx",
		Short: "Quantise a model, compile its circuit, derive its keys",
		Long: "Quantise an ONNX model, compile it to a PLONK circuit and derive its verifying key.\n" +
			"The result is one folder, MODEL.zkml, that the other commands take. Nothing is private\n" +
			"unless --private names it.",
		Example: "  zkml compile model.onnx\n" +
			"  zkml compile mnist.onnx --private input --reveal class --image x/255 \\\n" +
			"      --calibrate t10k-images-idx3-ubyte.gz --target top1=99.9%",
		Args: app.Exactly(1, "MODEL.onnx"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.Parse(c); err != nil {
				return err
			}
			if args[0] == "-" && o.Bundle == "" {
				return app.Usage(c, errors.New("a model from standard input has no name: name the bundle with -o"))
			}
			return o.run(c.Context(), a, args[0])
		},
	}
	o.Flags(c)
	return c
}

func (o *compileOptions) run(ctx context.Context, a *app.App, path string) error {
	begin := time.Now()
	dir := o.Bundle
	if dir == "" {
		dir = load.ModelName(path) + artifact.Suffix
	}
	if err := artifact.CheckTarget(dir); err != nil {
		return err
	}
	m, err := o.Read(ctx, a, path)
	if err != nil {
		return err
	}
	r, err := zkml.Compile(ctx, m, dir, o.Parsed)
	if err != nil {
		return o.Refused(ctx, m, path, o.Placed(a, m, err))
	}
	modelflags.NoteMadeUp(a, r.Agreement)
	if r.SRS.Unsafe {
		a.WarnUnsafe("this bundle was made")
	}
	r.Seconds = time.Since(begin).Seconds()
	return a.Emit(r, func(w io.Writer) { print(w, r) })
}

func print(w io.Writer, r *zkml.CompileResult) {
	l := r.Layout
	fmt.Fprintf(w, "bundle\t%s\n", r.Bundle)
	app.PrintPorts(w, l)
	fmt.Fprintf(w, "rows\t%d, padded to %d\n", r.Rows, r.PaddedRows)
	fmt.Fprintf(w, "public inputs\t%d\n", r.PublicInputs)
	modelflags.PrintAgreement(w, r.Agreement)
	fmt.Fprintf(w, "SRS\t%s\n", r.SRS.Source)
	fmt.Fprintf(w, "verifying key\t%s\n", r.VKSHA256)
	if r.ModelCommitment != nil {
		fmt.Fprintf(w, "model commitment\t%s\n", r.ModelCommitment)
	}
	fmt.Fprintf(w, "seconds\t%.1f\n", r.Seconds)
	fmt.Fprintf(w, "next\t%s\n", app.ProveLine(l, []string{r.Bundle}, app.InputFlags(l, nil, false)))
}
