package visibility

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/zkml-go/zkml/printable"
)

// WordBits is how many bits of packed elements one public input carries: the
// largest whole number of bits whose every pattern is below the field's size.
const WordBits = 253

// Type says what the elements of a tensor are.
type Type string

// The types of elements. An integer or a boolean is held as it is: one that the
// format cannot hold is refused, never limited.
const (
	Real    Type = ""        // a real number, rounded to a multiple of Scale
	Integer Type = "integer" // an integer, with Scale 1
	Boolean Type = "boolean" // 0 or 1, in one bit
)

// Tensor describes a quantised tensor at the border of a model: an element is
// the integer v, its real value v·Scale. v+Zero is in [0, 2^Bits).
type Tensor struct {
	Name  string  `json:"name"`
	Shape []int   `json:"shape,omitempty"`
	Bits  int     `json:"bits,omitempty"`
	Zero  int64   `json:"zero,omitempty"`
	Scale float64 `json:"scale,omitempty"`
	Type  Type    `json:"type,omitempty"`
	// Classes tells that the elements are positions found by an argmax (Scale 1,
	// Zero 0).
	Classes bool `json:"classes,omitempty"`
	// Elements is a format for each element, in place of Bits, Zero and Scale. No
	// circuit has it yet: Check refuses it.
	Elements []Element `json:"elements,omitempty"`
	// Texts are what numbers stand for: the labels of classes, or the words of a
	// categorical input. Check refuses the latter: no command reads them yet.
	Texts []Text `json:"texts,omitempty"`
}

// Element is the format of one element of a tensor. Missing, where it is given, is
// the integer that stands for a missing value.
type Element struct {
	Bits    int     `json:"bits"`
	Zero    int64   `json:"zero"`
	Scale   float64 `json:"scale"`
	Missing *int64  `json:"missing,omitempty"`
}

// Text is what a number stands for.
type Text struct {
	Number int64  `json:"number"`
	Text   string `json:"text"`
}

// Count is the number of elements.
func (t Tensor) Count() int {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return n
}

// Lowest is the format's lower end, in integers.
func (t Tensor) Lowest() int64 { return -t.Zero }

// Highest is the format's upper end, in integers.
func (t Tensor) Highest() int64 { return 1<<t.Bits - 1 - t.Zero }

// Format says how integers are packed and what they are worth, for people.
// Tensors of equal text have equal commitments for equal values.
func (t Tensor) Format() string {
	s := fmt.Sprintf("%d elements of %d bits, zero %d, scale %s", t.Count(), t.Bits, t.Zero,
		strconv.FormatFloat(t.Scale, 'g', -1, 64))
	return s + t.details()
}

// Domain is Format in a form that separates hashes: the scale is the 64 bits of a
// float64. A commitment to values has it in its first element, so that two are
// equal only of the same real values in the same format. The tensor's name, its
// shape's axes, its type and whether it holds classes, which may differ from model
// to model, are not part of it.
func (t Tensor) Domain() string {
	s := fmt.Sprintf("%d elements, %d bits, zero %d, scale %016x", t.Count(), t.Bits, t.Zero, math.Float64bits(t.Scale))
	return s + t.details()
}

// details are the parts of a format that most tensors have not.
func (t Tensor) details() string {
	var b strings.Builder
	for i, e := range t.Elements {
		fmt.Fprintf(&b, "; element %d: %d bits, zero %d, scale %016x", i, e.Bits, e.Zero, math.Float64bits(e.Scale))
		if e.Missing != nil {
			fmt.Fprintf(&b, ", missing %d", *e.Missing)
		}
	}
	return b.String()
}

// ValueDomain separates commitments to values of inputs and outputs from all other
// hashes; the domain of their format comes behind it.
const ValueDomain = "zkml value v1"

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

// Bounds on what a layout from a file may ask for: elements and their sums with a
// zero-point stay within 64 bits, and no shape makes a reader allocate without end.
const (
	maxBits     = 62
	maxElements = 1 << 24
)

// check refuses a format that the calls of Tensor could not work with.
func (t Tensor) check() error {
	if t.Bits < 1 || t.Bits > maxBits {
		return fmt.Errorf("%d bits; the format has 1 to %d", t.Bits, maxBits)
	}
	if t.Zero > 1<<maxBits || t.Zero < -1<<maxBits {
		return fmt.Errorf("zero %d is out of range", t.Zero)
	}
	if !(t.Scale > 0) || math.IsInf(t.Scale*math.MaxInt64, 0) {
		return fmt.Errorf("scale %g is not a positive, finite number", t.Scale)
	}
	count := 1
	for _, d := range t.Shape {
		if d < 1 || d > maxElements/count {
			return fmt.Errorf("shape %v; sizes are positive and hold at most %d elements together", t.Shape,
				maxElements)
		}
		count *= d
	}
	return t.checkMeaning()
}

// checkMeaning holds the format against what the elements are said to be.
func (t Tensor) checkMeaning() error {
	switch {
	case t.Classes && (t.Scale != 1 || t.Zero != 0):
		return fmt.Errorf("classes have scale 1 and zero 0, not %g and %d", t.Scale, t.Zero)
	case t.Type == Integer && t.Scale != 1:
		return fmt.Errorf("integers have scale 1, not %g", t.Scale)
	case t.Type == Boolean && (t.Scale != 1 || t.Zero != 0 || t.Bits != 1):
		return fmt.Errorf("booleans have 1 bit, zero 0 and scale 1, not %d bits, %d and %g", t.Bits, t.Zero, t.Scale)
	case t.Type != Real && t.Type != Integer && t.Type != Boolean:
		return fmt.Errorf("elements of type %q are unknown", string(t.Type))
	case len(t.Elements) > 0:
		return fmt.Errorf("a format for each element is not supported yet")
	case len(t.Texts) > 0 && !t.Classes:
		return fmt.Errorf("texts for numbers that are no classes are not supported yet")
	}
	seen := map[int64]bool{}
	for _, x := range t.Texts {
		if seen[x.Number] || x.Number < t.Lowest() || x.Number > t.Highest() {
			return fmt.Errorf("the text of %d stands twice, or for no number of the format", x.Number)
		}
		if err := printable.Check(x.Text); err != nil {
			return err
		}
		seen[x.Number] = true
	}
	return nil
}

// Label is the text of a number, where the tensor has one for it.
func (t Tensor) Label(number int64) (string, bool) {
	for _, x := range t.Texts {
		if x.Number == number {
			return x.Text, true
		}
	}
	return "", false
}

// Encode turns real values into the format's integers: a real number is rounded to
// the nearest, half upwards, and limited to the format. The error is of an integer
// or a boolean that is none or that the format cannot hold; it names the element
// and the range, and never the value.
func (t Tensor) Encode(x []float64) ([]int64, error) {
	out := make([]int64, len(x))
	lo, hi := float64(t.Lowest()), float64(t.Highest())
	for i, v := range x {
		if t.Type != Real {
			if v != math.Trunc(v) || v < lo || v > hi {
				return nil, fmt.Errorf("input %s: element %d is no integer from %d to %d", t.Name, i, t.Lowest(),
					t.Highest())
			}
			out[i] = int64(v)
			continue
		}
		out[i] = int64(math.Min(math.Max(math.Floor(v/t.Scale+0.5), lo), hi))
	}
	return out, nil
}
