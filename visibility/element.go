package visibility

import (
	"fmt"
	"iter"
	"math"
)

// Element is the format of one element of a tensor: an integer v stands for the real number
// v·Scale, and v+Zero is in [0, 2^Bits). With 0 bits the element is the constant −Zero.
// Missing, if given, is the lowest or the highest integer of the format; it stands for a
// missing value, NaN, and for no number.
type Element struct {
	Bits    int     `json:"bits"`
	Zero    int64   `json:"zero"`
	Scale   float64 `json:"scale"`
	Missing *int64  `json:"missing,omitempty"`
}

// Element returns the format of element i of the tensor, which is a batch or one item of it.
func (t Tensor) Element(i int) Element {
	if n := len(t.Elements); n > 0 {
		return t.Elements[i%n]
	}
	return Element{Bits: t.Bits, Zero: t.Zero, Scale: t.Scale}
}

// LowestOf is the smallest integer that the format of element i can hold.
func (t Tensor) LowestOf(i int) int64 { return t.Element(i).Lowest() }

// HighestOf is the largest integer that the format of element i can hold.
func (t Tensor) HighestOf(i int) int64 { return t.Element(i).Highest() }

// Lowest is the smallest integer that the format can hold.
func (e Element) Lowest() int64 { return -e.Zero }

// Highest is the largest integer that the format can hold.
func (e Element) Highest() int64 { return 1<<e.Bits - 1 - e.Zero }

// Equal reports whether two formats are the same.
func (e Element) Equal(o Element) bool {
	if e.Missing != nil && o.Missing != nil && *e.Missing == *o.Missing {
		e.Missing, o.Missing = nil, nil
	}
	return e == o
}

// Constant reports whether the format has one integer only. Nothing carries such an element:
// it takes no bits of a word, and no circuit reads it.
func (e Element) Constant() bool { return e.Bits == 0 }

// Numbers returns the smallest and the largest integer that stand for a number: all of the
// format but Missing.
func (e Element) Numbers() (lowest, highest int64) {
	lowest, highest = e.Lowest(), e.Highest()
	switch {
	case e.Missing == nil:
	case *e.Missing == lowest:
		lowest++
	default:
		highest--
	}
	return lowest, highest
}

// Round returns the multiple of Scale that is nearest to a real number, half upwards, as an
// integer that the format need not hold.
func (e Element) Round(x float64) float64 { return math.Floor(x/e.Scale + 0.5) }

// Nearest returns the integer that stands for a number and is nearest to a real one; the lowest
// for NaN.
func (e Element) Nearest(x float64) int64 {
	lowest, highest := e.Numbers()
	switch n := e.Round(x); {
	case !(n > float64(lowest)):
		return lowest
	case n >= float64(highest):
		return highest
	default:
		return int64(n)
	}
}

// Holds reports whether the format has an integer for a real number, or for NaN.
func (e Element) Holds(x float64) bool {
	if math.IsNaN(x) {
		return e.Missing != nil
	}
	lo, hi := e.Numbers()
	n := e.Round(x)
	return n >= float64(lo) && n <= float64(hi)
}

// Decode returns the real number that an integer of the format stands for: NaN for Missing.
func (e Element) Decode(v int64) float64 {
	if e.Missing != nil && v == *e.Missing {
		return math.NaN()
	}
	return float64(float64(v) * e.Scale)
}

// Decode returns the real numbers that integers stand for, the first that of element 0.
func (t Tensor) Decode(integers []int64) []float64 {
	out := make([]float64, len(integers))
	for i, v := range integers {
		out[i] = t.Element(i).Decode(v)
	}
	return out
}

// encode is Tensor.Encode of one element of the tensor's type. The error continues a
// sentence about the element.
func (e Element) encode(x float64, is Type) (int64, error) {
	lowest, highest := e.Numbers()
	lo, hi := float64(lowest), float64(highest)
	switch {
	case math.IsNaN(x) && e.Missing != nil:
		return *e.Missing, nil
	case is != Real && (x != math.Trunc(x) || x < lo || x > hi):
		return 0, fmt.Errorf("is not an integer from %d to %d", lowest, highest)
	case is != Real:
		return int64(x), nil
	case math.IsNaN(x):
		return 0, fmt.Errorf("is not a number, and its format has no integer for a missing value")
	}
	return e.Nearest(x), nil
}

// check refuses a format that the other methods could not work with. least is the number of
// bits that it needs.
func (e Element) check(least int) error {
	switch {
	case e.Bits < least || e.Bits > maxBits:
		return fmt.Errorf("%d bits; the format has %d to %d", e.Bits, least, maxBits)
	case e.Zero > 1<<maxBits || e.Zero < -1<<maxBits:
		return fmt.Errorf("zero %d is out of range", e.Zero)
	case !(e.Scale > 0) || math.IsInf(e.Scale*math.MaxInt64, 0):
		return fmt.Errorf("scale %g is not a positive, finite number", e.Scale)
	case e.Missing != nil && (e.Bits == 0 || *e.Missing != e.Lowest() && *e.Missing != e.Highest()):
		return fmt.Errorf("%d stands for a missing value; it must be the lowest or the highest of two or more integers",
			*e.Missing)
	}
	return nil
}

// checkElements refuses formats of single elements that the methods of Tensor could not work
// with.
func (t Tensor) checkElements() error {
	if t.Bits != 0 || t.Zero != 0 || t.Scale != 0 {
		return fmt.Errorf("a format for each element, and one for all")
	}
	widest := 0
	for i, e := range t.Elements {
		if err := e.check(0); err != nil {
			return fmt.Errorf("element %d: %w", i, err)
		}
		if t.Type == Integer && e.Scale != 1 {
			return fmt.Errorf("element %d: integers have scale 1, not %g", i, e.Scale)
		}
		widest = max(widest, e.Bits)
	}
	switch {
	case widest == 0:
		return fmt.Errorf("every element has 0 bits; one must have more")
	case t.Type == Boolean || t.Classes || len(t.Texts) > 0:
		return fmt.Errorf("a format for each element of booleans, of classes or of what has texts")
	}
	return nil
}

// Variable is the number of elements that are not constant.
func (t Tensor) Variable() int {
	n := t.Count()
	for i, e := range t.Elements {
		if e.Constant() {
			n -= (t.Count() - i + len(t.Elements) - 1) / len(t.Elements)
		}
	}
	return n
}

// Place is where an element is packed, and its format: at the bits from Bit on of a word.
type Place struct {
	Word, Bit int
	Element
}

// Places yields the place of each element. This is the one rule of packing: elements follow
// each other from a word's lowest bit up, each with its own bits, and the next word begins
// with the first element that does not fit.
func (t Tensor) Places() iter.Seq2[int, Place] {
	return func(yield func(int, Place) bool) {
		var at Place
		for i := range t.Count() {
			at.Element = t.Element(i)
			if at.Bit+at.Bits > WordBits {
				at.Word, at.Bit = at.Word+1, 0
			}
			if !yield(i, at) {
				return
			}
			at.Bit += at.Bits
		}
	}
}

// Used returns the number of bits in use of each packed word.
func (t Tensor) Used() []int {
	used := make([]int, t.Words())
	for _, at := range t.Places() {
		used[at.Word] = at.Bit + at.Bits
	}
	return used
}
