package zkml

import (
	"context"
	"fmt"
	"math"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/internal/interrupt"
	"github.com/zkml-go/zkml/visibility"
)

// Node says how one part of the circuit is built, what it costs, and how far it is from the float
// reference on the samples.
type Node struct {
	Name      string `json:"name"`
	Technique string `json:"technique"`
	Gates     int    `json:"gates"`
	// TableRows are those of the node's tables, which are a part of the lookups' gates.
	TableRows int `json:"table_rows,omitempty"`
	// ErrorAdded is the mean error that the node itself adds, as a part of the largest magnitude
	// of its value: the difference of its integers from the function of real numbers, at the
	// integers that it receives. Error is the difference from the float reference, with what all
	// nodes before it added. Of integers, both are the share that differs. They are nil for a part
	// that computes none of the model's values, or one with several scales, whose error is told of
	// the nodes behind it.
	ErrorAdded *float64 `json:"error_added,omitempty"`
	Error      *float64 `json:"error,omitempty"`
}

// explain lists the parts of the circuit: their techniques, their costs, and their errors on
// samples, of which it tells the number.
func (c *compiled) explain(ctx context.Context, o compiler.Options) ([]Node, int, error) {
	techniques, first := c.techniques()
	var nodes []Node
	for _, p := range c.Cost.Parts {
		nodes = append(nodes, Node{Name: p.Name, Gates: p.Gates})
	}
	if len(techniques) != len(nodes) {
		return nodes, 0, nil
	}
	errs, err := interrupt.Await(ctx, func() (compiler.Explanation, error) { return c.Explain(o), nil })
	if err != nil {
		return nil, 0, err
	}
	for i := range nodes {
		nodes[i].Technique = techniques[i]
	}
	for i, rows := range c.Program.TableRows(c.Statement.Layout.Items()) {
		n := &nodes[first+i]
		n.TableRows = rows
		if at := errs.Steps[i]; at != nil {
			n.ErrorAdded, n.Error = &at.Added, &at.Error
		}
	}
	most := 0.0
	for _, at := range errs.Inputs {
		most = math.Max(most, at.Added)
	}
	nodes[0].ErrorAdded, nodes[0].Error = &most, &most
	return nodes, errs.Samples, nil
}

// techniques are those of the parts of the circuit, and first is the part of the first step.
func (c *compiled) techniques() (list []string, first int) {
	l := c.Statement.Layout
	list = []string{inputTechnique(l)}
	if len(l.Signers()) > 0 {
		list = append(list, "EdDSA over Baby Jubjub, of a Poseidon2 hash")
	}
	first = len(list)
	for _, s := range c.Program.Steps {
		list = append(list, s.Kernel.String())
	}
	list = append(list, outputTechnique(l))
	if l.Hashed() {
		list = append(list, "a Poseidon2 commitment to the packed weights")
	}
	return append(list, fmt.Sprintf("one log-derivative argument, range-check digits of %d bits", c.Statement.Digit)),
		first
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
