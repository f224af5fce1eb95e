// Package long says how much of a long examination runs: the share that every
// change is given, or all of it, where ZKML_WHOLE is set, as make release-check
// does. It must not know what is examined. Tests alone import it.
package long

import "os"

// Whole tells whether long examinations run whole.
func Whole() bool { return os.Getenv("ZKML_WHOLE") != "" }

// Count is how many cases of an examination run: share of them, or whole.
func Count(share, whole int) int {
	if Whole() {
		return whole
	}
	return share
}
