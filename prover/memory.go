package prover

import (
	"runtime/debug"
)

// rowBytes is about what the prover's live data takes for each padded row, and
// spareBytes what the rest of the process does.
const (
	rowBytes   = 4 << 10
	spareBytes = 32 << 20
)

// tuneGC keeps the heap near the prover's live data: a soft limit makes the
// collector run more often only once the heap reaches it. It returns what puts
// the process's settings back.
func tuneGC(rows int) (restore func()) {
	limit := int64(rows)*rowBytes + spareBytes
	old := debug.SetMemoryLimit(-1)
	if limit >= old {
		return func() {}
	}
	debug.SetMemoryLimit(limit)
	return func() { debug.SetMemoryLimit(old) }
}
