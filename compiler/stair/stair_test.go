package stair

import (
	"fmt"
	"math"
	"math/rand"
	"testing"
)

// requantised is what a quantised network makes of a sum, in single precision: to the nearest,
// halves to the even neighbour.
func requantised(by float32, zero, least, most int64) func(int64) int64 {
	return func(v int64) int64 {
		return min(max(int64(math.RoundToEven(float64(float32(v)*by)))+zero, least), most)
	}
}

// TestPlan compares the flights of stairs with the function, at every step and beside it.
func TestPlan(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for i := range 300 {
		by := float32(math.Exp2(-16 * r.Float64()))
		if i%3 == 0 { // sums lie half way between two codes
			by = float32(math.Exp2(-float64(r.Intn(16))))
		}
		zero := int64(r.Intn(256))
		f := requantised(by, zero, 0, 255)
		lo, hi := -int64(r.Intn(1<<24)), int64(r.Intn(1<<24))
		t.Run(fmt.Sprintf("%d: by %g in [%d, %d]", i, by, lo, hi), func(t *testing.T) {
			s := Of(lo, hi, 0, 255, f)
			parts, ok := Plan([]Stair{s})
			if !ok {
				t.Fatal("no flights")
			}
			checkParts(t, []Stair{s}, parts, []func(int64) int64{f})
		})
	}
}

// checkParts compares parts with functions, wherever one of the two could jump.
func checkParts(t *testing.T, stairs []Stair, parts []Part, of []func(int64) int64) {
	t.Helper()
	for i, s := range stairs {
		check := func(v int64) {
			if v < s.Lo || v > s.Hi {
				return
			}
			got := s.Least
			for _, p := range parts {
				got += p.Flights[i].Count(v, p.Count)
			}
			if want := of[i](v); got != want || s.Value(v) != want {
				t.Fatalf("stair %d at %d: flights give %d, the stair %d, want %d (%+v)", i, v, got, s.Value(v), want,
					parts)
			}
		}
		check(s.Lo)
		check(s.Hi)
		for _, at := range s.At {
			check(at - 1)
			check(at)
		}
		for k := range int64(1000) {
			check(s.Lo + k*max((s.Hi-s.Lo)/1000, 1))
		}
	}
}

// TestExhaustive compares every integer of small intervals.
func TestExhaustive(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	for range 200 {
		by := float32(math.Exp2(3 - 10*r.Float64()))
		f := requantised(by, int64(r.Intn(16))-8, -8, 7)
		s := Of(-int64(r.Intn(3000)), int64(r.Intn(3000)), -8, 7, f)
		parts, ok := Plan([]Stair{s})
		if !ok {
			t.Fatalf("no flights for %g", by)
		}
		for v := s.Lo; v <= s.Hi; v++ {
			got := s.Least
			for _, p := range parts {
				got += p.Flights[0].Count(v, p.Count)
			}
			if got != f(v) {
				t.Fatalf("by %g at %d: %d, want %d", by, v, got, f(v))
			}
		}
	}
}

// TestJoint has channels of different multipliers share a shift.
func TestJoint(t *testing.T) {
	var stairs []Stair
	var of []func(int64) int64
	for c := range 16 {
		f := requantised(float32(math.Exp2(-8-float64(c)/3)), -3, -128, 127)
		of = append(of, f)
		stairs = append(stairs, Of(-1<<20, 1<<20, -128, 127, f))
	}
	parts, ok := Plan(stairs)
	if !ok {
		t.Fatal("no flights")
	}
	for _, p := range parts {
		for _, f := range p.Flights {
			if f.Shift != p.Flights[0].Shift {
				t.Errorf("shifts %d and %d", f.Shift, p.Flights[0].Shift)
			}
		}
	}
	checkParts(t, stairs, parts, of)
}

// TestFewFlights says how many flights are expected.
func TestFewFlights(t *testing.T) {
	for _, c := range []struct {
		name string
		want int
		f    func(int64) int64
	}{
		{"the same", 1, requantised(1, 0, 0, 255)},
		{"shifted", 1, requantised(1, -17, 0, 255)},
		{"a third", 1, requantised(1.0/3, 0, 0, 255)},
		{"halves to even", 2, requantised(0.5, 0, 0, 255)},
		{"a small power of two", 2, requantised(1.0/1024, 3, 0, 255)},
		{"constant", 1, func(int64) int64 { return 9 }},
	} {
		parts, ok := Plan([]Stair{Of(-1<<18, 1<<18, 0, 255, c.f)})
		if !ok || len(parts) != c.want {
			t.Errorf("%s: %d flights, want %d", c.name, len(parts), c.want)
		}
	}
}

// TestTooManyFlights has steps that no few lines give.
func TestTooManyFlights(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	jumps := []int64{0}
	for range 255 {
		jumps = append(jumps, jumps[len(jumps)-1]+1+int64(r.Intn(100)))
	}
	f := func(v int64) int64 {
		n := int64(0)
		for n < 255 && jumps[n+1] <= v {
			n++
		}
		return n
	}
	if _, ok := Plan([]Stair{Of(0, 1<<14, 0, 255, f)}); ok {
		t.Error("few flights make up random steps")
	}
}
