package zkml

import (
	"context"

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
	// Explain asks for EstimateResult.Nodes and ExplainedSamples.
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
	// ExplainedSamples is on how many samples the errors of Nodes were measured.
	ExplainedSamples int `json:"explained_samples,omitempty"`

	// Layout is the table of public inputs.
	Layout visibility.Layout `json:"-"`
	// Formats are the integer formats that were chosen or given.
	Formats *compiler.Formats `json:"-"`
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
	if !o.Explain {
		return r, nil
	}
	r.Nodes, r.ExplainedSamples, err = c.explain(ctx, options)
	return r, err
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
