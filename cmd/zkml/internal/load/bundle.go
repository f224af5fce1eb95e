// Package load reads what arguments and flags name: bundles, keys, models, inputs,
// proofs. It must not know what a command does with them. The commands import it.
package load

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/verifier"
)

// Bundle opens the bundle that args name, or the only one of the working
// directory.
func Bundle(args []string) (*artifact.Bundle, error) {
	if len(args) > 0 {
		return artifact.Open(args[0])
	}
	dir, err := artifact.Find(".")
	if err != nil {
		return nil, err
	}
	return artifact.Open(dir)
}

// BundleFor is Bundle for a command that takes the model's inputs by its flag --input, which
// is missing only where the model has no input.
func BundleFor(c *cobra.Command, args []string) (*artifact.Bundle, error) {
	b, err := Bundle(args)
	if err != nil || len(b.Manifest.Layout.Inputs()) > 0 {
		if err := app.Required(c, "input"); err != nil {
			return nil, err
		}
	}
	return b, err
}

// Key reads the verifying key that args name: its own file, or that of a
// bundle.
func Key(a *app.App, args []string) (*verifier.Key, error) {
	if len(args) == 0 {
		b, err := Bundle(nil)
		if err != nil {
			return nil, app.WithHint(err, "only a verifying key is needed: zkml verify verifying-key.json")
		}
		return b.Key(), nil
	}
	if args[0] == "-" {
		return verifier.ReadKey(a.In)
	}
	info, err := os.Stat(args[0])
	if err == nil && info.IsDir() {
		b, err := artifact.Open(args[0])
		if err != nil {
			return nil, err
		}
		return b.Key(), nil
	}
	f, err := os.Open(args[0])
	if err != nil {
		return nil, err
	}
	defer f.Close()
	k, err := verifier.ReadKey(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", args[0], err)
	}
	return k, nil
}
