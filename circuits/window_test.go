package circuits

import (
	"math/big"
	"math/rand"
	"testing"
)

// last is the end of a window, in integers that do not overflow.
func last(w Window) *big.Int {
	end := new(big.Int).Lsh(big.NewInt(1), uint(w.Bits))
	return end.Sub(end.Add(end, big.NewInt(w.Base)), big.NewInt(1))
}

func power(bits int) *big.Int { return new(big.Int).Lsh(big.NewInt(1), uint(bits)) }

// intervals calls f with random intervals, the widest among them.
func intervals(r *rand.Rand, n int, f func(lo, hi int64)) {
	const most = int64(1) << MaxBits
	f(-most, most)
	f(most, most)
	f(-most, -most)
	for range n {
		bits := r.Intn(MaxBits + 1)
		a, b := r.Int63n(2<<bits)-1<<bits, r.Int63n(2<<bits)-1<<bits
		f(min(a, b), max(a, b))
	}
}

// TestPlansAreExact: a saturation's equation is the one that its plan says, and
// none of its numbers has wrapped.
func TestPlansAreExact(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	intervals(r, 3000, func(lo, hi int64) {
		for range 20 {
			s := Saturation{Shift: r.Intn(MaxBits)}
			s.Bits = r.Intn(MaxBits - s.Shift)
			if r.Intn(2) == 0 {
				s.Base = (r.Int63n(2<<MaxBits) - 1<<MaxBits) >> s.Shift
			}
			if s.Check(lo, hi) != nil {
				continue
			}
			p := s.plan(lo, hi).rounded(3 + r.Intn(18))
			if bits := p.shift + p.bits + p.top; p.window.Bits != bits || bits > 63 {
				t.Fatalf("%+v for [%d, %d]: a window of %d bits for %+v", s, lo, hi, p.window.Bits, p)
			}
			start := new(big.Int).Sub(big.NewInt(p.base), new(big.Int).Mul(big.NewInt(p.normal), power(p.bits)))
			start.Mul(start, power(p.shift))
			if p.shift > 0 {
				start.Sub(start, power(p.shift-1))
			}
			if start.Cmp(big.NewInt(p.window.Base)) != 0 || start.Cmp(big.NewInt(lo)) > 0 ||
				last(p.window).Cmp(big.NewInt(hi)) < 0 {
				t.Fatalf("%+v for [%d, %d]: the window starts at %d, by the plan %d; it ends at %d", s, lo, hi,
					p.window.Base, start, last(p.window))
			}
		}
	})
}

// TestWindowsOfMaxima: an element that is open in a maximum's window can be bound
// as any maximum less any gap, however deep maxima are nested; where 64 bits do
// not suffice to tell, it is closed.
func TestWindowsOfMaxima(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	bounded, unbounded := 0, 0
	intervals(r, 3000, func(lo, hi int64) {
		top := Cover(lo, hi)
		for range 5 {
			for _, c := range []struct {
				window Window
				open   Window
				less   int64
			}{{maxWindow(lo, top), MaxWindow(lo, hi, top), 0}, {argMaxWindow(lo, top), ArgMaxWindow(lo, hi, top), 1}} {
				if !c.open.bounded() || c.open.Base > lo || last(c.open).Cmp(big.NewInt(hi)) < 0 {
					t.Fatalf("[%d, %d] below %+v is to be open in %+v", lo, hi, top, c.open)
				}
				if !c.window.bounded() {
					unbounded++
					continue
				}
				bounded++
				lowest := big.NewInt(top.Base - c.less)
				lowest.Sub(lowest.Add(lowest, big.NewInt(1)), power(gapBits(lo, top)))
				if lowest.Cmp(big.NewInt(c.window.Base)) < 0 || last(top).Cmp(last(c.window)) > 0 {
					t.Fatalf("[%d, %d] below %+v: %+v does not hold %d", lo, hi, top, c.window, lowest)
				}
			}
			top = MaxWindow(lo, hi, top)
		}
	})
	if bounded < 1000 || unbounded < 10 {
		t.Errorf("%d windows are bounded, %d are not", bounded, unbounded)
	}
}

// TestUnboundedWindowsAreRefused: a gadget that left a value open in a window too
// wide, or without its interval, would be unsound.
func TestUnboundedWindowsAreRefused(t *testing.T) {
	for name, v := range map[string]*Value{
		"63 bits":       {Window: Window{Base: -1 << 62, Bits: 63}},
		"64 bits":       {Window: Window{Bits: 64}},
		"far":           {Window: Window{Base: 1 << 62}},
		"wraps":         {Window: Window{Base: 1<<63 - 1, Bits: 2}},
		"negative":      {Window: Window{Bits: -1}},
		"from below":    {Lo: -1, Window: Window{Bits: 4}},
		"from above":    {Hi: 16, Window: Window{Bits: 4}},
		"below 2^62":    {Window: Window{Base: -1<<62 - 1, Bits: 62}},
		"far, one more": {Window: Window{Base: 1, Bits: 62}},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("it is left open")
				}
			}()
			(&Builder{}).open(v)
		})
	}
	(&Builder{}).open(&Value{Lo: -1 << 62, Hi: -1, Window: Window{Base: -1 << 62, Bits: 62}})
}

// TestCompareWindowsAreExact: a comparison's window holds the interval, has from in its
// middle, and none of its numbers has wrapped.
func TestCompareWindowsAreExact(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	intervals(r, 3000, func(lo, hi int64) {
		for range 20 {
			from := (r.Int63n(2<<MaxBits) - 1<<MaxBits) >> r.Intn(MaxBits)
			width := compareBits(lo, hi, from, 3+r.Intn(18))
			w := compareWindow(from, width)
			start := new(big.Int).Sub(big.NewInt(from), power(width))
			if !w.bounded() || start.Cmp(big.NewInt(w.Base)) != 0 || w.Bits != width+1 {
				t.Fatalf("[%d, %d] with %d: the window %+v", lo, hi, from, w)
			}
			if start.Cmp(big.NewInt(lo)) > 0 || last(w).Cmp(big.NewInt(hi)) < 0 {
				t.Fatalf("[%d, %d] with %d: the window %+v does not hold it", lo, hi, from, w)
			}
		}
	})
}
