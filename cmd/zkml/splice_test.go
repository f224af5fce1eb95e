package main

import (
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// splice PROOF BYTE DIGITS: puts hex digits over the proof's bytes, from the
// given byte on.
func splice(ts *testscript.TestScript, _ bool, args []string) {
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	change(ts, args[0], func(b []byte) []byte {
		const field = `"proof": "0x`
		start := strings.Index(string(b), field)
		if start < 0 {
			ts.Fatalf("%s has no proof", args[0])
		}
		copy(b[start+len(field)+2*at:], args[2])
		return b
	})
}
