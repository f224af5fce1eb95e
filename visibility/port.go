package visibility

import (
	"fmt"
	"math/big"
)

// Role says what a port is to the statement.
type Role string

// The roles of ports.
const (
	RoleInput   Role = "input"
	RoleOutput  Role = "output"
	RoleContext Role = "context"
	RoleModel   Role = "model"
	RoleSigner  Role = "signer"
)

// Visibility says what a proof shows of a port.
type Visibility string

// What a proof can show of a port. An output's are also the values of Reveal.
const (
	// Public: an input's packed elements, the context, a signer's key; of a model,
	// its weights, which are constants of the circuit.
	Public Visibility = "public"
	// Committed: a salted commitment to a tensor, and to those that share it.
	Committed Visibility = "commitment"
	// Shared: nothing of its own; the commitment of another input is about it too.
	Shared Visibility = "shared"
	// ByScores and ByClass: an output's elements, one public input each.
	ByScores Visibility = "scores"
	ByClass  Visibility = "class"
	// InKey: nothing; the weights are constants that the verifying key hides.
	InKey Visibility = "key"
	// Hashed: a salted commitment to the weights.
	Hashed Visibility = "hash"
)

// Port is a row of a layout: a value at the border of the statement, what is shown
// of it, and where that stands among the public inputs. Name is unique among the
// ports of one role. The tensor's format is there for inputs and outputs.
type Port struct {
	Role       Role       `json:"role"`
	Visibility Visibility `json:"visibility"`
	Tensor
	// With names the input whose commitment is about this one too, where it is
	// Shared.
	With string `json:"with,omitempty"`
	// Of names the input that a signer signed, Scheme how, and Purpose what for:
	// the signature is of both.
	Of      string `json:"of,omitempty"`
	Scheme  Scheme `json:"scheme,omitempty"`
	Purpose string `json:"purpose,omitempty"`
	// Thresholds are the scores, in integers, above which a score is of class 1. No
	// circuit has them yet: Check refuses them.
	Thresholds []int64 `json:"thresholds,omitempty"`
	// Start and Words say which public inputs show the port.
	Start int `json:"start"`
	Words int `json:"words"`
}

// Form is how the public inputs of a port are read.
type Form string

// The forms of public inputs.
const (
	FormNothing    Form = "nothing"    // there are none
	FormPacked     Form = "packed"     // a tensor's elements, many to a word
	FormElements   Form = "elements"   // a tensor's elements, one each, the negative ones as r − |v|
	FormCommitment Form = "commitment" // one field element, which opens to something
	FormNumber     Form = "number"     // one field element
	FormPoint      Form = "point"      // the two coordinates of a point
)

// Kind is a row of the table of kinds: what follows from a port's role and
// visibility.
type Kind struct {
	Name       string
	Role       Role
	Visibility Visibility
	Form       Form
	// Hides tells that the port has a part that a proof must not give away.
	Hides bool
	// Secrets are the secret inputs of the circuit that belong to the port.
	Secrets []SecretKind
}

// SecretKind says what secret inputs of a circuit are.
type SecretKind string

// The kinds of secret inputs.
const (
	SecretElements  SecretKind = "elements"  // a tensor's integers
	SecretSalt      SecretKind = "salt"      // of a commitment
	SecretSignature SecretKind = "signature" // R's two coordinates and S
	SecretWeights   SecretKind = "weights"   // of a hashed model, after its salt: as many as it has
)

