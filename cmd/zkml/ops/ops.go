// Package ops is the command `zkml ops`. Only cmd/zkml imports it.
package ops

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/compiler/op"
)

// operator is a row of `zkml ops`.
type operator struct {
	Name   string `json:"name"`
	Domain string `json:"domain"`
	Since  []int  `json:"since"`
	Note   string `json:"note"`
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "ops",
		Short:   "List the ONNX operators that models may use",
		Example: "  zkml ops\n  zkml ops --json",
		Args:    app.Exactly(0, ""),
		RunE: func(*cobra.Command, []string) error {
			var list []operator
			for _, s := range op.Specs() {
				domain := s.Domain
				if domain == "" {
					domain = "ai.onnx"
				}
				list = append(list, operator{s.Name, domain, s.Since, s.Note})
			}
			return a.Emit(map[string]any{"operators": list}, func(w io.Writer) {
				fmt.Fprintf(w, "operator\topsets from\twhat is supported\n")
				for _, o := range list {
					fmt.Fprintf(w, "%s\t%d\t%s\n", qualified(o), o.Since[0], o.Note)
				}
			})
		},
	}
}

func qualified(o operator) string {
	if o.Domain == "ai.onnx" {
		return o.Name
	}
	return o.Domain + "." + o.Name
}
