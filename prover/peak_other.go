//go:build !unix

package prover

// PeakMemory is the largest resident size in bytes that the process had so far,
// or 0 where the system does not tell.
func PeakMemory() int64 { return 0 }
