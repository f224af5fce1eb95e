// Package srs is the command `zkml srs`. Only cmd/zkml imports it.
package srs

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/internal/interrupt"
	"github.com/zkml-go/zkml/srs"
)

// New makes the command.
func New(a *app.App) *cobra.Command {
	c := &cobra.Command{
		Use:   "srs",
		Short: "List, import and verify ceremony files (structured reference strings)",
		Long: "PLONK needs points of a ceremony in which at least one of many participants was honest.\n" +
			"One such file is part of zkml; larger ones must be imported. Imported and computed files are kept\n" +
			"in the user's cache folder, or in the folder that the environment variable ZKML_CACHE names.",
		Example: "  zkml srs list\n  zkml srs import powersOfTau28_hez_final_18.ptau\n  zkml srs verify",
	}
	a.Group(c)
	c.AddCommand(srsListCommand(a), srsImportCommand(a), srsVerifyCommand(a))
	return c
}

func srsListCommand(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the ceremony files in the store, and where they come from",
		Example: "  zkml srs list",
		Args:    app.Exactly(0, ""),
		RunE: func(*cobra.Command, []string) error {
			s, err := load.Store(a)
			if err != nil {
				return err
			}
			list := s.List()
			return a.Emit(map[string]any{"srs": list}, func(w io.Writer) {
				for i, e := range list {
					if i > 0 {
						fmt.Fprintln(w)
					}
					printEntry(w, e)
				}
			})
		},
	}
}

func printEntry(w io.Writer, e srs.Entry) {
	trust := "pinned in zkml"
	if !e.Known {
		trust = "vouched for only by --trust"
	}
	fmt.Fprintf(w, "source\t%s\n", e.Source)
	fmt.Fprintf(w, "contribution\t%s\n", e.Contribution)
	fmt.Fprintf(w, "origin\t%s\n", e.Origin)
	fmt.Fprintf(w, "largest circuit\t2^%d rows\n", e.Power)
	fmt.Fprintf(w, "sha256\t%s\n", e.Digest)
	fmt.Fprintf(w, "ceremony\t%s\n", trust)
	fmt.Fprintf(w, "where\t%s\n", e.Where)
}

func srsImportCommand(a *app.App) *cobra.Command {
	var trust string
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "Check a ceremony file and keep it for larger circuits",
		Long: "Check a ceremony file (snarkjs's .ptau, or compressed G1 points as .point) and keep what\n" +
			"proving needs of it. A file of a ceremony that zkml does not know is refused, unless\n" +
			"--trust gives its sha256.",
		Example: "  zkml srs import powersOfTau28_hez_final_18.ptau",
		Args:    app.Exactly(1, "FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := load.Store(a)
			if err != nil {
				return err
			}
			e, err := interrupt.Await(c.Context(), func() (srs.Entry, error) { return s.Import(args[0], trust) })
			if err != nil {
				return err
			}
			return a.Emit(e, func(w io.Writer) { printEntry(w, e) })
		},
	}
	c.Flags().StringVar(&trust, "trust", "", "sha256 of a file whose ceremony you vouch for yourself")
	return c
}

func srsVerifyCommand(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "verify [SHA256]",
		Short: "Check ceremony files again: digests, points, and that they match the ceremony's τ·G2",
		Long: "Check every ceremony file in the store, or the one whose sha256 begins with SHA256: its digest,\n" +
			"that its points are successive powers of the τ that the ceremony published in G2, and that\n" +
			"every form in the cache follows from them.",
		Example: "  zkml srs verify",
		Args:    app.AtMost(1, "SHA256"),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := load.Store(a)
			if err != nil {
				return err
			}
			list, err := pick(s, args)
			if err != nil {
				return err
			}
			for _, e := range list {
				if err := verifyEntry(a, c.Context(), s, e); err != nil {
					return err
				}
			}
			return a.Emit(map[string]any{"accepted": true, "srs": list}, func(w io.Writer) {
				for _, e := range list {
					fmt.Fprintf(w, "holds\t%.16s\t2^%d rows\t%s\n", e.Digest, e.Power, e.Source)
				}
			})
		},
	}
}

func pick(s *srs.Store, args []string) ([]srs.Entry, error) {
	if len(args) == 0 {
		return s.List(), nil
	}
	e, err := s.Find(args[0])
	return []srs.Entry{e}, err
}

func verifyEntry(a *app.App, ctx context.Context, s *srs.Store, e srs.Entry) error {
	_, err := interrupt.Await(ctx, func() (struct{}, error) { return struct{}{}, s.Verify(e) })
	if err != nil {
		return fmt.Errorf("%s (%.16s): %w", e.Source, e.Digest, err)
	}
	return nil
}
