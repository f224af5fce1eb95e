package op

import (
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
)

// float is a binary floating-point format: bits of the fraction and the
// smallest normal exponent.
type float struct{ fraction, least int }

var floats = map[graph.DType]float{
	graph.Float64:  {52, -1022},
	graph.Float32:  {23, -126},
	graph.Float16:  {10, -14},
	graph.BFloat16: {7, -126},
}

// round is the nearest number of the format, ties to even; beyond its largest
// number it is infinite.
func (f float) round(x float64) float64 {
	if x == 0 || math.IsInf(x, 0) || math.IsNaN(x) || f.fraction == 52 {
		return x
	}
	_, e := math.Frexp(x) // |x| in [2^(e-1), 2^e)
	unit := math.Ldexp(1, max(e-1, f.least)-f.fraction)
	y := float64(math.RoundToEven(x/unit) * unit)
	if math.Abs(y) >= math.Ldexp(1, 2-f.least) {
		return math.Inf(int(math.Copysign(1, x)))
	}
	return y
}

// integer is a two's complement format.
type integer struct {
	bits   int
	signed bool
}

var integerTypes = map[graph.DType]integer{
	graph.Int2: {2, true}, graph.Uint2: {2, false}, graph.Int4: {4, true}, graph.Uint4: {4, false},
	graph.Int8: {8, true}, graph.Int16: {16, true}, graph.Int32: {32, true}, graph.Int64: {64, true},
	graph.Uint8: {8, false}, graph.Uint16: {16, false}, graph.Uint32: {32, false}, graph.Uint64: {64, false},
}

// limits are the smallest and the largest number of the format.
func (t integer) limits() (lo, hi float64) {
	if t.signed {
		return -math.Ldexp(1, t.bits-1), math.Ldexp(1, t.bits-1) - 1
	}
	return 0, math.Ldexp(1, t.bits) - 1
}

// wrap keeps the low bits of a whole number.
func (t integer) wrap(x float64) float64 {
	lo, hi := t.limits()
	if x >= lo && x <= hi {
		return x
	}
	span := math.Ldexp(1, t.bits)
	x = math.Mod(x-lo, span)
	if x < 0 {
		x += span
	}
	return x + lo
}

// truncate drops the fraction of a real number and saturates.
func (t integer) truncate(x float64) float64 {
	lo, hi := t.limits()
	if math.IsNaN(x) {
		return 0
	}
	return max(lo, min(hi, math.Trunc(x)))
}

// convertible tells whether convert knows an element type.
func convertible(to graph.DType) bool {
	_, real := floats[to]
	t, whole := integerTypes[to]
	return real || whole && t.bits >= 8 || to == graph.Bool
}

// convert is a constant's value in another, convertible element type: a real number to an
// integer is truncated and saturates, an integer to a narrower one wraps.
func convert(x float64, from, to graph.DType) float64 {
	if to == graph.Bool {
		if x != 0 {
			return 1
		}
		return 0
	}
	if f, ok := floats[to]; ok {
		return f.round(x)
	}
	if from.IsFloat() {
		return integerTypes[to].truncate(x)
	}
	return integerTypes[to].wrap(x)
}
