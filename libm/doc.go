// Package libm computes elementary functions of float64 to the same bits on every
// processor. Those of package math differ in the last bits: some are written for one
// processor, and the portable ones fuse products into sums where the processor can.
//
// Everything here is made of operations that IEEE 754 defines to the last bit: sums,
// quotients, products that are rounded explicitly, and math.FMA, which rounds once
// everywhere. Results are within a few units in the last place of the true ones; tests
// hold them against math/big and their bits against a record. The package knows nothing
// of the project; whatever computes what a key depends on imports it.
package libm
