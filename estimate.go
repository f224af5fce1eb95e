package zkml

import (
	"context"
	"fmt"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/visibility"
)

// What proving and verifying took when measured on two cores at 2.5 GHz
// (see `make bench`). Proving and memory follow the padded rows.
const (
	secondsPerRow = 60e-6
	memoryBase    = 28 << 20
	memoryPerRow  = 2500
	pointBytes    = 64
)

// EstimateOptions are the options of Estimate.
type EstimateOptions struct {
	// Compile are the options of the compilation that is estimated.
	Compile CompileOptions
	// Explain asks for EstimateResult.Nodes.
	Explain bool
}

// EstimateResult is what a model will cost. Times and memory are estimates for two
// cores at 2.5 GHz; all other numbers are exact.
type EstimateResult struct {
	Rows         int   `json:"rows"`
	PaddedRows   int   `json:"padded_rows"`
	PublicInputs int   `json:"public_inputs"`
	About        About `json:"about"`
	// Tables is the number of different lookup tables, including that of range checks.
	Tables          int     `json:"tables"`
	ProveSeconds    float64 `json:"prove_seconds"`
	MemoryBytes     int64   `json:"memory_bytes"`
	ProvingKeyBytes int64   `json:"proving_key_bytes"`
	VerifyGas       int64   `json:"verify_gas"`
	// VerifyGasFits says whether a transaction on Ethereum may use that much; GasProblem
	// says it in words.
	VerifyGasFits bool `json:"verify_gas_fits"`
	// SignatureRows is the number of rows that check the input's signature.
	SignatureRows int       `json:"signature_rows,omitempty"`
	Agreement     Agreement `json:"agreement"`
	// Bindings are the costs of a private model, bound by its key and by its hash.
	Bindings []Binding `json:"bindings,omitempty"`
	// SRSProblem says why the store has no SRS that is large enough for a key, with
	// the remedy. It is nil if it has one.
	SRSProblem error `json:"-"`
	// SRSHere says whether the store has an SRS that is large enough.
	SRSHere bool `json:"srs_here"`
	// Nodes are the parts of the circuit, if EstimateOptions.Explain is set.
	Nodes []Node `json:"nodes,omitempty"`

	// Layout is the table of public inputs.
	Layout visibility.Layout `json:"-"`
	// Formats are the integer formats that were chosen or given.
	Formats *compiler.Formats `json:"-"`
}

// Node says how one part of the circuit is built and what it costs.
type Node struct {
	Name      string `json:"name"`
	Technique string `json:"technique"`
	Gates     int    `json:"gates"`
}

// Binding is the cost of a private model with one way of binding it.
type Binding struct {
	BindModel    string  `json:"bind_model"`
	Rows         int     `json:"rows"`
	PaddedRows   int     `json:"padded_rows"`
	ProveSeconds float64 `json:"prove_seconds"`

	// Formats are the integer formats, with what this binding declares in them.
	Formats *compiler.Formats `json:"-"`
}

// Estimate quantises a model and counts the rows of its circuit: everything that Compile
// does before it derives keys.
func Estimate(ctx context.Context, m *Model, o EstimateOptions) (*EstimateResult, error) {
	options := o.Compile.compiler(ctx)
	c, err := m.compile(ctx, options)
	if err != nil {
		return nil, err
	}
	padded := c.Cost.PaddedRows()
	r := &EstimateResult{
		Rows: c.Cost.Rows(), PaddedRows: padded, PublicInputs: c.Cost.Public, Tables: 1 + c.Program.DifferentTables(),
		About:           AboutOf(c.Statement.Layout),
		ProveSeconds:    float64(padded) * secondsPerRow,
		MemoryBytes:     memoryBase + int64(padded)*memoryPerRow,
		ProvingKeyBytes: int64(2*padded+3) * pointBytes,
		VerifyGas:       VerifyGas(c.Statement.Layout),
		Agreement:       agreementOf(c.Report, options),
		Bindings:        c.bindings(options),
		Layout:          c.Statement.Layout,
		Formats:         c.Formats,
	}
	r.VerifyGasFits = r.VerifyGas <= MostGas
	if r.SignatureRows, err = c.signatureRows(); err != nil {
		return nil, err
	}
	setup, err := o.Compile.Setup.options(ctx)
	if err != nil {
		return nil, err
	}
	_, r.SRSProblem = setup.Entry(uint64(padded), nil)
	r.SRSHere = r.SRSProblem == nil
	if o.Explain {
		r.Nodes = c.explain()
	}
	return r, nil
}

// bindings returns the cost of a private model with the binding that was asked for, and
// with the other one in the same formats, if these allow it.
func (c *compiled) bindings(o compiler.Options) []Binding {
	if !o.Private.Model {
		return nil
	}
	var out []Binding
	for _, b := range []visibility.Bind{visibility.BindKey, visibility.BindHash} {
		if b == o.Bind {
			out = append(out, bindingOf(b, c.Result))
		} else if other, err := c.BoundBy(b, o); err == nil {
			out = append(out, bindingOf(b, other))
		}
	}
	return out
}

func bindingOf(b visibility.Bind, r *compiler.Result) Binding {
	padded := r.Cost.PaddedRows()
	return Binding{
		BindModel: b.String(), Rows: r.Cost.Rows(), PaddedRows: padded, ProveSeconds: float64(padded) * secondsPerRow,
		Formats: r.Formats,
	}
}

// signatureRows returns the number of rows that the check of the input's signature adds,
// including its public inputs and lookups.
func (c *compiled) signatureRows() (int, error) {
	without := *c.Statement
	if len(without.Layout.Signers()) == 0 {
		return 0, nil
	}
	plan := without.Layout.Plan()
	plan.SignedBy, plan.Signed, plan.Purpose = "", "", ""
	var err error
	if without.Layout, err = plan.Layout(); err != nil {
		return 0, err
	}
	cost, err := without.Count()
	return c.Cost.Rows() - cost.Rows(), err
}

// explain lists the technique of each part of the circuit.
func (c *compiled) explain() []Node {
	l := c.Statement.Layout
	techniques := []string{inputTechnique(l)}
	if len(l.Signers()) > 0 {
		techniques = append(techniques, "EdDSA over Baby Jubjub, of a Poseidon2 hash")
	}
	for _, s := range c.Program.Steps {
		techniques = append(techniques, s.Kernel.String())
	}
	techniques = append(techniques, outputTechnique(l))
	if l.Hashed() {
		techniques = append(techniques, "a Poseidon2 commitment to the packed weights")
	}
	techniques = append(techniques,
		fmt.Sprintf("one log-derivative argument, range-check digits of %d bits", c.Statement.Digit))
	var nodes []Node
	for i, p := range c.Cost.Parts {
		n := Node{Name: p.Name, Gates: p.Gates}
		if len(techniques) == len(c.Cost.Parts) {
			n.Technique = techniques[i]
		}
		nodes = append(nodes, n)
	}
	return nodes
}

func inputTechnique(l visibility.Layout) string {
	if n := len(l.Inputs()); n > 1 {
		return fmt.Sprintf("range checks of %d inputs, packed or committed to", n)
	}
	if in := l.Inputs()[0]; in.Is(visibility.FormPacked) {
		return fmt.Sprintf("range checks, packed into %d public inputs", in.Words)
	}
	return "range checks, and a Poseidon2 commitment"
}

func outputTechnique(l visibility.Layout) string {
	for _, p := range l.Outputs() {
		if !p.Is(visibility.FormElements) {
			return "packed, and a Poseidon2 commitment"
		}
	}
	return "made public"
}
