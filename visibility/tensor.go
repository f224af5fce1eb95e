package visibility

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/zkml-go/zkml/budget"
)

// WordBits is the number of bits that one public input carries: the largest number
// for which every pattern of bits is below the field's size.
const WordBits = 253

// Type says what the elements of a tensor are.
type Type string

// The types of elements. Integers and booleans are exact: a value that the format
// cannot hold is refused, never clamped.
const (
	Real    Type = ""        // a real number, rounded to a multiple of Scale
	Integer Type = "integer" // an integer, with Scale 1
	Boolean Type = "boolean" // 0 or 1, in one bit
)

// Tensor describes a quantised input or output of a model: an element is the integer
// v, its real value is v·Scale, and v+Zero is in [0, 2^Bits).
type Tensor struct {
	Name  string  `json:"name"`
	Shape []int   `json:"shape,omitempty"`
	Bits  int     `json:"bits,omitempty"`
	Zero  int64   `json:"zero,omitempty"`
	Scale float64 `json:"scale,omitempty"`
	Type  Type    `json:"type,omitempty"`
	// Classes says that the elements are positions found by an argmax (Scale 1,
	// Zero 0).
	Classes bool `json:"classes,omitempty"`
	// ClassCount is the number of classes, each below it; 0 if it is not known, as in
	// layouts of zkml 0.1.
	ClassCount int64 `json:"class_count,omitempty"`
	// Elements is a format for each element of an input, in place of Bits, Zero and Scale,
	// which are 0 then. In a batch it is for the elements of one item: those of each have
	// the same formats. The method Element returns an element's format in every case.
	Elements []Element `json:"elements,omitempty"`
	// Texts are what numbers stand for, classes or integers: the labels of classes, or the
	// categories of an input. Each text stands once.
	Texts []Text `json:"texts,omitempty"`
	// Others says of an input that the number after those of all texts stands for any other
	// text.
	Others bool `json:"others,omitempty"`
}

// Count is the number of elements.
func (t Tensor) Count() int {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return n
}

// Lowest is the smallest integer that an element can be.
func (t Tensor) Lowest() int64 {
	lowest := t.LowestOf(0)
	for _, e := range t.Elements {
		lowest = min(lowest, e.Lowest())
	}
	return lowest
}

// Highest is the largest integer that an element can be.
func (t Tensor) Highest() int64 {
	highest := t.HighestOf(0)
	for _, e := range t.Elements {
		highest = max(highest, e.Highest())
	}
	return highest
}

// Format describes, for people, how integers are packed and what their scale is.
// Tensors with the same Format have equal commitments to equal values.
func (t Tensor) Format() string {
	s := fmt.Sprintf("%d elements of %d bits, zero %d, scale %s", t.Count(), t.Bits, t.Zero,
		strconv.FormatFloat(t.Scale, 'g', -1, 64))
	return s + t.details()
}

// Domain is Format as a domain separator for hashes: the scale is written as the 64
// bits of a float64. The first element of a commitment to values holds it, so that two
// commitments are equal only for the same real values in the same format. The tensor's
// name, the axes of its shape, its type, Classes and ClassCount are not part of it, since
// they may differ from model to model.
func (t Tensor) Domain() string {
	s := fmt.Sprintf("%d elements, %d bits, zero %d, scale %016x", t.Count(), t.Bits, t.Zero, math.Float64bits(t.Scale))
	return s + t.details()
}

// details are the parts of a format that most tensors do not have.
func (t Tensor) details() string {
	var b strings.Builder
	for i, e := range t.Elements {
		fmt.Fprintf(&b, "; element %d: %d bits, zero %d, scale %016x", i, e.Bits, e.Zero, math.Float64bits(e.Scale))
		if e.Missing != nil {
			fmt.Fprintf(&b, ", missing %d", *e.Missing)
		}
	}
	return b.String() + t.textDetails()
}

// ValueDomain separates commitments to values of inputs and outputs from all other
// hashes; the domain of their format follows it.
const ValueDomain = "zkml value v1"

// PerWord is the number of elements in one packed word, where all have one format.
func (t Tensor) PerWord() int { return WordBits / t.Bits }

// Words is the number of packed words that the tensor fills.
func (t Tensor) Words() int {
	if len(t.Elements) == 0 {
		return (t.Count() + t.PerWord() - 1) / t.PerWord()
	}
	last := 0
	for _, at := range t.Places() {
		last = at.Word
	}
	return last + 1
}

