package inspect

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/plot"
	"github.com/zkml-go/zkml/printable"
)

// contents are what a model holds, as JSON.
type contents struct {
	Model string `json:"model"`
	*compiler.Contents
}

// How much of a model is shown as text and as a picture: JSON has all of it.
const (
	mostParts      = 12
	mostFeatures   = 20
	mostColumns    = 8
	mostThresholds = 8
	mostBars       = 25
)

// more says how many of a list are not shown.
func more(w io.Writer, count, shown int, what string) {
	if count > shown {
		fmt.Fprintf(w, "and %d more %s: --json has all\n", count-shown, what)
	}
}

func (c contents) print(w io.Writer) {
	fmt.Fprintf(w, "model\t%s\n", printable.Name(c.Model))
	for _, p := range c.Inputs {
		fmt.Fprintf(w, "input\t%s %s%v\n", printable.Name(p.Name), p.Type, p.Shape)
	}
	for _, p := range c.Outputs {
		fmt.Fprintf(w, "output\t%s %s%v\n", printable.Name(p.Name), p.Type, p.Shape)
	}
	var operators []string
	for _, name := range slices.Sorted(maps.Keys(c.Operators)) {
		operators = append(operators, fmt.Sprintf("%d %s", c.Operators[name], printable.Name(name)))
	}
	fmt.Fprintf(w, "operators\t%s\n", listed(operators, mostFeatures))
	for _, note := range c.Notes {
		fmt.Fprintf(w, "note\t%s\n", note)
	}
	if len(c.Parts) == 0 {
		fmt.Fprintf(w, "\nno trees, linear model, support vectors or centroids; --stage graph lists the nodes\n")
	}
	for _, p := range c.Parts[:min(mostParts, len(c.Parts))] {
		fmt.Fprintln(w)
		printPart(w, &p)
	}
	more(w, len(c.Parts), mostParts, "parts")
}

// listed joins words, the first of many.
func listed(list []string, most int) string {
	if len(list) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
	}
	return strings.Join(list, ", ")
}

func namesOf(texts []string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = printable.Name(t)
	}
	return out
}

func printPart(w io.Writer, p *compiler.Part) {
	fmt.Fprintf(w, "%s: %s", printable.Line(p.Node), p.Kind)
	if len(p.Classes) > 0 {
		fmt.Fprintf(w, ", classes %s", listed(namesOf(p.Classes), mostFeatures))
	}
	fmt.Fprintln(w)
	if len(p.After) > 0 {
		fmt.Fprintf(w, "features after %s\n", strings.Join(p.After, ", "))
	}
	switch {
	case p.Trees != nil:
		fmt.Fprintln(w, sizes(p.Trees))
		printSplits(w, p)
		return
	case p.Vectors != nil:
		fmt.Fprintln(w, machine(p))
	}
	printColumns(w, p)
}

// sizes says how large an ensemble is.
func sizes(t *compiler.PartTrees) string {
	first, last := t.Depths[0].Depth, t.Depths[len(t.Depths)-1].Depth
	depth := fmt.Sprint(first)
	if first != last {
		depth = fmt.Sprintf("%d to %d", first, last)
	}
	return fmt.Sprintf("trees: %d, of depth %s; branches: %d; leaves: %d", t.Trees, depth, t.Branches, t.Leaves)
}

// machine says what a support vector machine is.
func machine(p *compiler.Part) string {
	v := p.Vectors
	text := "kernel " + v.Kernel
	if v.Gamma != nil {
		text += fmt.Sprintf(" (gamma %.6g, coef0 %.6g, degree %.6g)", *v.Gamma, *v.Coef0, *v.Degree)
	}
	text += fmt.Sprintf("; support vectors: %d", v.Count)
	var of []string
	for i, n := range v.PerClass {
		of = append(of, fmt.Sprintf("%d of class %s", n, printable.Name(p.Classes[i])))
	}
	if len(of) > 0 {
		text += ", " + listed(of, mostFeatures)
	}
	return text
}

// bySplits orders features by how many nodes test them.
func bySplits(p *compiler.Part) []compiler.FeatureUsage {
	return slices.SortedStableFunc(slices.Values(p.Features), func(a, b compiler.FeatureUsage) int {
		return cmp.Compare(b.Splits, a.Splits)
	})
}

