// Package libm computes elementary functions of float64 to the same bits on every
// processor. Those of package math differ in the last bits: some are written for one
// processor, and the portable ones fuse products into sums where the processor can.
//
// Everything here uses only operations that IEEE 754 defines to the last bit: sums,
// quotients, products that are rounded explicitly, and math.FMA, which rounds once
// everywhere. Results are within a few units in the last place of the true ones; tests
// compare them with math/big, and their bits with a record. The package knows nothing
// about the project; packages whose results determine a key import it.
package libm
