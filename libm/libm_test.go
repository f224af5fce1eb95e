package libm

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/big"
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
	out := []float64{0, math.Copysign(0, -1), 1, -1, math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64,
		-math.MaxFloat64,
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
			if fn.name == "Log2" && math.Abs(want) < 1 {
				continue // math.Log2 subtracts numbers near 1 there; TestAgainstBig has it
			}
			worst = math.Max(worst, math.Abs(got-want)/ulp(want))
			if worst > 4 || math.IsNaN(worst) {
				t.Fatalf("%s(%g) is %g, package math has %g", fn.name, x, got, want)
			}
		}
		t.Logf("%s differs by %g units in the last place at most", fn.name, worst)
	}
}

// TestAgainstBig compares with series in 200 bits, where package math is no judge.
func TestAgainstBig(t *testing.T) {
	for i := range 400 {
		x := 1 + float64(i-200)/1e4
		want, _ := new(big.Float).Quo(bigLog(x), bigLog(2)).Float64()
		if got := Log2(x); math.Abs(got-want) > 4*ulp(want) {
			t.Errorf("Log2(%g) is %g, want %g", x, got, want)
		}
	}
	for k := -1074; k < 1024; k++ {
		if got := Log2(math.Ldexp(1, k)); got != float64(k) {
			t.Errorf("Log2(2^%d) is %g", k, got)
		}
	}
}

// bigLog is 2·artanh((x−1)/(x+1)), by its series.
func bigLog(x float64) *big.Float {
	number := func(v float64) *big.Float { return new(big.Float).SetPrec(200).SetFloat64(v) }
	s := number(0).Quo(number(0).Sub(number(x), number(1)), number(0).Add(number(x), number(1)))
	square, power, sum := number(0).Mul(s, s), number(0).Add(s, s), number(0)
	for n := range 80 {
		sum.Add(sum, number(0).Quo(power, number(float64(2*n+1))))
		power.Mul(power, square)
	}
	return sum
}

func ulp(x float64) float64 {
	x = math.Abs(x)
	return math.Max(math.Nextafter(x, math.Inf(1))-x, math.SmallestNonzeroFloat64)
}

// digest is that of the bits of all results, on every processor.
const digest = "103166e30c4611f42a8ce70acb528ac2324d1710488f7591381378370f5bf4f3"

// TestSameBits holds the results to those of every other processor.
func TestSameBits(t *testing.T) {
	var list []func(float64) float64
	for _, fn := range functions {
		list = append(list, fn.f)
	}
	sameBits(t, list, digest)
}

// sameBits holds the results of functions, one after another, to a digest of their bits.
func sameBits(t *testing.T, functions []func(float64) float64, digest string) {
	t.Helper()
	h := sha256.New()
	for _, f := range functions {
		for _, x := range arguments() {
			y := f(x)
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
