// Package stair owns integer stairs: functions from integers to integers that never
// decrease, and the multiplications and shifts that compute them exactly. It must not know
// operators, tensors or circuits. compiler and compiler/op import it.
package stair

import "sort"

// Stair is a function f on the integers of [Lo, Hi] that never decreases, with values of
// [Least, Least + len(At)]: At[i] is the first integer of which the value is above
// Least + i, and Hi + 1 where there is none.
type Stair struct {
	Lo, Hi int64
	Least  int64
	At     []int64
}

// Of finds the steps of f on [lo, hi], limited to [least, most]. f must never decrease.
func Of(lo, hi, least, most int64, f func(int64) int64) Stair {
	s := Stair{Lo: lo, Hi: hi, Least: least, At: make([]int64, most-least)}
	at := lo
	for i := range s.At {
		if at <= hi && f(at) <= least+int64(i) {
			at = next(at, hi, func(v int64) bool { return f(v) > least+int64(i) })
		}
		s.At[i] = at
	}
	return s
}

// next is the first integer after from, up to hi, that is beyond a step; hi + 1 where none is. It
// looks near from first.
func next(from, hi int64, beyond func(int64) bool) int64 {
	width := int64(1)
	for width < hi-from && !beyond(from+width) {
		from += width
		width *= 2
	}
	width = min(width, hi-from)
	return from + 1 + int64(sort.Search(int(width), func(k int) bool { return beyond(from + 1 + int64(k)) }))
}

// Value is f(v).
func (s Stair) Value(v int64) int64 {
	return s.Least + int64(sort.Search(len(s.At), func(i int) bool { return s.At[i] > v }))
}

// Codes are values of stairs: First, First + Every, ..., so many.
type Codes struct {
	First int64
	Every int
	Count int
}

// Flight counts how many of some codes a value has reached: (v·Multiple + Constant) >> Shift,
// limited to [0, Count].
type Flight struct {
	Multiple, Constant int64
	Shift              int
}

// Count is how many of n codes v has reached.
func (f Flight) Count(v int64, n int) int64 {
	return min(max((v*f.Multiple+f.Constant)>>f.Shift, 0), int64(n))
}

// shifted is the same flight with a larger shift.
func (f Flight) shifted(shift int) Flight {
	by := shift - f.Shift
	return Flight{Multiple: f.Multiple << by, Constant: f.Constant << by, Shift: shift}
}
