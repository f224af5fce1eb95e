// Package libm computes elementary functions of float64 to the same bits on every
// processor. Those of package math differ in the last bits: some are written for one
// processor, and the portable ones fuse products into sums where the processor can.
//
// The functions are the portable ones of Go's math package with every product rounded
// (dev/gen/libm writes them). The package must know nothing of the project; whatever
// computes what a key depends on imports it.
package libm

//go:generate go run ../dev/gen/libm ..
