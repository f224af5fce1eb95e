package inspect

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/problem"
)

// survey is what is known of a model before it is compiled.
type survey struct {
	model string
	*compiler.Survey
}

// surveyJSON is a survey as JSON.
type surveyJSON struct {
	Model string `json:"model"`
	*compiler.Survey
	Refusals []refusalJSON `json:"refusals"`
}

// refusalJSON is a refusal, in the parts of a problem.Error. Node and Operator are left out where
// it is none of a node.
type refusalJSON struct {
	Node     string       `json:"node,omitempty"`
	Operator string       `json:"operator,omitempty"`
	Code     problem.Code `json:"code,omitempty"`
	Reason   string       `json:"reason"` // without the node
	Text     string       `json:"text"`   // as compile says it
}

func (s survey) emit(a *app.App) error {
	object := surveyJSON{s.model, s.Survey, []refusalJSON{}}
	for _, r := range s.Refusals {
		of := refusalJSON{Node: r.Node, Operator: r.Operator, Reason: reason(r), Text: app.Text(r.Err)}
		if p := problem.Of(r.Err); p != nil {
			of.Code = p.Code
		}
		object.Refusals = append(object.Refusals, of)
	}
	return a.Emit(object, s.print)
}

// reason is the text of a refusal without its node.
func reason(r compiler.ModelRefusal) string {
	text := app.Text(r.Err)
	if p := problem.Of(r.Err); p != nil && r.Node != "" {
		text = strings.TrimPrefix(text, p.Place+": ")
	}
	return text
}

func (s survey) print(w io.Writer) {
	fmt.Fprintf(w, "model\t%s\n", printable.Name(s.model))
	for _, p := range s.Inputs {
		fmt.Fprintf(w, "input\t%s %s%v\n", printable.Name(p.Name), p.Type, p.Shape)
	}
	for _, p := range s.Outputs {
		fmt.Fprintf(w, "output\t%s %s%v\n", printable.Name(p.Name), p.Type, p.Shape)
	}
	var operators, opsets []string
	for _, name := range slices.Sorted(maps.Keys(s.Operators)) {
		operators = append(operators, fmt.Sprintf("%d %s", s.Operators[name], printable.Name(name)))
	}
	for _, domain := range slices.Sorted(maps.Keys(s.Opsets)) {
		opsets = append(opsets, fmt.Sprintf("%s %d", printable.Name(domain), s.Opsets[domain]))
	}
	fmt.Fprintf(w, "opset\t%s\n", strings.Join(opsets, ", "))
	fmt.Fprintf(w, "operators\t%s\n", listed(operators, mostFeatures))
	fmt.Fprintf(w, "parameters\t%d\n", s.Parameters)
	fmt.Fprintf(w, "refusals\t%s\n\n", counted(len(s.Refusals)))
	fmt.Fprintln(w, "node\toperator\toutput\tparameters\tstate")
	for _, n := range s.Nodes {
		var outs []string
		for _, out := range n.Outputs {
			outs = append(outs, shapeText(out))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\n", printable.Name(n.Name), printable.Name(n.Operator),
			strings.Join(outs, ", "), n.Parameters, n.State)
	}
	if s.Ended != "" {
		fmt.Fprintf(w, "\n%s\n", printable.Line(s.Ended))
	}
	s.printRefusals(w)
}

func counted(refusals int) string {
	if refusals == 0 {
		return "none: samples and targets decide the rest"
	}
	return fmt.Sprint(refusals)
}

// shapeText is the type and shape of an output.
func shapeText(p compiler.NodePort) string {
	if p.Shape == nil {
		return "?"
	}
	return fmt.Sprintf("%s%v", p.Type, p.Shape)
}

// mostOfReason is how many nodes are named that are refused for one reason.
const mostOfReason = 8

// printRefusals writes each reason once, with the nodes that have it.
func (s survey) printRefusals(w io.Writer) {
	var reasons []string
	of := map[string][]string{}
	for _, r := range s.Refusals {
		text := reason(r)
		if of[text] == nil {
			reasons = append(reasons, text)
		}
		if of[text] = append(of[text], ""); r.Node != "" {
			of[text][len(of[text])-1] = printable.Line(fmt.Sprintf("%s (%s)", r.Node, r.Operator))
		}
	}
	for _, text := range reasons {
		who := listed(of[text], mostOfReason)
		if who != "" {
			who += ": "
		}
		fmt.Fprintf(w, "\nrefused: %s%s\n", who, printable.Line(text))
	}
}
