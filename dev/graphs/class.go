package main

import (
	"fmt"
	"strings"
)

// class is what became of a graph. Of those of its outputs, a graph has the last in the order below.
type class int

const (
	// same: the float model is onnxruntime's to single precision, and the integers are within nearShare
	// of the output's range.
	same class = iota
	// rounded: the integers are farther, and so is the float model where each of its values is
	// disturbed by what bits round. Differences of near values, quotients by small ones and limits that
	// rounding crosses do that: more bits would be nearer.
	rounded
	// edge: the float model is not onnxruntime's, but is as far from it where each of its values is
	// disturbed by what single precision rounds: the output jumps at the sample.
	edge
	// refused: zkml says why it does not take the graph.
	refused

	// differs: the float model is not onnxruntime's, and nothing explains it.
	differs
	// beyond: the integers are farther from the float model than rounding explains, or than the
	// compilation says.
	beyond
	// broken: a panic, a guard that caught one, or passes that undo each other.
	broken
)

var classes = [...]string{"as onnxruntime", "rounded", "at an edge", "refused", "DIFFERS", "BEYOND", "BROKEN"}

func (c class) String() string { return classes[c] }

func (c class) fault() bool { return c >= differs }

// verdict is what became of one graph.
type verdict struct {
	name, what string
	class      class
}

// tally counts verdicts.
type tally struct {
	of     [len(classes)]int
	graphs int
}

func (t *tally) add(v verdict) {
	t.of[v.class]++
	t.graphs++
}

func (t *tally) faults() int {
	n := 0
	for c, k := range t.of {
		if class(c).fault() {
			n += k
		}
	}
	return n
}

// String is a line for each class.
func (t *tally) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "graphs: %d\n", t.graphs)
	for c, n := range t.of {
		fmt.Fprintf(&b, "graphs %s: %d\n", class(c), n)
	}
	return b.String()
}
