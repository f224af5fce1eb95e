package inspect

import (
	"fmt"
	"regexp"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/plot"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/visibility"
)

// picture draws the program, with the gates of each step, and the rows of its tables,
// which are among those of the lookups.
func picture(m *artifact.Manifest, p *program.Program) plot.Graph {
	d := &drawing{layout: m.Layout, parts: m.Cost.Parts, boxOf: map[int]int{}}
	d.Title = m.Name
	d.Note = fmt.Sprintf("%d rows, padded to %d; %d of them for public inputs", m.Cost.Rows, m.Cost.PaddedRows,
		m.Cost.PublicInputs)
	d.inputs()
	if len(m.Layout.Signers()) > 0 {
		d.share(circuits.SignaturePart, "of signed inputs")
	}
	tables := d.steps(p)
	d.outputs(p)
	if m.Layout.Hashed() {
		d.share("model", "its commitment")
	}
	d.share("lookups", "range checks, and what all steps share")
	d.Shared[len(d.Shared)-1].Rows -= min(tables, d.Shared[len(d.Shared)-1].Rows)
	return d.Graph
}

// drawing is a graph in the making.
type drawing struct {
	plot.Graph
	layout visibility.Layout
	parts  []circuits.Part // those that are not drawn yet, in the circuit's order
	boxOf  map[int]int     // the box that makes a value
}

// rows takes the next part of the circuit.
func (d *drawing) rows() int {
	if len(d.parts) == 0 {
		return 0
	}
	n := d.parts[0].Gates
	d.parts = d.parts[1:]
	return n
}

// share draws a part that belongs to no single step.
func (d *drawing) share(name, detail string) {
	d.Shared = append(d.Shared, plot.Node{Name: name, Detail: detail, Rows: d.rows()})
}

func (d *drawing) inputs() {
	for k, in := range d.layout.Inputs() {
		d.boxOf[k] = len(d.Nodes)
		d.Nodes = append(d.Nodes, plot.Node{Name: "input " + in.Name, Detail: portText(in)})
	}
	d.border(d.Nodes, "inputs")
}

func (d *drawing) outputs(p *program.Program) {
	first := len(d.Nodes)
	for k, out := range d.layout.Outputs() {
		d.Nodes = append(d.Nodes, plot.Node{Name: "output " + out.Name, Detail: portText(out),
			In: []int{d.boxOf[p.Outputs[k]]}})
	}
	d.border(d.Nodes[first:], "outputs")
}

// border draws the part of all inputs or outputs: with the only one, or apart.
func (d *drawing) border(ports []plot.Node, name string) {
	if len(ports) == 1 {
		ports[0].Rows = d.rows()
		return
	}
	d.share(name, fmt.Sprintf("the %d together", len(ports)))
}

func portText(p *visibility.Port) string { return fmt.Sprintf("%v, %s", p.Shape, p.Visibility) }

// steps draws all steps, and returns the rows of their tables.
func (d *drawing) steps(p *program.Program) int {
	all := 0
	tables := p.TableRows(d.layout.Items())
	for i, s := range p.Steps {
		n := plot.Node{Name: s.Node, Detail: detail(s.Kernel), Rows: d.rows(), Table: tables[i]}
		for _, v := range s.In {
			n.In = append(n.In, d.boxOf[v])
		}
		d.boxOf[s.Out] = len(d.Nodes)
		d.Nodes = append(d.Nodes, n)
		all += tables[i]
	}
	return all
}

// details are what kernels say of their contents, and of parameters that they do not have.
var details = regexp.MustCompile(`, contents [0-9a-f]+|\[\]`)

// detail describes a kernel in few words: --stage quantised has the others.
func detail(k program.Kernel) string { return details.ReplaceAllString(k.String(), "") }
