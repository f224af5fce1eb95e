package main

import (
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/artifact"
)

// toolVersion is written into bundles and keys, so that it is a constant:
// compiling twice gives the same bytes.
const toolVersion = "0.1.0"

// versionResult is what `zkml version --json` prints.
type versionResult struct {
	Version string `json:"version"`
	Gnark   string `json:"gnark"`
	Go      string `json:"go"`
}

func versionCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the versions of zkml, gnark and Go",
		Example: "  zkml version",
		Args:    exactly(0, ""),
		RunE: func(*cobra.Command, []string) error {
			r := versionResult{toolVersion, artifact.GnarkVersion, runtime.Version()}
			return a.emit(r, func(w io.Writer) {
				fmt.Fprintf(w, "zkml %s (gnark %s, %s)\n", r.Version, r.Gnark, r.Go)
			})
		},
	}
}
