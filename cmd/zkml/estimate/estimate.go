// Package estimate is the command `zkml estimate`. Only cmd/zkml imports it.
package estimate

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/modelflags"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/visibility"
)

// What proving and verifying took when measured on two cores at 2.5 GHz
// (see `make bench`). Proving and memory follow the padded rows, gas the public
// inputs.
const (
	secondsPerRow = 60e-6
	memoryBase    = 28 << 20
	memoryPerRow  = 2500
	gasBase       = 318_885 // of a transaction with gasBaseInputs public inputs
	gasBaseInputs = 2
	gasPerInput   = 920
	pointBytes    = 64
)

// estimateOptions are the flags of `zkml estimate`.
type estimateOptions struct {
	modelflags.Options
	explain bool
}

// estimateResult is what `zkml estimate --json` prints.
type estimateResult struct {
	Rows            int                  `json:"rows"`
	PaddedRows      int                  `json:"padded_rows"`
	PublicInputs    int                  `json:"public_inputs"`
	Tables          int                  `json:"tables"`
	ProveSeconds    float64              `json:"prove_seconds"`
	MemoryBytes     int64                `json:"memory_bytes"`
	ProvingKeyBytes int64                `json:"proving_key_bytes"`
	VerifyGas       int64                `json:"verify_gas"`
	SignatureRows   int                  `json:"signature_rows,omitempty"`
	Agreement       modelflags.Agreement `json:"agreement"`
	// Bindings are a private model's prices, bound by its key and by its hash.
	Bindings []binding `json:"bindings,omitempty"`
	Nodes    []node    `json:"nodes,omitempty"`
}

// node is what one part of the circuit is made with, and what it costs.
type node struct {
	Name      string `json:"name"`
	Technique string `json:"technique"`
	Gates     int    `json:"gates"`
}

// binding is what a private model costs that is bound in one way.
type binding struct {
	BindModel    string  `json:"bind_model"`
	Rows         int     `json:"rows"`
	PaddedRows   int     `json:"padded_rows"`
	ProveSeconds float64 `json:"prove_seconds"`
}

func bindingOf(b visibility.Bind, c circuits.Cost) binding {
	return binding{b.String(), c.Rows(), c.PaddedRows(), float64(c.PaddedRows()) * secondsPerRow}
}

// bindings prices a private model bound in the way asked for, and in the other
// way with the same formats where these allow it.
func (o *estimateOptions) bindings(m *modelflags.Compiled) []binding {
	if !o.Parsed.Private.Model {
		return nil
	}
	var out []binding
	for _, b := range []visibility.Bind{visibility.BindKey, visibility.BindHash} {
		if b == o.Parsed.Bind {
			out = append(out, bindingOf(b, m.Cost))
		} else if other, err := m.BoundBy(b, o.Parsed); err == nil {
			out = append(out, bindingOf(b, other.Cost))
		}
	}
	return out
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &estimateOptions{}
	c := &cobra.Command{
		Use:   "estimate MODEL.onnx",
		Short: "Say what a model will cost, before any key is made",
		Long: "Quantise a model and count its circuit: rows, proving time, memory, sizes and gas, before\n" +
			"any key is made. It takes the flags of compile; -o and --unsafe-srs change nothing here.\n" +
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
	c.Flags().BoolVar(&o.explain, "explain", false, "node by node: the technique picked, and its gates")
	return c
}

func (o *estimateOptions) run(ctx context.Context, a *app.App, path string) error {
	m, err := o.Compile(ctx, a, path)
	if err != nil {
		return err
	}
	r := estimateOf(m.Result)
	if r.SignatureRows, err = signatureRows(m.Result); err != nil {
		return err
	}
	r.Bindings = o.bindings(m)
	if o.explain {
		r.Nodes = explain(m.Result)
	}
	return a.Emit(r, func(w io.Writer) { r.print(w, m.Statement.Layout) })
}

func estimateOf(r *compiler.Result) *estimateResult {
	padded := r.Cost.PaddedRows()
	return &estimateResult{
		Rows: r.Cost.Rows(), PaddedRows: padded, PublicInputs: r.Cost.Public, Tables: tables(r.Program),
		ProveSeconds:    float64(padded) * secondsPerRow,
		MemoryBytes:     memoryBase + int64(padded)*memoryPerRow,
		ProvingKeyBytes: int64(2*padded+3) * pointBytes,
		VerifyGas:       gasBase + gasPerInput*int64(r.Cost.Public-gasBaseInputs),
		Agreement:       modelflags.AgreementOf(r.Report),
	}
}

// signatureRows is what the check of the input's signature adds to the rows, its
// public inputs and lookups among them.
func signatureRows(r *compiler.Result) (int, error) {
	without := *r.Statement
	if without.Layout.SignedBy == "" {
		return 0, nil
	}
	without.Layout.SignedBy = ""
	cost, err := without.Count()
	return r.Cost.Rows() - cost.Rows(), err
}

// tables counts the function tables of a program; the one for range checks is
// in every circuit.
func tables(p *program.Program) int {
	n := 1
	for _, s := range p.Steps {
		switch s.Kernel.(type) {
		case *program.Table, *program.Softmax:
			n++
		}
	}
	return n
}

// explain says for each part of the circuit what was picked.
func explain(r *compiler.Result) []node {
	l := r.Statement.Layout
	techniques := []string{inputTechnique(l)}
	if l.SignedBy != "" {
		techniques = append(techniques, "EdDSA over Baby Jubjub, of a Poseidon2 hash")
	}
	for _, s := range r.Program.Steps {
		techniques = append(techniques, s.Kernel.String())
	}
	techniques = append(techniques, outputTechnique(l))
	if l.Hashed() {
		techniques = append(techniques, "a Poseidon2 commitment to the packed weights")
	}
	techniques = append(techniques,
		fmt.Sprintf("one log-derivative argument, range-check digits of %d bits", r.Statement.Digit))
	var nodes []node
	for i, p := range r.Cost.Parts {
		n := node{Name: p.Name, Gates: p.Gates}
		if len(techniques) == len(r.Cost.Parts) {
			n.Technique = techniques[i]
		}
		nodes = append(nodes, n)
	}
	return nodes
}

func inputTechnique(l visibility.Layout) string {
	if l.Private.Input {
		return "range checks, and a Poseidon2 commitment"
	}
	return fmt.Sprintf("range checks, packed into %d public inputs", l.Input.Words())
}

func outputTechnique(l visibility.Layout) string {
	if l.Reveal == visibility.Commitment {
		return "packed, and a Poseidon2 commitment"
	}
	return "made public"
}

func (r *estimateResult) print(w io.Writer, l visibility.Layout) {
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
		fmt.Fprintf(w, "bound by %s\t%d rows, padded to %d, about %.1f s\n", b.BindModel, b.Rows, b.PaddedRows, b.ProveSeconds)
	}
	r.Agreement.Print(w, l)
	if len(r.Nodes) == 0 {
		return
	}
	fmt.Fprintf(w, "\ngates\tnode\ttechnique\n")
	for _, n := range r.Nodes {
		fmt.Fprintf(w, "%d\t%s\t%s\n", n.Gates, strings.TrimSpace(n.Name), n.Technique)
	}
}
