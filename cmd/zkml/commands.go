package main

import (
	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/cmd/zkml/audit"
	"github.com/zkml-go/zkml/cmd/zkml/call"
	"github.com/zkml-go/zkml/cmd/zkml/calldata"
	"github.com/zkml-go/zkml/cmd/zkml/commit"
	"github.com/zkml-go/zkml/cmd/zkml/compile"
	"github.com/zkml-go/zkml/cmd/zkml/completion"
	"github.com/zkml-go/zkml/cmd/zkml/deploy"
	"github.com/zkml-go/zkml/cmd/zkml/estimate"
	"github.com/zkml-go/zkml/cmd/zkml/eval"
	"github.com/zkml-go/zkml/cmd/zkml/exportverifier"
	"github.com/zkml-go/zkml/cmd/zkml/inspect"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/ops"
	"github.com/zkml-go/zkml/cmd/zkml/prove"
	"github.com/zkml-go/zkml/cmd/zkml/run"
	"github.com/zkml-go/zkml/cmd/zkml/sign"
	"github.com/zkml-go/zkml/cmd/zkml/srs"
	"github.com/zkml-go/zkml/cmd/zkml/verify"
	"github.com/zkml-go/zkml/cmd/zkml/verifysource"
	"github.com/zkml-go/zkml/cmd/zkml/version"
)

// commands lists the commands, in the order in which a newcomer needs them.
var commands = []func(*app.App) *cobra.Command{
	compile.New, prove.New, verify.New, exportverifier.New,
	run.New, eval.New, estimate.New, inspect.New,
	commit.New, sign.New, audit.New, deploy.New, verifysource.New, call.New, calldata.New,
	ops.New, srs.New, completion.New, version.New,
}

// rootCommand makes the command that holds all others.
func rootCommand(a *app.App) *cobra.Command {
	root := &cobra.Command{
		Use:   "zkml",
		Short: "Prove the predictions of ONNX models, on chain and off",
		Long: "zkml turns a trained model into a proof system for its predictions:\n" +
			"compile the model once, prove a prediction, verify it anywhere.",
		Example: "  zkml compile model.onnx\n  zkml prove --input digit.png\n  zkml verify\n  zkml export-verifier",
		Version: zkml.Version,
	}
	a.Group(root)
	root.PersistentFlags().BoolVar(&a.JSON, "json", false,
		"print one JSON object on standard output, and nothing else there")
	root.PersistentPreRunE = app.CheckOutputs
	for _, c := range commands {
		root.AddCommand(c(a))
	}
	completion.Words(root)
	return root
}