func printSplits(w io.Writer, p *compiler.Part) {
	if len(p.Features) == 0 {
		return
	}
	covered := p.Features[0].Cover != nil
	fmt.Fprint(w, "feature\tsplits\tshare\t")
	if covered {
		fmt.Fprint(w, "cover\t")
	}
	fmt.Fprintln(w, "thresholds")
	for i, f := range bySplits(p) {
		if i == mostFeatures {
			break
		}
		fmt.Fprintf(w, "%s\t%d\t%.1f %%\t", printable.Name(f.Name), f.Splits, 100**f.Share)
		if covered {
			fmt.Fprintf(w, "%.1f %%\t", 100**f.Cover)
		}
		var numbers []string
		for _, v := range f.Thresholds {
			numbers = append(numbers, fmt.Sprintf("%.6g", v))
		}
		fmt.Fprintln(w, listed(numbers, mostThresholds))
	}
	more(w, len(p.Features), mostFeatures, "features")
	if covered {
		fmt.Fprintln(w, "share is the part of all splits, cover that of the hit rates that the file gives them")
	} else {
		fmt.Fprintln(w, "share is the part of all splits; the file has no hit rates of them")
	}
}

// column are numbers of all features, with what stands below them.
type column struct {
	name string
	of   func(f compiler.FeatureUsage) float64
	plus *float64 // the intercept
}

// columnsOf are the coefficients of each score, or the centroids.
func columnsOf(p *compiler.Part) []column {
	var out []column
	for i, s := range p.Scores {
		of := func(f compiler.FeatureUsage) float64 { return f.Coefficients[i] }
		out = append(out, column{s.Name, of, &s.Intercept})
	}
	for i := range p.Clusters {
		of := func(f compiler.FeatureUsage) float64 { return f.Centroids[i] }
		out = append(out, column{fmt.Sprintf("centroid %d", i), of, nil})
	}
	return out
}

func printColumns(w io.Writer, p *compiler.Part) {
	all := columnsOf(p)
	if len(all) == 0 {
		return
	}
	columns := all[:min(mostColumns, len(all))]
	line := func(name string, cell func(c column) string) {
		fmt.Fprint(w, name)
		for _, c := range columns {
			fmt.Fprintf(w, "\t%s", cell(c))
		}
		fmt.Fprintln(w)
	}
	line("feature", func(c column) string { return printable.Line(c.name) })
	for _, f := range p.Features[:min(mostFeatures, len(p.Features))] {
		line(printable.Name(f.Name), func(c column) string { return fmt.Sprintf("%.6g", c.of(f)) })
	}
	if len(p.Scores) > 0 {
		line("intercept", func(c column) string { return fmt.Sprintf("%.6g", *c.plus) })
	}
	more(w, len(p.Features), mostFeatures, "features")
	more(w, len(all), mostColumns, "columns")
}

// bars draws what the model holds: coefficients, coordinates of centroids, or how many splits
// each feature has.
func (c contents) bars() plot.Bars {
	out := plot.Bars{Title: c.Model}
	parts := c.Parts[:min(mostParts, len(c.Parts))]
	for i := range parts {
		p := &parts[i]
		if p.Trees != nil {
			out.Groups = append(out.Groups, splitBars(p))
		}
		columns := columnsOf(p)
		for _, of := range columns[:min(mostColumns, len(columns))] {
			out.Groups = append(out.Groups, columnBars(p, of))
		}
	}
	out.Note = "no trees, linear model or centroids"
	if len(out.Groups) > 0 {
		out.Note = "what the model holds of each feature, as its file has it"
	}
	return out
}

func splitBars(p *compiler.Part) plot.BarGroup {
	g := plot.BarGroup{Title: p.Node + ": splits by feature", Note: sizes(p.Trees)}
	for _, f := range bySplits(p) {
		if len(g.Bars) == mostBars {
			g.Rest++
			continue
		}
		text := fmt.Sprintf("%d, %.1f %%", f.Splits, 100**f.Share)
		g.Bars = append(g.Bars, plot.Bar{Name: f.Name, Value: float64(f.Splits), Text: text})
	}
	return g
}

func columnBars(p *compiler.Part, c column) plot.BarGroup {
	g := plot.BarGroup{Title: p.Node + ": " + c.name, Note: p.Kind}
	if c.plus != nil {
		g.Note = fmt.Sprintf("%s, intercept %.6g", p.Kind, *c.plus)
	}
	order := slices.SortedStableFunc(slices.Values(p.Features), func(a, b compiler.FeatureUsage) int {
		return cmp.Compare(max(c.of(b), -c.of(b)), max(c.of(a), -c.of(a)))
	})
	if p.Clusters > 0 {
		order = p.Features
	}
	for _, f := range order[:min(mostBars, len(order))] {
		g.Bars = append(g.Bars, plot.Bar{Name: f.Name, Value: c.of(f), Text: fmt.Sprintf("%.6g", c.of(f))})
	}
	g.Rest = len(p.Features) - len(g.Bars)
	return g
}
