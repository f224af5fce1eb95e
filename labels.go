package zkml

import (
	"slices"
	"strconv"

	"github.com/zkml-go/zkml/verifier"
)

// isClass tells whether samples have a class or a label of the output, which is another one or the
// same and has no error.
func (e *evaluated) isClass() bool { return e.Classes || e.label }

// labelsOf are the labels that a float model gives.
func labelsOf(y []float64) verifier.Classes {
	out := make(verifier.Classes, len(y))
	for i, v := range y {
		out[i] = int64(v)
	}
	return out
}

// number puts in place of labels their numbers among all that occur, in ascending order, and returns
// the labels in writing. Those that are numbers of classes already stay as they are, without names.
func (e *evaluated) number(lists ...[]int) []string {
	all := slices.Concat(lists...)
	slices.Sort(all)
	all = slices.Compact(all)
	if len(all) == 0 || all[0] >= 0 && all[len(all)-1] < max(2, len(all)) {
		return nil
	}
	e.classes = len(all)
	names := make([]string, len(all))
	for k, label := range all {
		names[k] = strconv.Itoa(label)
	}
	for _, list := range lists {
		for i, label := range list {
			list[i], _ = slices.BinarySearch(all, label)
		}
	}
	return names
}
