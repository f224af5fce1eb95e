package visibility

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/problem"
)

// Plan holds the decisions about the ports of a statement, from which Layout is made.
type Plan struct {
	Private Private
	Bind    Bind // of a private model
	// Reveal is for the outputs that Reveals does not name.
	Reveal  Reveal
	Reveals map[string]Reveal
	// Thresholds are the numbers above which the scores of the outputs that they name mean
	// class 1.
	Thresholds map[string]float64
	// Commit says which private inputs share a commitment.
	Commit  Commit
	Context bool
	// SignedBy requires a signature of the input that Signed names, or of the only
	// input if Signed is empty. Purpose is what the signature is for.
	SignedBy Scheme
	Signed   string
	Purpose  string
	Batch    int
	// Inputs and Outputs are the tensors of one item of a batch. An output whose
	// Reveal is None gets no port.
	Inputs, Outputs []Tensor
}

// Layout makes the table of ports. The error names an input or output that the model
// does not have.
func (p Plan) Layout() (Layout, error) {
	if err := p.checkNames(); err != nil {
		return Layout{}, err
	}
	l := Layout{Version: LayoutVersion}
	shared := ""
	for _, t := range p.Inputs {
		in := Port{Role: RoleInput, Visibility: Public, Tensor: t}
		switch {
		case !p.Private.Hides(t.Name):
		case p.Commit == CommitTogether && shared != "":
			in.Visibility, in.With = Shared, shared
		default:
			in.Visibility, shared = Committed, t.Name
		}
		l.Ports = append(l.Ports, in)
	}
	for _, t := range p.Outputs {
		if r := p.RevealOf(t.Name); r != None {
			out := Port{Role: RoleOutput, Visibility: Visibility(r), Tensor: t}
			if threshold, ok := p.Thresholds[t.Name]; ok {
				out.Threshold = &threshold
			}
			l.Ports = append(l.Ports, out)
		}
	}
	if p.Context {
		l.Ports = append(l.Ports, bare(RoleContext, Public))
	}
	l.Ports = append(l.Ports, bare(RoleModel, p.model()))
	if p.SignedBy != "" {
		signer := bare(RoleSigner, Public)
		signer.Of, signer.Scheme, signer.Purpose = p.signed(), p.SignedBy, p.Purpose
		l.Ports = append(l.Ports, signer)
	}
	l = l.placed().Batched(p.Batch)
	return l, l.Check()
}

// bare returns a port that has no tensor.
func bare(role Role, v Visibility) Port {
	return Port{Role: role, Visibility: v, Tensor: Tensor{Name: string(role)}}
}

// model returns the visibility of the model.
func (p Plan) model() Visibility {
	switch {
	case !p.Private.Model:
		return Public
	case p.Bind == BindHash:
		return Hashed
	}
	return InKey
}

// RevealOf returns what is revealed of an output.
func (p Plan) RevealOf(output string) Reveal {
	if r, ok := p.Reveals[output]; ok {
		return r
	}
	return p.Reveal
}

// signed returns the name of the input that must be signed.
func (p Plan) signed() string {
	if p.Signed == "" && len(p.Inputs) == 1 {
		return p.Inputs[0].Name
	}
	return p.Signed
}

func (p Plan) checkNames() error {
	inputs, outputs := tensorNames(p.Inputs), tensorNames(p.Outputs)
	for _, name := range p.Private.Named {
		if !slices.Contains(inputs, name) {
			return unknownName("Private", namedInput+name, "inputs", inputs)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Reveals)) {
		if !slices.Contains(outputs, name) {
			return unknownName("Reveal", name+"="+string(p.Reveals[name]), "outputs", outputs)
		}
	}
	if !slices.ContainsFunc(outputs, func(name string) bool { return p.RevealOf(name) != None }) {
		return &problem.Error{
			Code: problem.Choice, Option: "${Reveal}", Place: "none for every output", Got: "there is nothing to prove",
			Remedy: "reveal at least one output, or commit to it",
		}
	}
	if p.SignedBy != "" && !slices.Contains(inputs, p.signed()) {
		return &problem.Error{
			Code: problem.Choice, Option: "${InputSignedBy}", Got: fmt.Sprintf("the model's inputs are %q", inputs),
			Remedy: fmt.Sprintf("name the input that is signed, as in ${InputSignedBy} NAME=%s", p.SignedBy),
		}
	}
	if p.SignedBy == "" && (p.Purpose != "" || p.Signed != "") {
		return &problem.Error{
			Code: problem.Missing, Got: "an input or a purpose of a signature, but no signature scheme",
			Remedy: "give ${InputSignedBy}",
		}
	}
	return nil
}

// unknownName is the error for an option that names an input or output that the model
// does not have.
func unknownName(option, place, what string, names []string) error {
	return &problem.Error{
		Code: problem.Choice, Option: "${" + option + "}", Place: place,
		Got: fmt.Sprintf("the model's %s are %q", what, names),
	}
}

func tensorNames(list []Tensor) []string {
	out := make([]string, len(list))
	for i, t := range list {
		out[i] = t.Name
	}
	return out
}

// Plan returns the decisions behind the layout: making a layout from them gives l again.
func (l Layout) Plan() Plan {
	p := Plan{Private: l.Private(), Bind: l.Bind(), Context: l.HasContext(), Batch: l.Batch,
		Reveals: map[string]Reveal{}}
	item := l.Item()
	for _, in := range item.Inputs() {
		p.Inputs = append(p.Inputs, in.Tensor)
	}
	for _, out := range item.Outputs() {
		p.Outputs = append(p.Outputs, out.Tensor)
		p.Reveals[out.Name] = Reveal(out.Visibility)
		p.Reveal = Reveal(out.Visibility)
		if out.Threshold != nil {
			if p.Thresholds == nil {
				p.Thresholds = map[string]float64{}
			}
			p.Thresholds[out.Name] = *out.Threshold
		}
	}
	if len(p.Outputs) == 1 {
		p.Reveals = nil
	}
	hidden := 0
	for _, in := range l.Inputs() {
		if in.Visibility == Committed {
			hidden++
		}
	}
	if hidden > 1 {
		p.Commit = CommitEach
	}
	for _, s := range l.Signers() {
		p.SignedBy, p.Signed, p.Purpose = s.Scheme, s.Of, s.Purpose
	}
	return p
}

// Revealed returns what is revealed of the outputs, as ParseReveals reads it.
func (l Layout) Revealed() string {
	outputs := l.Outputs()
	if len(outputs) == 1 {
		return string(outputs[0].Visibility)
	}
	words := make([]string, len(outputs))
	for i, p := range outputs {
		words[i] = p.Name + "=" + string(p.Visibility)
	}
	return strings.Join(words, ",")
}
