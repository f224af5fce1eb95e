// Package version is the command `zkml version`. Only cmd/zkml imports it.
package version

import (
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
)

// versionResult is what `zkml version --json` prints.
type versionResult struct {
	Version string `json:"version"`
	Gnark   string `json:"gnark"`
	Go      string `json:"go"`
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the versions of zkml, gnark and Go",
		Example: "  zkml version",
		Args:    app.Exactly(0, ""),
		RunE: func(*cobra.Command, []string) error {
			r := versionResult{zkml.Version, artifact.GnarkVersion, runtime.Version()}
			return a.Emit(r, func(w io.Writer) {
				fmt.Fprintf(w, "zkml %s (gnark %s, %s)\n", r.Version, r.Gnark, r.Go)
			})
		},
	}
}
