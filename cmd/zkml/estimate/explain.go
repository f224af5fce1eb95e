package estimate

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/plot"
	"github.com/zkml-go/zkml/printable"
)

// printNodes writes the parts of the circuit, if they were asked for.
func printNodes(w io.Writer, r *zkml.EstimateResult) {
	if len(r.Nodes) == 0 {
		return
	}
	fmt.Fprintf(w, "\ngates\ttables\terror added\terror\tnode\ttechnique\n")
	for _, n := range r.Nodes {
		fmt.Fprintf(w, "%d\t%d\t%s\t%s\t%s\t%s\n", n.Gates, n.TableRows, part(n.ErrorAdded), part(n.Error),
			printable.Line(strings.TrimSpace(n.Name)), n.Technique)
	}
	fmt.Fprintf(w, "tables are a part of the lookups' gates; errors are means over %d samples, as parts of the "+
		"largest value, and of integers the share that differs\n", r.ExplainedSamples)
}

// part is a number as a percentage.
func part(v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf("%.2g %%", 100**v)
}

// mostBars is how many nodes a picture has.
const mostBars = 25

// picture draws the rows that nodes take, and the errors that they add.
func picture(name string, r *zkml.EstimateResult) plot.Bars {
	out := plot.Bars{
		Title: name,
		Note: fmt.Sprintf("%d rows, padded to %d; errors are means over %d samples", r.Rows, r.PaddedRows,
			r.ExplainedSamples),
	}
	rows := plot.BarGroup{Title: "rows by node", Note: "gates, and the rows of its tables"}
	errs := plot.BarGroup{Title: "error added by node",
		Note: "beyond what it receives, as a part of its largest value"}
	tables := 0
	for _, n := range r.Nodes {
		tables += n.TableRows
	}
	for i, n := range r.Nodes {
		count := n.Gates + n.TableRows
		if i == len(r.Nodes)-1 { // the lookups, whose tables stand with their nodes
			count -= min(tables, count)
		}
		title := strings.TrimSpace(n.Name)
		rows.Bars = append(rows.Bars, plot.Bar{Name: title, Value: float64(count), Text: fmt.Sprint(count)})
		if n.ErrorAdded != nil {
			errs.Bars = append(errs.Bars, plot.Bar{Name: title, Value: *n.ErrorAdded, Text: part(n.ErrorAdded)})
		}
	}
	for _, g := range []*plot.BarGroup{&rows, &errs} {
		largest(g)
		out.Groups = append(out.Groups, *g)
	}
	return out
}

// largest keeps the bars of the largest numbers, in their order.
func largest(g *plot.BarGroup) {
	order := make([]int, len(g.Bars))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(g.Bars[b].Value, g.Bars[a].Value) })
	order = order[:min(mostBars, len(order))]
	slices.Sort(order)
	kept := make([]plot.Bar, len(order))
	for k, i := range order {
		kept[k] = g.Bars[i]
	}
	g.Rest = len(g.Bars) - len(kept)
	g.Bars = kept
}
