package input

import (
	"encoding/binary"
	"fmt"
	"math"
)

// number is a binary number type of npy or IDX.
type number struct {
	size    int // bytes
	integer bool
	get     func(binary.ByteOrder, []byte) float64
}

// numbers has numpy's names, without the byte order.
var numbers = map[string]number{
	"b1": {1, true, func(_ binary.ByteOrder, b []byte) float64 { return float64(min(b[0], 1)) }},
	"i1": {1, true, func(_ binary.ByteOrder, b []byte) float64 { return float64(int8(b[0])) }},
	"u1": {1, true, func(_ binary.ByteOrder, b []byte) float64 { return float64(b[0]) }},
	"i2": {2, true, func(o binary.ByteOrder, b []byte) float64 { return float64(int16(o.Uint16(b))) }},
	"u2": {2, true, func(o binary.ByteOrder, b []byte) float64 { return float64(o.Uint16(b)) }},
	"i4": {4, true, func(o binary.ByteOrder, b []byte) float64 { return float64(int32(o.Uint32(b))) }},
	"u4": {4, true, func(o binary.ByteOrder, b []byte) float64 { return float64(o.Uint32(b)) }},
	"i8": {8, true, func(o binary.ByteOrder, b []byte) float64 { return float64(int64(o.Uint64(b))) }},
	"u8": {8, true, func(o binary.ByteOrder, b []byte) float64 { return float64(o.Uint64(b)) }},
	"f2": {2, false, func(o binary.ByteOrder, b []byte) float64 { return half(o.Uint16(b)) }},
	"f4": {4, false, func(o binary.ByteOrder, b []byte) float64 { return float64(math.Float32frombits(o.Uint32(b))) }},
	"f8": {8, false, func(o binary.ByteOrder, b []byte) float64 { return math.Float64frombits(o.Uint64(b)) }},
}

// half decodes IEEE 754 binary16.
func half(bits uint16) float64 {
	sign := 1.0
	if bits>>15 == 1 {
		sign = -1
	}
	exponent, fraction := int(bits>>10&31), float64(bits&1023)
	switch {
	case exponent == 31 && fraction != 0:
		return math.NaN()
	case exponent == 31:
		return math.Inf(int(sign))
	case exponent == 0:
		return float64(sign * math.Ldexp(fraction, -24))
	}
	return float64(sign * math.Ldexp(1024+fraction, exponent-25))
}

// binaryArray reads numbers of one type from the bytes of a file. place maps a
// row-major position to the position in the file; nil means that they are equal.
type binaryArray struct {
	number
	order binary.ByteOrder
	data  []byte
	shape []int
	place func(int) int
}

// read implements array.read. An integer that a float64 may not hold exactly
// is an error.
func (a binaryArray) read(from, n int) ([]float64, error) {
	out := make([]float64, n)
	for i := range out {
		at := from + i
		if a.place != nil {
			at = a.place(at)
		}
		out[i] = a.get(a.order, a.data[at*a.size:])
		if a.integer && math.Abs(out[i]) > 1<<53 {
			return nil, fmt.Errorf("element %v: an integer above 2^53; scale the data down", indexOf(from+i, a.shape))
		}
	}
	return out, nil
}

// array checks that the data fills the shape exactly.
func (a binaryArray) array() (*array, error) {
	n := elements(a.shape)
	switch {
	case n == 0:
		return nil, errNoValues
	case n < 0 || n*a.size != len(a.data):
		return nil, fmt.Errorf("claims shape %s with %d bytes a value, but %d bytes follow its header; "+
			"the file is damaged or cut short",
			show(a.shape), a.size, len(a.data))
	}
	return &array{shape: a.shape, read: a.read}, nil
}
