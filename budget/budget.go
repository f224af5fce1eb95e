// Package budget owns the one policy of how much the author of a file may ask for:
// the limits of rows, elements, terms, bytes and the rest, and the meter that is
// asked before any work on what comes from outside. It must not know what the work
// is. Everybody may import it.
//
// A path from outside (a model to compile, a key to audit, a bundle to prove with, a
// data set to evaluate) makes one Meter and hands it down, so that sums are over
// the whole file and not over each of its parts:
//
//	m := budget.NewMeter("model.onnx")
//	for _, n := range nodes {
//		if err := m.At(n.Name).Take(budget.Elements, budget.Product(n.Shape...)); err != nil {
//			return err
//		}
//	}
package budget

import (
	"fmt"
	"math"
	"strconv"

	"github.com/zkml-go/zkml/problem"
)

// Limit is a row of the policy: how much of one resource there may be.
type Limit struct {
	// What names the resource in the plural, as errors do: "elements of all values".
	What string
	// Most is the largest amount that is accepted.
	Most int64
	// Remedy says what somebody can do whose honest file needs more.
	Remedy string
}

// Exceeded is the cause of the problem.Error of a file that asks for more than a limit.
type Exceeded struct {
	// Place is the file, the node or the step that asked.
	Place string
	Limit Limit
	// Asked is the amount, with all that was granted before; math.MaxInt64 where it
	// is that much or more.
	Asked int64
}

func (e *Exceeded) Error() string { return e.problem().Error() }

// problem is what is told of it.
func (e *Exceeded) problem() *problem.Error {
	asked := strconv.FormatInt(e.Asked, 10)
	if e.Asked == math.MaxInt64 {
		asked = "more than 2^63"
	}
	return &problem.Error{
		Code: problem.Limit, Place: e.Place, Got: asked + " " + e.Limit.What,
		Supported: fmt.Sprintf("at most %d are supported", e.Limit.Most), Remedy: e.Limit.Remedy, Err: e,
	}
}

// Check grants n at one place where nothing is summed, or gives a problem.Error with
// the code Limit, whose cause is an *Exceeded. A negative n is an amount that overflowed.
func (l Limit) Check(place string, n int64) error {
	if n < 0 {
		n = math.MaxInt64
	}
	if n > l.Most {
		return (&Exceeded{Place: place, Limit: l, Asked: n}).problem()
	}
	return nil
}

// Meter adds up what one file asks for, each limit by itself. It is not for use by
// several goroutines at once.
type Meter struct {
	place string
	used  map[Limit]int64
}

// NewMeter begins a sum. The place is what errors name: a file, as the user knows it.
func NewMeter(place string) *Meter { return &Meter{place: place, used: map[Limit]int64{}} }

// At is the same sum, whose errors name another place.
func (m *Meter) At(place string) *Meter { return &Meter{place: place, used: m.used} }

// Take grants n more of a resource, or gives the error of Check and grants nothing. It is
// called before the work or the allocation. A negative n is an amount that overflowed.
func (m *Meter) Take(l Limit, n int64) error {
	sum := Sum(m.used[l], n)
	if err := l.Check(m.place, sum); err != nil {
		return err
	}
	m.used[l] = sum
	return nil
}

// Used is how much of a resource was granted so far.
func (m *Meter) Used(l Limit) int64 { return m.used[l] }

// Product multiplies sizes. What is beyond 64 bits, or has a negative factor, is
// math.MaxInt64, which no limit grants; an empty product is 1.
func Product[N int | int64](sizes ...N) int64 {
	product := int64(1)
	for _, n := range sizes {
		if n < 0 {
			return math.MaxInt64
		}
	}
	for _, n := range sizes {
		switch {
		case n == 0:
			return 0
		case int64(n) > math.MaxInt64/product:
			product = math.MaxInt64
		default:
			product *= int64(n)
		}
	}
	return product
}

// Sum adds amounts. What is beyond 64 bits, or has a negative part, is math.MaxInt64.
func Sum(amounts ...int64) int64 {
	sum := int64(0)
	for _, n := range amounts {
		if n < 0 || n > math.MaxInt64-sum {
			return math.MaxInt64
		}
		sum += n
	}
	return sum
}
