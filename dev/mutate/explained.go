package main

// explained gives the reason why a surviving mutant admits no false statement, by its name.
var explained = map[string]string{
	"circuits/argmax.go Builder.ArgMax: M one more in gate.Q{M: 1}":                                                       "2·sel·e is zero if and only if sel·e is",
	"circuits/max.go Builder.productZero: M one more in gate.Q{M: 1}":                                                     "twice the product is zero if and only if the product is",
	"circuits/max.go Builder.productZero: M one more in gate.Q{M: 1} (2)":                                                 "twice the product is zero if and only if the product is",
	"circuits/max.go Builder.gap: skip if !v.open":                                                                        "a known value is then bound like an open one: by the same equation over range-checked digits, with more gates",
	"circuits/softmax.go Builder.Distances: L one more in gate.Q{L: 1}":                                                   "twice the only distance is zero if and only if the distance is",
	"circuits/product.go Builder.Divide: Bits one more in Window{Bits: bits}":                                             noWrap,
	"circuits/signature.go Builder.lowBits: bits one more in b.check(borrow, 0, 1)":                                       "of 0 to 3 the two comparisons admit only 0 and 1: otherwise a difference below 2^128 would have to compensate for 2^128 or more",
	"circuits/softmax.go Builder.Distances: width one more in b.gap(v, m, gate.Term{}, Cover(0, hi-v.Lo).Bits)":           "the values are known and another gap is zero, so that m is one of them: only the sign matters",
	"circuits/border.go border.bindInputs: skip the last round of range ports":                                            notLast,
	"circuits/border.go border.bindInputs: skip the last round of range ports (2)":                                        notLast,
	"circuits/border.go border.bindOutputs: skip the last round of range e.layout.Ports":                                  notLast,
	"circuits/border.go border.bindContext: skip the last round of range e.layout.Ports":                                  notLast,
	"circuits/border.go border.bindContext: skip if p.Is(visibility.FormNumber)":                                          inUse,
	"circuits/border.go border.bindContext: drop e.b.g.Quad(w, w, gate.Q{L: 1})":                                          inUse,
	"circuits/border.go border.bindContext: L one more in gate.Q{L: 1}":                                                   inUse,
	"circuits/statement.go Statement.emit: drop e.bindContext()":                                                          inUse,
	"circuits/border.go border.bindContext: no L in gate.Q{L: 1}":                                                         inUse,
	"circuits/signature.go Builder.below: bits one more in b.widths(n)":                                                   "only the sign of each difference matters: a negative one is r minus at most 2^252, which is above any width in use",
	"circuits/builder.go Builder.open: drop b.opened = slices.DeleteFunc(b.opened, func(v *Value) bool { ret…":            memoryOnly,
	"circuits/builder.go Builder.open: drop b.opened = slices.Grow(b.opened, n+1)":                                        memoryOnly,
	"circuits/argmax.go Builder.ArgMax: drop b.CloseAll(vs)":                                                              "the position in a group of one is 0 whatever the value, and Finish closes the value",
	"circuits/argmax.go Builder.ArgMax: bits one more in b.check(s, 0, 1)":                                                "selectors of 0 to 3 that sum to one are bits in any case",
	"circuits/saturate.go Saturation.plan: drop p.bits = bits.Len64(uint64(qhi - qlo))":                                   "the window is then that of the format's bits, which also contains the interval, with more gates",
	"circuits/softmax.go Builder.Floor: bits one more in b.widths(Cover(0, v.Hi>>shift).Bits)":                            "the digits of a known v above its highest bit are zero, however many there are",
	"circuits/max.go Builder.gap: Bits one more in Window{Bits: width}":                                                   "another gap is zero, so that m is one of the values: only the sign of this gap matters, and a negative gap is slightly less than r",
	"circuits/max.go Builder.Max: drop b.closeShared(vs, windows)":                                                        closedOnce,
	"circuits/max.go Builder.closeShared: skip the last round of range windows":                                           closedOnce,
	"circuits/max.go Builder.closeShared: skip the last round of range w":                                                 closedOnce,
	"circuits/max.go Builder.closeShared: skip if count[vs[j]] == 2":                                                      closedOnce,
	"circuits/max.go Builder.closeShared: leave out of append(shared, vs[j])":                                             closedOnce,
	"circuits/max.go Builder.closeShared: drop b.CloseAll(shared)":                                                        closedOnce,
	"lookup/lookup.go Argument.Set: first one more in a.table(\"set \"+key, 0, 0, nil)":                                   "a set has neither a first entry nor a number of entries: its values replace those of the table",
	"lookup/lookup.go Argument.Set: n one more in a.table(\"set \"+key, 0, 0, nil)":                                       "a set has neither a first entry nor a number of entries: its values replace those of the table",
	"circuits/border.go Builder.elements: drop b.CloseAll(bound)":                                                         closedLater,
	"circuits/border.go Builder.packWords: no assertions in b.CloseAll(variable)":                                         closedBefore,
	"circuits/border.go border.bindInputs: no assertions in e.b.packWords(in, p.Tensor)":                                  closedBefore,
	"circuits/border.go border.bindOutput: no assertions in e.b.packWords(out, p.Tensor)":                                 closedBefore,
	"circuits/statement.go Statement.define: digitBits one more in NewBuilder(g, s.Digit, anchor(public, secret))":        "wider digits check the same ranges, with another number of gates",
	"circuits/signature.go Builder.lowBits: n one more in b.below(gate.Sum(b.g, []gate.Term{{Wire: b.one, Coef: m…":       "2^128 and more come from an unnecessary borrow, which only narrows the range of the high part",
	"circuits/signature.go Builder.lowBits: n one more in b.below(gate.Sum(b.g, []gate.Term{{Wire: b.one, Coef: m… (2)":   "only the sign of the difference matters: a negative one is slightly less than r",
	"circuits/signature.go Builder.lowBits: n one more in b.below(high, highBits)":                                        "the comparison with r − 1 bounds the high part: the part's own check only keeps the difference from wrapping",
	"circuits/signature.go Builder.scalar: n one more in b.below(b.g.Linear(gate.Term{Wire: b.one, Coef: most}, …":        "only the sign of the difference matters: a negative one is r minus at most 2^252",
	"circuits/secretlinear.go secretLayer.bias: bits one more in l.once(\"biases\", slots, l.format.Bias, func() secret…": "a wider lane holds the same biases, and the commitment is to the words as they are laid out",
	"circuits/secretsplits.go Builder.anchor: bits one more in b.widths(bits.Len64(uint64(v.Hi-v.Lo)))":                   "only the signs of the distances matter, and X and Y are then still less than 2^(Apart-1)",
	"circuits/splits.go Builder.staircase: bits one more in b.widths(bits.Len64(uint64(widest)))":                         "only the signs of the distances matter, and X and Y are then still less than 2^B",
	"circuits/oblivioustrees.go forest.obliviousTree: leave out of append(o.bits, number)":                                byNodes,
	"circuits/oblivioustrees.go forest.secretOblivious: skip the last round of range f.e.Roots":                           byNodes,
	"circuits/top.go Builder.Top: bits one more in b.check(e, 0, 1)":                                                      "a place whose elements count two or more comes to at least twice B, above what the window takes",
	"circuits/top.go Builder.Top: width one more in b.beaten(y, sel, places[k-1], all.Bits)":                              "only the sign of each difference matters: a negative one is slightly less than r",
	"circuits/top.go Builder.falling: Bits one more in Window{Bits: all.Bits}":                                            "only the sign of each difference matters: the first place bounds the others from above, and a negative difference is slightly less than r",
	"circuits/top.go Builder.beaten: K one more in gate.Q{L: 1, R: -1, M: 2, K: -1}":                                      allDiffer,
	"circuits/top.go Builder.beaten: no K in gate.Q{L: 1, R: -1, M: 2, K: -1}":                                            allDiffer,
	"circuits/top.go Builder.beaten: Bits one more in Window{Bits: width}":                                                "only the sign of each difference matters: a negative one is slightly less than r",
	"circuits/top.go Builder.ordered: skip if c.IsInt64()":                                                                "Linear makes the same value with the same gate",
	"circuits/top.go Builder.beaten: L one more in gate.Q{L: 1, R: -1, M: 2, K: -1}":                                      "of what has a place nothing is below the last one, since places fall: only what has none must be looked at",
	"circuits/quotient.go Builder.Quotient: from one more in b.Compare([]*Value{n}, 0)":                                   "only the sign of zero differs, and zero is its own negative",
	"circuits/quotient.go Builder.Quotient: no assertions in b.parts(n, d, floor)":                                        closedBefore,
	"circuits/quotient.go Builder.aboveZero: skip if d.Lo == 0":                                                           "the sign of d is then a constant one: the same size, with more gates",
	"circuits/quotient.go Builder.parts: no assertions in b.Scaled(n, by.Num)":                                            closedBefore,
	"circuits/quotient.go Builder.parts: no assertions in b.Scaled(d, by.Den)":                                            closedBefore,
	"circuits/secrettrees.go forest.rest: skip if len(f.slots) == 1":                                                      "the value is then made as that of several outputs is, with one more gate",
	"circuits/trees.go forest.sum: skip if f.e.Secret":                                                                    byNodes,
	"circuits/trees.go forest.sum: drop f.secretOblivious(values, done)":                                                  byNodes,
	"circuits/trees.go forest.total: drop terms = slices.DeleteFunc(terms, func(t gate.Term) bool { return…":              "a wire whose coefficients cancel is then added with the coefficient zero, at one more gate",
	"circuits/trees.go forest.blend: skip if f.b.count":                                                                   "a count then computes coefficients that nobody reads: the number of gates is the same",
}

const allDiffer = "what has no place is not equal to the last one that has: all are different"

const byNodes = "the tree is then made node by node: the same value of its leaves, with more gates"

const notLast = "a layout's last port is its model or a signer, never an input, an output or a context"

const closedBefore = "the values were closed before"

const closedLater = "the values are closed when they are packed into words"

const closedOnce = "the first window then closes, in its slot, a value that is in several windows; the others use it as a known value, with more gates"

const inUse = "a context is bound by its own row, like every public input; the gate only ensures that it is used"

// Of Divide.
const (
	memoryOnly = "the list then keeps closed values, which Finish skips: this only costs memory"
	noWrap     = "quotient times divisor does not wrap with one more bit either, so that the remainder determines the quotient"
)
