package budget

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/problem"
)

var few = Limit{What: "apples", Most: 10, Remedy: "eat some"}

func TestTakeSumsOverThePlaces(t *testing.T) {
	m := NewMeter("basket")
	if err := m.Take(few, 6); err != nil {
		t.Fatal(err)
	}
	if err := m.At("layer 2").Take(few, 4); err != nil {
		t.Fatal(err)
	}
	err := m.At("layer 3").Take(few, 1)
	var e *Exceeded
	if !errors.As(err, &e) || e.Asked != 11 || e.Place != "layer 3" {
		t.Fatalf("%v", err)
	}
	if want := "layer 3: 11 apples; at most 10 are supported; eat some"; err.Error() != want {
		t.Errorf("%q, not %q", err, want)
	}
	if p := problem.Of(err); p == nil || p.Code != problem.Limit || p.Place != "layer 3" || p.Remedy != few.Remedy {
		t.Errorf("as a problem: %+v", p)
	}
	if m.Used(few) != 10 {
		t.Errorf("what is refused was counted: %d", m.Used(few))
	}
	if err := m.Take(few, 0); err != nil {
		t.Errorf("nothing more is refused: %v", err)
	}
	if err := m.Take(Limit{What: "pears", Most: 1}, 1); err != nil {
		t.Errorf("another resource is counted with the first: %v", err)
	}
}

func TestTakeRefusesOverflow(t *testing.T) {
	for _, n := range []int64{math.MaxInt64, -1, math.MinInt64, 11} {
		m := NewMeter("basket")
		if err := m.Take(few, 3); err != nil {
			t.Fatal(err)
		}
		if err := m.Take(few, n); err == nil {
			t.Errorf("%d more are granted", n)
		}
		if m.Used(few) != 3 {
			t.Errorf("%d more are counted", n)
		}
		if few.Check("basket", n) == nil {
			t.Errorf("%d are granted at once", n)
		}
	}
	all := Limit{What: "grains", Most: math.MaxInt64 - 1}
	m := NewMeter("")
	if m.Take(all, math.MaxInt64-1) != nil || m.Take(all, 2) == nil {
		t.Error("a sum beyond 64 bits is granted")
	}
	if err := few.Check("", -1); !strings.HasPrefix(err.Error(), "more than 2^63 apples") {
		t.Errorf("%v", err)
	}
}

func TestProductAndSum(t *testing.T) {
	products := []struct {
		sizes []int64
		want  int64
	}{
		{nil, 1},
		{[]int64{2, 3, 7}, 42},
		{[]int64{1 << 31, 1 << 31}, 1 << 62},
		{[]int64{1 << 32, 1 << 31}, math.MaxInt64},
		{[]int64{1 << 40, 1 << 40, 0}, 0},
		{[]int64{1 << 40, 1 << 40, 3, 5}, math.MaxInt64},
		{[]int64{3, -1}, math.MaxInt64},
		{[]int64{0, -1}, math.MaxInt64},
		{[]int64{math.MaxInt64, 1}, math.MaxInt64},
	}
	for _, c := range products {
		if got := Product(c.sizes...); got != c.want {
			t.Errorf("the product of %v is %d, not %d", c.sizes, got, c.want)
		}
	}
	sums := []struct {
		parts []int64
		want  int64
	}{
		{nil, 0},
		{[]int64{2, 3}, 5},
		{[]int64{math.MaxInt64, 1}, math.MaxInt64},
		{[]int64{-1, 5}, math.MaxInt64},
	}
	for _, c := range sums {
		if got := Sum(c.parts...); got != c.want {
			t.Errorf("the sum of %v is %d, not %d", c.parts, got, c.want)
		}
	}
}
