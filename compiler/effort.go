package compiler

import "sync/atomic"

// effort counts the work of a compilation, in steps: those that were quantised, and those
// whose gates were counted. Nil counts nothing.
type effort struct{ quantised, counted atomic.Int64 }

func (e *effort) quantise(steps int) {
	if e != nil {
		e.quantised.Add(int64(steps))
	}
}

func (e *effort) count(steps int) {
	if e != nil {
		e.counted.Add(int64(steps))
	}
}
