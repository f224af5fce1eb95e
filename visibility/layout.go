package visibility

import (
	"fmt"
	"math/big"
	"strconv"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// WordBits is how many bits of packed input one public input carries: the
// largest whole number of bits whose every pattern is below the field's size.
const WordBits = 253

// Tensor describes a quantised tensor at the border of a model: an element is
// the integer v, its real value v·Scale. v+Zero is in [0, 2^Bits).
type Tensor struct {
	Name  string  `json:"name"`
	Shape []int   `json:"shape"`
	Bits  int     `json:"bits"`
	Zero  int64   `json:"zero"`
	Scale float64 `json:"scale"`
}

// Count is the number of elements.
func (t Tensor) Count() int {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return n
}

// Format says how integers are packed and what they are worth. Tensors of equal
// text have equal commitments for equal values.
func (t Tensor) Format() string {
	return fmt.Sprintf("%d elements of %d bits, zero %d, scale %s", t.Count(), t.Bits, t.Zero, strconv.FormatFloat(t.Scale, 'g', -1, 64))
}

// PerWord is how many elements one packed word holds.
func (t Tensor) PerWord() int { return WordBits / t.Bits }

// Words is how many packed words the tensor fills.
func (t Tensor) Words() int { return (t.Count() + t.PerWord() - 1) / t.PerWord() }

// Pack packs values into words: element j of a word, counted from the first,
// stands at bit j·Bits as v+Zero. The error names the first element that the
// format cannot hold, by position and never by value.
func (t Tensor) Pack(values []int64) ([]*big.Int, error) {
	if len(values) != t.Count() {
		return nil, fmt.Errorf("%s: %d values for shape %v", t.Name, len(values), t.Shape)
	}
	words := make([]*big.Int, 0, t.Words())
	for i, v := range values {
		digit := new(big.Int).SetInt64(v)
		digit.Add(digit, big.NewInt(t.Zero))
		if digit.Sign() < 0 || digit.BitLen() > t.Bits {
			return nil, fmt.Errorf("%s: element %d does not fit its %d-bit format", t.Name, i, t.Bits)
		}
		j := i % t.PerWord()
		if j == 0 {
			words = append(words, new(big.Int))
		}
		w := words[len(words)-1]
		w.Or(w, digit.Lsh(digit, uint(j*t.Bits)))
	}
	return words, nil
}

// Layout is the table of a model's public inputs, in this order: the input
// (packed words, or one commitment), the output (scores, one element each; the
// class, one element for each group; or one commitment), then, where the model was
// compiled with them, the context, the commitment to the weights of a model that
// is bound by its hash, and the key of the input's signer, two coordinates.
type Layout struct {
	Private Private `json:"private"`
	Reveal  Reveal  `json:"reveal"`
	Context bool    `json:"context"`
	// Bind matters for a private model alone.
	Bind Bind `json:"bind_model,omitempty"`
	// SignedBy is how inputs are signed; empty where they need not be.
	SignedBy Scheme `json:"signed_by,omitempty"`
	// Batch is how many inputs one proof is about: the first axis of Input and of
	// Output. It is 0 where a proof is about one, and the tensors have no such axis.
	Batch int    `json:"batch,omitempty"`
	Input Tensor `json:"input"`
	// Output is the tensor that is revealed or committed to: scores, or classes
	// (Scale 1, Zero 0).
	Output Tensor `json:"output"`
	// Classes tells that Output holds classes, found by an argmax in the circuit.
	Classes bool `json:"classes"`
}

// Items is how many inputs one proof is about.
func (l Layout) Items() int { return max(l.Batch, 1) }

// Item is the layout of one input of a batch; of a layout without one, itself.
func (l Layout) Item() Layout {
	if l.Batch > 0 {
		l.Batch, l.Input.Shape, l.Output.Shape = 0, l.Input.Shape[1:], l.Output.Shape[1:]
	}
	return l
}

// Batched is the layout of n inputs, each as l has one. 0 gives l itself.
func (l Layout) Batched(n int) Layout {
	if n > 0 {
		l.Batch = n
		l.Input.Shape = append([]int{n}, l.Input.Shape...)
		l.Output.Shape = append([]int{n}, l.Output.Shape...)
	}
	return l
}

// Kind names what a public input is.
type Kind string

// The kinds of public inputs.
const (
	KindInput            Kind = "input"
	KindInputCommitment  Kind = "input_commitment"
	KindOutput           Kind = "output"
	KindOutputCommitment Kind = "output_commitment"
	KindContext          Kind = "context"
	KindModelCommitment  Kind = "model_commitment"
	KindSigner           Kind = "signer"
)

// Field is a run of public inputs of one kind.
type Field struct {
	Kind  Kind `json:"kind"`
	Start int  `json:"start"`
	Count int  `json:"count"`
}

// Fields lists the runs in order.
func (l Layout) Fields() []Field {
	in := Field{Kind: KindInput, Count: l.Input.Words()}
	if l.Private.Input {
		in = Field{Kind: KindInputCommitment, Count: 1}
	}
	out := Field{Kind: KindOutput, Start: in.Count, Count: l.Output.Count()}
	if l.Reveal == Commitment {
		out = Field{Kind: KindOutputCommitment, Start: in.Count, Count: 1}
	}
	fields := []Field{in, out}
	for _, f := range []struct {
		kind  Kind
		count int
		there bool
	}{{KindContext, 1, l.Context}, {KindModelCommitment, 1, l.Hashed()}, {KindSigner, 2, l.SignedBy != ""}} {
		if f.there {
			last := fields[len(fields)-1]
			fields = append(fields, Field{Kind: f.kind, Start: last.Start + last.Count, Count: f.count})
		}
	}
	return fields
}

// Count is the number of public inputs.
func (l Layout) Count() int {
	fields := l.Fields()
	last := fields[len(fields)-1]
	return last.Start + last.Count
}

// Claim is what a proof asserts, in integers. Input is set for a public input,
// InputCommitment for a private one; Output for revealed outputs,
// OutputCommitment for hidden ones; Context, ModelCommitment, and Signer's two
// coordinates, where the layout has them.
type Claim struct {
	Input            []int64
	InputCommitment  *big.Int
	Output           []int64
	OutputCommitment *big.Int
	Context          *big.Int
	ModelCommitment  *big.Int
	Signer           []*big.Int
}

// Public gives the public inputs of a claim, in the layout's order, each in
// [0, r). Negative outputs become r − |v|.
func (l Layout) Public(c Claim) ([]*big.Int, error) {
	var words []*big.Int
	for _, f := range l.Fields() {
		part, err := l.part(f.Kind, c)
		if err != nil {
			return nil, err
		}
		if len(part) != f.Count {
			return nil, fmt.Errorf("%s: %d values, the layout has %d", f.Kind, len(part), f.Count)
		}
		words = append(words, part...)
	}
	return words, nil
}

func (l Layout) part(k Kind, c Claim) ([]*big.Int, error) {
	switch k {
	case KindInput:
		return l.Input.Pack(c.Input)
	case KindInputCommitment:
		return element(k, c.InputCommitment)
	case KindOutputCommitment:
		return element(k, c.OutputCommitment)
	case KindContext:
		return element(k, c.Context)
	case KindModelCommitment:
		return element(k, c.ModelCommitment)
	case KindSigner:
		for i, v := range c.Signer {
			if _, err := element(k, v); err != nil {
				return nil, fmt.Errorf("coordinate %d: %w", i, err)
			}
		}
		return c.Signer, nil
	}
	out := make([]*big.Int, len(c.Output))
	for i, v := range c.Output {
		out[i] = new(big.Int).Mod(big.NewInt(v), fr.Modulus())
	}
	return out, nil
}

func element(k Kind, v *big.Int) ([]*big.Int, error) {
	if v == nil {
		return nil, fmt.Errorf("%s is missing", k)
	}
	if v.Sign() < 0 || v.Cmp(fr.Modulus()) >= 0 {
		return nil, fmt.Errorf("%s is not below the field's size r; take it modulo r, or drop its highest 3 bits", k)
	}
	return []*big.Int{v}, nil
}

// Claim reads public inputs back: the inverse of Public for revealed values.
// Packed input is unpacked; an output above r/2 is negative.
func (l Layout) Claim(words []*big.Int) (Claim, error) {
	if len(words) != l.Count() {
		return Claim{}, fmt.Errorf("%d public inputs, the layout has %d", len(words), l.Count())
	}
	for i, w := range words {
		if w.Sign() < 0 || w.Cmp(fr.Modulus()) >= 0 {
			return Claim{}, fmt.Errorf("public input %d is not below the field's size", i)
		}
	}
	var c Claim
	for _, f := range l.Fields() {
		part := words[f.Start : f.Start+f.Count]
		switch f.Kind {
		case KindInput:
			in, err := l.Input.unpack(part)
			if err != nil {
				return Claim{}, err
			}
			c.Input = in
		case KindInputCommitment:
			c.InputCommitment = part[0]
		case KindOutput:
			out, err := signed(part)
			if err != nil {
				return Claim{}, err
			}
			c.Output = out
		case KindOutputCommitment:
			c.OutputCommitment = part[0]
		case KindContext:
			c.Context = part[0]
		case KindModelCommitment:
			c.ModelCommitment = part[0]
		case KindSigner:
			c.Signer = part
		}
	}
	return c, nil
}

// unpack is the inverse of Pack. A word with bits beyond its last element is
// none that Pack makes.
func (t Tensor) unpack(words []*big.Int) ([]int64, error) {
	out := make([]int64, 0, t.Count())
	mask := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), uint(t.Bits)), big.NewInt(1))
	for i, w := range words {
		n := min(t.PerWord(), t.Count()-i*t.PerWord())
		if w.BitLen() > n*t.Bits {
			return nil, fmt.Errorf("%s: word %d has bits beyond its %d elements", t.Name, i, n)
		}
		for j := range n {
			d := new(big.Int).Rsh(w, uint(j*t.Bits))
			out = append(out, d.And(d, mask).Int64()-t.Zero)
		}
	}
	return out, nil
}

func signed(words []*big.Int) ([]int64, error) {
	out := make([]int64, len(words))
	half := new(big.Int).Rsh(fr.Modulus(), 1)
	for i, w := range words {
		v := new(big.Int).Set(w)
		if v.Cmp(half) > 0 {
			v.Sub(v, fr.Modulus())
		}
		if !v.IsInt64() {
			return nil, fmt.Errorf("output %d is outside 64 bits", i)
		}
		out[i] = v.Int64()
	}
	return out, nil
}
