// Package sign is the command `zkml sign`. Only cmd/zkml imports it.
package sign

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/signature"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// signOptions are the flags of `zkml sign`.
type signOptions struct {
	input, key, newKey, out string
	name, purpose           string
	resize, saturate        bool
}

// signResult is what `zkml sign --json` prints.
type signResult struct {
	Signer []verifier.Word `json:"signer"`
	// Input is the name of the input that was signed, and Purpose what for.
	Input     string `json:"input,omitempty"`
	Purpose   string `json:"purpose,omitempty"`
	Signature string `json:"signature,omitempty"`
	Key       string `json:"key,omitempty"`
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &signOptions{}
	c := &cobra.Command{
		Use:   "sign [BUNDLE or VK]",
		Short: "Sign an input, as the device or the bank that it comes from",
		Long: "Sign an input for models compiled with --input-signed-by eddsa, whose proofs then show the\n" +
			"signer's key. What is signed is a hash of the input's integers, their format and the purpose that\n" +
			"the model was compiled with: one signature serves every model that takes the input in that format\n" +
			"for that purpose. If there are several inputs, one is signed: the one whose signature the model\n" +
			"requires. The signature's file is private: it lets anybody test a guess of the input.",
		Example: "  zkml sign --new-key device.json\n" +
			"  zkml sign verifying-key.json --input reading.csv --key device.json\n" +
			"  zkml sign verifying-key.json --input income=payslip.json --key bank.json --purpose 'loan 17'\n" +
			"  zkml prove --input reading.csv --signature signature.private.json",
		Args: app.AtMost(1, "BUNDLE or VK"),
		RunE: func(c *cobra.Command, args []string) error {
			if o.newKey != "" {
				return o.makeKey(c, a, args)
			}
			for _, flag := range []string{"input", "key"} {
				if err := app.Required(c, flag); err != nil {
					return err
				}
			}
			return o.run(a, args)
		},
	}
	c.Flags().StringVar(&o.input, "input", "", "the input's file, NAME=FILE of one of several; - is standard input")
	c.Flags().StringVar(&o.name, "input-name", "",
		"the input to sign, which must be the one whose signature the model requires (default that one)")
	c.Flags().StringVar(&o.purpose, "purpose", "",
		"what the signature is for, which must be what the model requires (default that)")
	c.Flags().StringVar(&o.key, "key", "", "the signer's key, a file of --new-key")
	c.Flags().StringVar(&o.newKey, "new-key", "", "make a key in this file, and sign nothing")
	c.Flags().StringVarP(&o.out, "out", "o", "signature.private.json", "the signature's file, for the prover alone")
	c.Flags().BoolVar(&o.resize, "resize", false, "allow a picture of another size")
	c.Flags().BoolVar(&o.saturate, "saturate", false,
		"if the format cannot hold a value of the input, sign the nearest one that it can hold")
	return c
}

// makeKey writes a new key. It does not overwrite a file.
func (o *signOptions) makeKey(c *cobra.Command, a *app.App, args []string) error {
	err := app.Excludes(c, "new-key", "makes a key and signs nothing", "input", "input-name", "purpose", "key", "out",
		"resize", "saturate")
	if err == nil && len(args) > 0 {
		err = app.Usage(c, fmt.Errorf("unexpected argument %q; --new-key takes none", args[0]))
	}
	if err != nil {
		return err
	}
	const lost = "an existing key is never overwritten"
	if err := app.CheckNew(o.newKey, "--new-key", lost); err != nil {
		return err
	}
	k, err := signature.NewKey()
	if err != nil {
		return err
	}
	if err := signature.WriteKey(o.newKey, k); err != nil {
		return app.Kept(err, "--new-key", lost)
	}
	r := &signResult{Signer: wordsOf(k.Public()), Key: o.newKey}
	return a.Emit(r, func(w io.Writer) {
		app.PrintSigner(w, r.Signer)
		fmt.Fprintf(w, "key\t%s, for the signer alone\n", r.Key)
	})
}

func (o *signOptions) run(a *app.App, args []string) error {
	k, err := signature.ReadKey(o.key)
	if err != nil {
		return app.WithHint(err, "make a key with zkml sign --new-key FILE")
	}
	m, err := load.OpenSchema(a, args, o.resize)
	if err != nil {
		return err
	}
	if err := app.CheckFile(o.out, "-o", app.ASignature, o.key, o.input); err != nil {
		return err
	}
	options := zkml.SignOptions{Input: o.name, Purpose: o.purpose}
	if o.name == "" {
		options.Input = input.NameOf(o.input, m.Specs)
	}
	in, purpose, err := options.Signed(m.Layout)
	if err != nil {
		return err
	}
	x, err := load.Vouched(a, m.Only(func(p *visibility.Port) bool { return p.Name == in.Name }), []string{o.input},
		o.saturate)
	if err != nil {
		return err
	}
	s, err := zkml.Sign(m.Layout, k, x[m.Place(in)], options)
	if err != nil {
		return err
	}
	if err := signature.Write(o.out, s); err != nil {
		return err
	}
	r := &signResult{Signer: wordsOf(s.Key), Input: in.Name, Purpose: purpose, Signature: o.out}
	return a.Emit(r, func(w io.Writer) {
		fmt.Fprintf(w, "signed\t%s\n", r.Input)
		if r.Purpose != "" {
			fmt.Fprintf(w, "purpose\t%q\n", r.Purpose)
		}
		app.PrintSigner(w, r.Signer)
		fmt.Fprintf(w, "signature\t%s, for the prover alone\n", r.Signature)
		flags := append(app.InputFlags(m.Layout, []string{o.input}, o.resize), "--signature", r.Signature)
		fmt.Fprintf(w, "next\t%s\n", app.ProveLine(m.Layout, m.Bundle, flags))
	})
}

func wordsOf(p circuits.Point) []verifier.Word {
	w := signature.Words(p)
	return w[:]
}