// kinds is the table of all kinds of port. A port of no row is refused by Check.
var kinds = []Kind{
	{Name: "input", Role: RoleInput, Visibility: Public, Form: FormPacked, Secrets: []SecretKind{SecretElements}},
	{Name: "input_commitment", Role: RoleInput, Visibility: Committed, Form: FormCommitment, Hides: true,
		Secrets: []SecretKind{SecretElements, SecretSalt}},
	{Name: "shared_input", Role: RoleInput, Visibility: Shared, Form: FormNothing, Hides: true,
		Secrets: []SecretKind{SecretElements}},
	{Name: "output", Role: RoleOutput, Visibility: ByScores, Form: FormElements},
	{Name: "output", Role: RoleOutput, Visibility: ByClass, Form: FormElements},
	{Name: "output_commitment", Role: RoleOutput, Visibility: Committed, Form: FormCommitment, Hides: true,
		Secrets: []SecretKind{SecretSalt}},
	{Name: "context", Role: RoleContext, Visibility: Public, Form: FormNumber},
	{Name: "model", Role: RoleModel, Visibility: Public, Form: FormNothing},
	{Name: "hidden_model", Role: RoleModel, Visibility: InKey, Form: FormNothing, Hides: true},
	{Name: "model_commitment", Role: RoleModel, Visibility: Hashed, Form: FormCommitment, Hides: true,
		Secrets: []SecretKind{SecretWeights}},
	{Name: "signer", Role: RoleSigner, Visibility: Public, Form: FormPoint, Hides: true,
		Secrets: []SecretKind{SecretSignature}},
}

// Kinds lists the table's rows.
func Kinds() []Kind { return append([]Kind{}, kinds...) }

// Kind is the port's row in the table of kinds. A port that passed Check has one;
// for another the row is empty.
func (p *Port) Kind() Kind {
	for _, k := range kinds {
		if k.Role == p.Role && k.Visibility == p.Visibility {
			return k
		}
	}
	return Kind{}
}

// Is tells whether the port has the form.
func (p *Port) Is(f Form) bool { return p.Kind().Form == f }

// Salted tells whether a salt belongs to the port.
func (p *Port) Salted() bool {
	for _, s := range p.Kind().Secrets {
		if s == SecretSalt {
			return true
		}
	}
	return false
}

// form is what is done with the public inputs of one form.
type form struct {
	words  func(p *Port) int
	encode func(p *Port, v Value) ([]*big.Int, error)
	decode func(p *Port, words []*big.Int) (Value, error)
}

// forms is the table of all forms.
var forms = map[Form]form{
	FormNothing: {
		words:  func(*Port) int { return 0 },
		encode: func(*Port, Value) ([]*big.Int, error) { return nil, nil },
		decode: func(*Port, []*big.Int) (Value, error) { return Value{}, nil },
	},
	FormPacked: {
		words:  func(p *Port) int { return p.Tensor.Words() },
		encode: func(p *Port, v Value) ([]*big.Int, error) { return p.Pack(v.Integers) },
		decode: func(p *Port, words []*big.Int) (Value, error) {
			in, err := p.unpack(words)
			return Value{Integers: in}, err
		},
	},
	FormElements:   {words: func(p *Port) int { return p.Count() }, encode: encodeElements, decode: decodeElements},
	FormCommitment: fieldElements(1),
	FormNumber:     fieldElements(1),
	FormPoint:      fieldElements(2),
}

// fieldElements is the form of so many field elements.
func fieldElements(n int) form {
	return form{
		words: func(*Port) int { return n },
		encode: func(p *Port, v Value) ([]*big.Int, error) {
			for i := range n {
				if err := element(p, v.Elements, i, n); err != nil {
					return nil, err
				}
			}
			return v.Elements, nil
		},
		decode: func(_ *Port, words []*big.Int) (Value, error) { return Value{Elements: words}, nil },
	}
}

func element(p *Port, all []*big.Int, i, of int) error {
	name := p.Kind().Name
	if of > 1 {
		name = fmt.Sprintf("coordinate %d: %s", i, name)
	}
	if i >= len(all) || all[i] == nil {
		return fmt.Errorf("%s is missing", name)
	}
	if !belowField(all[i]) {
		return fmt.Errorf("%s is not below the field's size r; take it modulo r, or drop its highest 3 bits", name)
	}
	return nil
}