// Pack packs values into words: each is stored as v+Zero in its place (see Places). The
// error gives the position of the first element that its format cannot hold, never its value.
func (t Tensor) Pack(values []int64) ([]*big.Int, error) {
	if len(values) != t.Count() {
		return nil, fmt.Errorf("%s: %d values for shape %v", t.Name, len(values), t.Shape)
	}
	words := make([]*big.Int, 0, t.Words())
	for i, at := range t.Places() {
		digit := new(big.Int).SetInt64(values[i])
		digit.Add(digit, big.NewInt(at.Zero))
		if digit.Sign() < 0 || digit.BitLen() > at.Bits {
			return nil, fmt.Errorf("%s: element %d does not fit its %d-bit format", t.Name, i, at.Bits)
		}
		if at.Word == len(words) {
			words = append(words, new(big.Int))
		}
		w := words[at.Word]
		w.Or(w, digit.Lsh(digit, uint(at.Bit)))
	}
	return words, nil
}

// unpack is the inverse of Pack. It refuses a word with bits beyond its last element,
// which Pack never makes.
func (t Tensor) unpack(words []*big.Int) ([]int64, error) {
	for i, used := range t.Used() {
		if words[i].BitLen() > used {
			return nil, fmt.Errorf("%s: word %d has bits beyond its last element", t.Name, i)
		}
	}
	out := make([]int64, 0, t.Count())
	for _, at := range t.Places() {
		mask := new(big.Int).SetInt64(1<<at.Bits - 1)
		d := new(big.Int).Rsh(words[at.Word], uint(at.Bit))
		out = append(out, d.And(d, mask).Int64()-at.Zero)
	}
	return out, nil
}

// maxBits bounds a format: elements and their sums with a zero-point stay within 64 bits.
const maxBits = 62

// mostClasses is what contracts can state. No model has that many, since an argmax finds each
// class among elements.
const mostClasses = math.MaxUint32

// maxElements bounds the elements of a layout's tensors together, so that no shape makes a
// reader allocate without end.
var maxElements = int(budget.LayoutElements.Most)

// check refuses a format that the methods of Tensor could not work with.
func (t Tensor) check() error {
	if len(t.Elements) == 0 {
		if err := t.Element(0).check(1); err != nil {
			return err
		}
	} else if err := t.checkElements(); err != nil {
		return err
	}
	count := 1
	for _, d := range t.Shape {
		if d < 1 || d > maxElements/count {
			return fmt.Errorf("shape %v; sizes must be positive, and their product at most %d", t.Shape,
				maxElements)
		}
		count *= d
	}
	return t.checkMeaning()
}

// checkMeaning checks that the format fits the type of the elements.
func (t Tensor) checkMeaning() error {
	switch {
	case t.Classes && (t.Scale != 1 || t.Zero != 0):
		return fmt.Errorf("classes have scale 1 and zero 0, not %g and %d", t.Scale, t.Zero)
	case t.ClassCount != 0 && !t.Classes:
		return fmt.Errorf("%d classes, but the elements are not classes", t.ClassCount)
	case t.ClassCount < 0 || t.Classes && t.ClassCount > min(t.Highest()+1, mostClasses):
		return fmt.Errorf("%d classes do not fit %d bits, or are more than %d", t.ClassCount, t.Bits,
			int64(mostClasses))
	case t.Type == Integer && t.Scale != 1 && len(t.Elements) == 0:
		return fmt.Errorf("integers have scale 1, not %g", t.Scale)
	case t.Type == Boolean && (t.Scale != 1 || t.Zero != 0 || t.Bits != 1):
		return fmt.Errorf("booleans have 1 bit, zero 0 and scale 1, not %d bits, %d and %g", t.Bits, t.Zero, t.Scale)
	case t.Type != Real && t.Type != Integer && t.Type != Boolean:
		return fmt.Errorf("unknown element type %q", string(t.Type))
	}
	return t.checkTexts()
}

// Encode turns real values into the integers of their formats: a real number is rounded to
// the nearest, half upwards, and clamped to the integers that stand for numbers; NaN becomes
// the integer for a missing value. An element of an integer or boolean tensor that is not
// one, or that its format cannot hold, and NaN where a format has no integer for it, are
// errors, which give the position and never the value.
func (t Tensor) Encode(x []float64) ([]int64, error) {
	out := make([]int64, len(x))
	for i, v := range x {
		var err error
		if out[i], err = t.Element(i).encode(v, t.Type); err != nil {
			return nil, fmt.Errorf("input %s: element %d %w", t.Name, i, err)
		}
		if n := t.Numbers(); n > 0 && (out[i] < 0 || out[i] >= n) {
			return nil, fmt.Errorf("input %s: element %d is not the number of a text, from 0 to %d", t.Name, i, n-1)
		}
	}
	return out, nil
}
