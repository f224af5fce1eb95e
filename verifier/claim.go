package verifier

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"

	"github.com/zkml-go/zkml/visibility"
)

// Statement is what a proof asserts, for people: what visibility.Claim says in integers.
// The elements of public inputs are not repeated here.
type Statement struct {
	// Output is the only output, if a layout has one and shows it; Outputs are all.
	Output  *Output       `json:"output,omitempty"`
	Outputs []NamedOutput `json:"outputs"`
	// InputCommitment is the only commitment to inputs, OutputCommitment that to the
	// only output. InputCommitments are all commitments to inputs, if there are several
	// or one that does not cover all inputs.
	InputCommitment  *Word             `json:"input_commitment,omitempty"`
	InputCommitments []NamedCommitment `json:"input_commitments,omitempty"`
	OutputCommitment *Word             `json:"output_commitment,omitempty"`
	Context          *Word             `json:"context,omitempty"`
	ModelCommitment  *Word             `json:"model_commitment,omitempty"`
	// Signer is the key of the input's signer: the two coordinates of a point.
	Signer []Word `json:"signer,omitempty"`
}

// NamedOutput is what is shown of one output: its scores, which are integers if the
// model says so, its class, with its label if the model has labels, or a commitment.
// Integers of a model that stand for texts have these as labels too.
type NamedOutput struct {
	Name       string                `json:"name"`
	Reveal     visibility.Visibility `json:"reveal"`
	Scores     []float64             `json:"scores,omitempty"`
	Integers   []int64               `json:"integers,omitempty"`
	Class      Classes               `json:"class,omitempty"`
	Label      Labels                `json:"label,omitempty"`
	Commitment *Word                 `json:"commitment,omitempty"`
}

// NamedCommitment is a commitment to the inputs of the given names.
type NamedCommitment struct {
	Inputs     []string `json:"inputs"`
	Commitment Word     `json:"commitment"`
}

// Output is a model's revealed output, flattened row-major: scores as real
// numbers (integer × scale), integers if the output is of an integer type or of
// booleans, or classes if an argmax is part of the circuit.
type Output struct {
	Scores   []float64 `json:"scores,omitempty"`
	Integers []int64   `json:"integers,omitempty"`
	Class    Classes   `json:"class,omitempty"`
}

// Classes holds one class for each group; in JSON, a single one is a plain number.
type Classes []int64

// Labels holds the text of each class; in JSON, a single one is a plain string.
type Labels []string

// MarshalJSON writes a number for one class and an array for several.
func (c Classes) MarshalJSON() ([]byte, error) { return marshalFew(c) }

// UnmarshalJSON reads either form.
func (c *Classes) UnmarshalJSON(text []byte) error {
	if unmarshalFew(text, c) != nil {
		return errors.New("class is neither a whole number nor an array of them")
	}
	return nil
}

// MarshalJSON writes a string for one label and an array for several.
func (l Labels) MarshalJSON() ([]byte, error) { return marshalFew(l) }

// UnmarshalJSON reads either form.
func (l *Labels) UnmarshalJSON(text []byte) error {
	if unmarshalFew(text, l) != nil {
		return errors.New("label is neither a string nor an array of them")
	}
	return nil
}

func marshalFew[S ~[]T, T any](list S) ([]byte, error) {
	if len(list) == 1 {
		return json.Marshal(list[0])
	}
	return json.Marshal([]T(list))
}

func unmarshalFew[S ~[]T, T any](text []byte, list *S) error {
	if bytes.HasPrefix(text, []byte("[")) {
		var all []T
		err := json.Unmarshal(text, &all)
		*list = all
		return err
	}
	var one *T
	if err := json.Unmarshal(text, &one); err != nil {
		return err
	}
	if one == nil {
		return errors.New("null")
	}
	*list = S{*one}
	return nil
}

