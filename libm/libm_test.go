package libm

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"
)

var functions = []struct {
	name     string
	f, other func(float64) float64
}{
	{"Erf", Erf, math.Erf},
	{"Exp", Exp, math.Exp},
	{"Expm1", Expm1, math.Expm1},
	{"Log", Log, math.Log},
	{"Log1p", Log1p, math.Log1p},
	{"Log2", Log2, math.Log2},
	{"Tanh", Tanh, math.Tanh},
}

// arguments are numbers of every size and sign, and all that is special.
func arguments() []float64 {
	out := []float64{0, math.Copysign(0, -1), 1, -1, math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64, -math.MaxFloat64,
		math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64, 709.78, 709.79, -745.13, -745.14}
	state := uint64(1)
	for range 20000 {
		state = state*6364136223846793005 + 1442695040888963407
		unit := float64(state>>11)/(1<<52) - 1
		out = append(out, unit, 10*unit, 800*unit, math.Ldexp(unit, int(state>>7%120)-60))
	}
	return out
}

// TestAgainstMath compares with package math, whose results may differ in the last
// bits.
func TestAgainstMath(t *testing.T) {
	for _, fn := range functions {
		worst := 0.0
		for _, x := range arguments() {
			got, want := fn.f(x), fn.other(x)
			if got == want || math.IsNaN(got) && math.IsNaN(want) {
				continue
			}
			if math.IsInf(want, 1) && got > 1e308 || math.Abs(x) < 0x1p-1022 {
				continue // amd64's Exp overflows a little early, its Log mistakes subnormal numbers
			}
			ulp := math.Max(math.Nextafter(math.Abs(want), math.Inf(1))-math.Abs(want), math.SmallestNonzeroFloat64)
			worst = math.Max(worst, math.Abs(got-want)/ulp)
			if worst > 4 || math.IsNaN(worst) {
				t.Fatalf("%s(%g) is %g, package math has %g", fn.name, x, got, want)
			}
		}
		t.Logf("%s differs by %g units in the last place at most", fn.name, worst)
	}
}

// digest is that of the bits of all results, on every processor.
const digest = "b940498b69531c18e56f518938372eb0d432c87680fcdf2c95f4268c88172cf1"

// TestSameBits holds the results to those of every other processor.
func TestSameBits(t *testing.T) {
	h := sha256.New()
	for _, fn := range functions {
		for _, x := range arguments() {
			y := fn.f(x)
			if math.IsNaN(y) { // the bits of a NaN mean nothing
				y = math.NaN()
			}
			h.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(y)))
		}
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != digest {
		t.Errorf("the results have digest %s, want %s", got, digest)
	}
}
