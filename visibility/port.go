package visibility

import (
	"fmt"
	"math/big"
)

// Role says what part a port plays in the statement.
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

// What a proof can show of a port. Those of outputs are also values of Reveal.
const (
	// Public: an input's packed elements, the context, a signer's key, or a model's
	// weights, which are constants of the circuit.
	Public Visibility = "public"
	// Committed: a salted commitment to a tensor and to those that share it.
	Committed Visibility = "commitment"
	// Shared: no commitment of its own; that of another input covers it too.
	Shared Visibility = "shared"
	// ByScores and ByClass: an output's elements, one public input each.
	ByScores Visibility = "scores"
	ByClass  Visibility = "class"
	// InKey: nothing; the weights are constants, which the verifying key hides.
	InKey Visibility = "key"
	// Hashed: a salted commitment to the weights.
	Hashed Visibility = "hash"
)

// Port is a row of a layout: a value that the statement is about, what is shown of it,
// and where that is among the public inputs. Name is unique among the ports of one
// role. Only inputs and outputs have a Tensor.
type Port struct {
	Role       Role       `json:"role"`
	Visibility Visibility `json:"visibility"`
	Tensor
	// With names the input whose commitment covers this one, if it is Shared.
	With string `json:"with,omitempty"`
	// Of names the input that a signer signs, Scheme says how, and Purpose what
	// for: the signature covers the input and the purpose.
	Of      string `json:"of,omitempty"`
	Scheme  Scheme `json:"scheme,omitempty"`
	Purpose string `json:"purpose,omitempty"`
	// Threshold, if not nil, is the number above which a score means class 1. The class,
	// 0 or 1, is shown in place of the score.
	Threshold *float64 `json:"threshold,omitempty"`
	// Start and Words say which public inputs show the port.
	Start int `json:"start"`
	Words int `json:"words"`
}

// Form is how the public inputs of a port are read.
type Form string

// The forms of public inputs.
const (
	FormNothing    Form = "nothing"    // none
	FormPacked     Form = "packed"     // a tensor's elements, many per word
	FormElements   Form = "elements"   // a tensor's elements, one per word, negative ones as r − |v|
	FormCommitment Form = "commitment" // one field element, a commitment
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
	// Hides says that part of the port must stay secret.
	Hides bool
	// Secrets are the secret inputs of the circuit that belong to the port.
	Secrets []SecretKind
}

// SecretKind says what secret inputs of a circuit are.
type SecretKind string

// The kinds of secret inputs.
const (
	SecretElements  SecretKind = "elements"  // a tensor's integers, but for constant elements
	SecretSalt      SecretKind = "salt"      // of a commitment
	SecretSignature SecretKind = "signature" // R's two coordinates and S
	SecretWeights   SecretKind = "weights"   // all weights of a hashed model, after its salt
)

// kinds is the table of all kinds of port. Check refuses a port that matches no row.
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

// Kind returns the port's row in the table of kinds. A port that passed Check has one;
// for others the row is empty.
func (p *Port) Kind() Kind {
	for _, k := range kinds {
		if k.Role == p.Role && k.Visibility == p.Visibility {
			return k
		}
	}
	return Kind{}
}

// Is reports whether the port has the form.
func (p *Port) Is(f Form) bool { return p.Kind().Form == f }

// Salted reports whether the port has a salt.
func (p *Port) Salted() bool {
	for _, s := range p.Kind().Secrets {
		if s == SecretSalt {
			return true
		}
	}
	return false
}

// form encodes and decodes the public inputs of one Form.
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

// fieldElements is the form of n field elements.
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