// InWords decodes a claim of a layout. Commitments, contexts and keys must be in
// [0, r), as they are in a claim that visibility.Layout made or accepted.
func InWords(layout visibility.Layout, claim visibility.Claim) Statement {
	var s Statement
	for i := range layout.Ports {
		p := &layout.Ports[i]
		if describe, ok := inWords[p.Role]; ok && i < len(claim) {
			describe(&s, layout, p, claim[i])
		}
	}
	if len(s.Outputs) == 1 {
		o := s.Outputs[0]
		s.OutputCommitment = o.Commitment
		if o.Commitment == nil {
			s.Output = &Output{Scores: o.Scores, Integers: o.Integers, Class: o.Class}
		}
	}
	if len(s.InputCommitments) == 1 {
		s.InputCommitment = &s.InputCommitments[0].Commitment
		if len(s.InputCommitments[0].Inputs) == len(layout.Inputs()) {
			s.InputCommitments = nil
		}
	}
	return s
}

// inWords lists what a claim about a port of each role adds to a statement.
var inWords = map[visibility.Role]func(*Statement, visibility.Layout, *visibility.Port, visibility.Value){
	visibility.RoleInput: func(s *Statement, l visibility.Layout, p *visibility.Port, v visibility.Value) {
		if c := word(v.Element()); c != nil {
			s.InputCommitments = append(s.InputCommitments, NamedCommitment{CoveredNames(l, p), *c})
		}
	},
	visibility.RoleOutput: func(s *Statement, _ visibility.Layout, p *visibility.Port, v visibility.Value) {
		s.Outputs = append(s.Outputs, outputOf(p, v))
	},
	visibility.RoleContext: func(s *Statement, _ visibility.Layout, _ *visibility.Port, v visibility.Value) {
		s.Context = word(v.Element())
	},
	visibility.RoleModel: func(s *Statement, _ visibility.Layout, _ *visibility.Port, v visibility.Value) {
		s.ModelCommitment = word(v.Element())
	},
	visibility.RoleSigner: func(s *Statement, _ visibility.Layout, _ *visibility.Port, v visibility.Value) {
		for _, e := range v.Elements {
			s.Signer = append(s.Signer, *word(e))
		}
	},
}

// CoveredNames returns the names of the ports that the commitment of p covers.
func CoveredNames(l visibility.Layout, p *visibility.Port) []string {
	ports, _ := l.Covered(p)
	return visibility.Names(ports)
}

func outputOf(p *visibility.Port, v visibility.Value) NamedOutput {
	if c := word(v.Element()); c != nil {
		return NamedOutput{Name: p.Name, Reveal: p.Visibility, Commitment: c}
	}
	return Decoded(p, v.Integers)
}

// Decoded returns all of an output with the given integers, whatever a proof shows of it.
func Decoded(p *visibility.Port, integers []int64) NamedOutput {
	shown := Decode(p.Tensor, integers)
	return NamedOutput{
		Name: p.Name, Reveal: p.Visibility,
		Scores: shown.Scores, Integers: shown.Integers, Class: shown.Class, Label: LabelsOf(p.Tensor, integers),
	}
}

// LabelsOf returns the texts of classes, or of other numbers that have texts; nil if the
// tensor lacks one of them.
func LabelsOf(t visibility.Tensor, numbers []int64) Labels {
	if len(t.Texts) == 0 {
		return nil
	}
	of := make(map[int64]string, len(t.Texts))
	for _, x := range t.Texts {
		of[x.Number] = x.Text
	}
	var out Labels
	for _, n := range numbers {
		text, ok := of[n]
		if !ok {
			return nil
		}
		out = append(out, text)
	}
	return out
}

// Decode turns the integers of an output into real scores, or into classes; integers of
// the model stay what they are.
func Decode(t visibility.Tensor, integers []int64) *Output {
	switch {
	case t.Classes:
		return &Output{Class: append(Classes{}, integers...)}
	case t.Type != visibility.Real:
		return &Output{Integers: append([]int64{}, integers...)}
	}
	return &Output{Scores: t.Decode(integers)}
}

func word(v *big.Int) *Word {
	if v == nil {
		return nil
	}
	w, err := NewWord(v)
	if err != nil {
		return nil
	}
	return &w
}
