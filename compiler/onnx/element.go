package onnx

import (
	"fmt"
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
)

// store names the field of a TensorProto that holds typed data.
type store int

const (
	inFloats store = iota
	inDoubles
	inInt32s
	inInt64s
	inUint64s
)

// element is one ONNX element type: its width, the field that holds it if the data is
// not raw, and the value of a bit pattern.
type element struct {
	dtype  graph.DType
	bits   int
	typed  store
	signed bool // the integer range of a typed entry, see entry.fits
	value  func(bits uint64) (float64, error)
}

// bytes returns the number of bytes that n packed elements take.
func (e element) bytes(n int) int { return (n*e.bits + 7) / 8 }

// elements are the types that this package reads, keyed by ONNX's number.
var elements = map[int64]element{
	1:  {graph.Float32, 32, inFloats, false, float32Value},
	2:  {graph.Uint8, 8, inInt32s, false, unsigned},
	3:  {graph.Int8, 8, inInt32s, true, signed(8)},
	4:  {graph.Uint16, 16, inInt32s, false, unsigned},
	5:  {graph.Int16, 16, inInt32s, true, signed(16)},
	6:  {graph.Int32, 32, inInt32s, true, signed(32)},
	7:  {graph.Int64, 64, inInt64s, true, signed(64)},
	9:  {graph.Bool, 8, inInt32s, false, truth},
	10: {graph.Float16, 16, inInt32s, false, minifloat{5, 10, 15, ieee}.value},
	11: {graph.Float64, 64, inDoubles, false, float64Value},
	12: {graph.Uint32, 32, inUint64s, false, unsigned},
	13: {graph.Uint64, 64, inUint64s, false, unsigned},
	16: {graph.BFloat16, 16, inInt32s, false, minifloat{8, 7, 127, ieee}.value},
	17: {"float8e4m3fn", 8, inInt32s, false, minifloat{4, 3, 7, topIsNaN}.value},
	18: {"float8e4m3fnuz", 8, inInt32s, false, minifloat{4, 3, 8, minusZeroIsNaN}.value},
	19: {"float8e5m2", 8, inInt32s, false, minifloat{5, 2, 15, ieee}.value},
	20: {"float8e5m2fnuz", 8, inInt32s, false, minifloat{5, 2, 16, minusZeroIsNaN}.value},
	21: {"uint4", 4, inInt32s, false, unsigned},
	22: {"int4", 4, inInt32s, true, signed(4)},
	23: {"float4e2m1", 4, inInt32s, false, minifloat{2, 1, 1, finite}.value},
	25: {"uint2", 2, inInt32s, false, unsigned},
	26: {"int2", 2, inInt32s, true, signed(2)},
}

// unreadable names the element types that are known but not read.
var unreadable = map[int64]string{
	0:  "undefined",
	8:  "string",
	14: "complex64",
	15: "complex128",
	24: "float8e8m0",
	27: "float6e2m3",
	28: "float6e3m2",
}

// ONNX's numbers of some types.
const (
	floatType  = 1
	int64Type  = 7
	stringType = 8
)

// elementOf returns the type with ONNX's number, or an error that names the type.
func elementOf(number int64) (element, error) {
	e, ok := elements[number]
	if !ok {
		return e, fmt.Errorf("element type %s is not supported; use a float or integer type", elementName(number))
	}
	return e, nil
}

// elementName names any element type.
func elementName(number int64) string {
	if e, ok := elements[number]; ok {
		return string(e.dtype)
	}
	if s, ok := unreadable[number]; ok {
		return s
	}
	return fmt.Sprintf("number %d", number)
}

// fits reports whether a typed entry is inside the type's range: an entry may
// be wider than the type, and must not wrap into it.
func (e element) fits(entry uint64) bool {
	if e.bits == 64 {
		return true
	}
	if e.signed && e.bits >= 8 {
		limit := int64(1) << (e.bits - 1)
		return -limit <= int64(entry) && int64(entry) < limit
	}
	return entry < 1<<max(e.bits, 8)
}

const (
	exact    = 1 << 53 // integers up to here are exact as float64
	sentinel = 1 << 62 // from here on an integer means "without bound"
)

// unsigned reads an unsigned integer.
func unsigned(bits uint64) (float64, error) {
	if bits > exact {
		return 0, fmt.Errorf("%d is above 2^53, the largest integer that is supported", bits)
	}
	return float64(bits), nil
}

// signed reads a two's complement integer. Exporters write the ends of the 64-bit
// range for "without bound" in slices. These are kept to within 512 of the true
// value, and convert back to int without overflow.
func signed(width int) func(uint64) (float64, error) {
	return func(bits uint64) (float64, error) {
		v := int64(bits<<(64-width)) >> (64 - width)
		switch {
		case v >= sentinel:
			return math.Min(float64(v), math.Nextafter(1<<63, 0)), nil
		case v <= -sentinel || (-exact <= v && v <= exact):
			return float64(v), nil
		}
		return 0, fmt.Errorf("%d is above 2^53, the largest integer that is supported", v)
	}
}

// truth reads a boolean; any byte except zero is true.
func truth(bits uint64) (float64, error) {
	if bits != 0 {
		return 1, nil
	}
	return 0, nil
}

func float32Value(bits uint64) (float64, error) {
	return float64(math.Float32frombits(uint32(bits))), nil
}

func float64Value(bits uint64) (float64, error) { return math.Float64frombits(bits), nil }

// special says what a small float's reserved bit patterns mean.
type special int

const (
	ieee           special = iota // the largest exponent: infinity, NaN
	topIsNaN                      // all ones is NaN, no infinity
	minusZeroIsNaN                // minus zero is NaN, no infinity
	finite                        // every pattern is a number
)

// minifloat is a float of few bits: sign, exponent, mantissa.
type minifloat struct {
	exponent, mantissa, bias int
	special                  special
}

// value decodes a bit pattern; every such number is exact as float64.
func (f minifloat) value(bits uint64) (float64, error) {
	fraction := bits & (1<<f.mantissa - 1)
	exponent := bits >> f.mantissa & (1<<f.exponent - 1)
	minus := bits>>(f.mantissa+f.exponent)&1 == 1
	top := exponent == 1<<f.exponent-1
	switch {
	case f.special == ieee && top && fraction == 0:
		if minus {
			return math.Inf(-1), nil
		}
		return math.Inf(1), nil
	case f.special == ieee && top,
		f.special == topIsNaN && top && fraction == 1<<f.mantissa-1,
		f.special == minusZeroIsNaN && minus && exponent == 0 && fraction == 0:
		return math.NaN(), nil
	}
	if exponent == 0 {
		exponent = 1
	} else {
		fraction |= 1 << f.mantissa
	}
	v := math.Ldexp(float64(fraction), int(exponent)-f.bias-f.mantissa)
	if minus {
		v = -v
	}
	return v, nil
}
