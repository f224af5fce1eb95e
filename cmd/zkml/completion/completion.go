// Package completion is the command `zkml completion`. Only cmd/zkml imports it.
package completion

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/chain/explorer"
	"github.com/zkml-go/zkml/cmd/zkml/inspect"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/visibility"
)

// shells lists the shells for which there are completions.
var shells = map[string]func(root *cobra.Command, w io.Writer) error{
	"bash":       func(root *cobra.Command, w io.Writer) error { return root.GenBashCompletionV2(w, true) },
	"zsh":        (*cobra.Command).GenZshCompletion,
	"fish":       func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) },
	"powershell": (*cobra.Command).GenPowerShellCompletionWithDesc,
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	names := slices.Sorted(maps.Keys(shells))
	return &cobra.Command{
		Use:       "completion SHELL",
		Short:     "Print a completion script for a shell: " + strings.Join(names, ", "),
		Long:      "Print a completion script for bash, fish, powershell or zsh, to be sourced by the shell.",
		Example:   "  source <(zkml completion bash)\n  zkml completion fish > ~/.config/fish/completions/zkml.fish",
		Args:      app.Exactly(1, "SHELL"),
		ValidArgs: names,
		RunE: func(c *cobra.Command, args []string) error {
			write, ok := shells[args[0]]
			if !ok {
				return app.Usage(c, fmt.Errorf("shell %q is unknown; allowed words are %s", args[0],
					strings.Join(names, ", ")))
			}
			var script strings.Builder
			if err := write(c.Root(), &script); err != nil {
				return err
			}
			return a.Emit(map[string]string{"shell": args[0], "script": script.String()}, func(io.Writer) {
				_, _ = io.WriteString(a.Out, script.String()) // not aligned at its tabs
			})
		},
	}
}

// flagWords lists the allowed words of flags, keyed by the flag's name.
var flagWords = map[string]func() []string{
	"private": visibility.PrivateWords, "reveal": visibility.RevealWords, "bind-model": visibility.BindWords,
	"commit": visibility.CommitWords, "input-signed-by": visibility.SchemeWords, "stage": inspect.StageNames,
	"verify": explorer.Kinds,
}

// Words makes shells complete the words of flags in all commands below c.
func Words(c *cobra.Command) {
	for name, words := range flagWords {
		if c.Flags().Lookup(name) == nil {
			continue
		}
		if err := c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(words(),
			cobra.ShellCompDirectiveNoFileComp)); err != nil {
			panic(err) // a flag is registered twice
		}
	}
	for _, sub := range c.Commands() {
		Words(sub)
	}
}
