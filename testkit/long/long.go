// Package long says how much of a long examination runs: the share that runs for every
// change or, if ZKML_WHOLE is set, as by make release-check, all of it. It must not know
// what is examined. Only tests import it.
package long

import "os"

// Whole tells whether long examinations run whole.
func Whole() bool { return os.Getenv("ZKML_WHOLE") != "" }

// Count is how many cases of an examination run: share or whole.
func Count(share, whole int) int {
	if Whole() {
		return whole
	}
	return share
}
