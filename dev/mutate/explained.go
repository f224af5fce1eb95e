package main

// explained says of mutants that survive why they admit no false statement.
var explained = map[string]string{
	"circuits/argmax.go Builder.ArgMax: M one more in gate.Q{M: 1}":                                                       "2·sel·e is zero just where sel·e is",
	"circuits/max.go Builder.productZero: M one more in gate.Q{M: 1}":                                                     "twice the product is zero just where the product is",
	"circuits/max.go Builder.productZero: M one more in gate.Q{M: 1} (2)":                                                 "twice the product is zero just where the product is",
	"circuits/max.go Builder.gap: skip if !v.open":                                                                        "a known value is then bound as an open one is: the same equation over range-checked digits, for more gates",
	"circuits/softmax.go Builder.Distances: L one more in gate.Q{L: 1}":                                                   "twice the only distance is zero just where the distance is",
	"circuits/product.go Builder.Divide: drop q.Hi = min(q.Hi, (2*n.Hi+d.Hi)/(2*d.Lo))":                                   "the quotient's interval is then wider than it need be, and still holds it",
	"circuits/product.go Builder.Divide: Bits one more in Window{Bits: bits}":                                             noWrap,
	"circuits/product.go Builder.Divide: Bits one more in Window{Bits: width}":                                            signAlone,
	"circuits/product.go Builder.Divide: Bits one more in Window{Bits: width} (2)":                                        signAlone,
	"circuits/signature.go Builder.lowBits: bits one more in b.check(borrow, 0, 1)":                                       "of 0 to 3 the two comparisons leave 0 and 1 alone: 2^128 and more would have to be made up for by a difference below 2^128",
	"circuits/softmax.go Builder.Distances: width one more in b.gap(v, m, gate.Term{}, Cover(0, hi-v.Lo).Bits)":           "the values are known and another gap is zero, so that m is one of them: the sign alone matters",
	"circuits/border.go border.bindInputs: skip the last round of range ports":                                            notLast,
	"circuits/border.go border.bindInputs: skip the last round of range ports (2)":                                        notLast,
	"circuits/border.go border.bindOutputs: skip the last round of range e.layout.Ports":                                  notLast,
	"circuits/border.go border.bindContext: skip the last round of range e.layout.Ports":                                  notLast,
	"circuits/border.go border.bindContext: skip if p.Is(visibility.FormNumber)":                                          inUse,
	"circuits/border.go border.bindContext: drop e.b.g.Quad(w, w, gate.Q{L: 1})":                                          inUse,
	"circuits/border.go border.bindContext: L one more in gate.Q{L: 1}":                                                   inUse,
	"circuits/statement.go Statement.emit: drop e.bindContext()":                                                          inUse,
	"circuits/border.go border.bindContext: no L in gate.Q{L: 1}":                                                         inUse,
	"circuits/signature.go Builder.below: bits one more in b.widths(n)":                                                   "of each difference the sign matters alone: a negative one is r less at most 2^252, and that is above any width in use",
	"circuits/builder.go Builder.open: drop b.opened = slices.DeleteFunc(b.opened, func(v *Value) bool { ret…":            memoryOnly,
	"circuits/builder.go Builder.open: drop b.opened = slices.Grow(b.opened, n+1)":                                        memoryOnly,
	"circuits/argmax.go Builder.ArgMax: drop b.CloseAll(vs)":                                                              "the position in a group of one is 0 whatever the value, and Finish closes it",
	"circuits/argmax.go Builder.ArgMax: bits one more in b.check(s, 0, 1)":                                                "selectors of 0 to 3 that sum to one are bits all the same",
	"circuits/saturate.go Saturation.plan: drop p.bits = bits.Len64(uint64(qhi - qlo))":                                   "the window is then that of the format's bits, which holds the interval too, for more gates",
	"circuits/softmax.go Builder.Floor: bits one more in b.widths(Cover(0, v.Hi>>shift).Bits)":                            "a known v has zeros above its highest bit in however many digits",
	"circuits/max.go Builder.gap: Bits one more in Window{Bits: width}":                                                   "another gap is zero, so that m is one of the values: of this one the sign matters alone, and a negative gap is r less little",
	"circuits/max.go Builder.Max: drop b.closeShared(vs, windows)":                                                        closedOnce,
	"circuits/max.go Builder.closeShared: skip the last round of range windows":                                           closedOnce,
	"circuits/max.go Builder.closeShared: skip the last round of range w":                                                 closedOnce,
	"circuits/max.go Builder.closeShared: skip if count[vs[j]] == 2":                                                      closedOnce,
	"circuits/max.go Builder.closeShared: leave out of append(shared, vs[j])":                                             closedOnce,
	"circuits/max.go Builder.closeShared: drop b.CloseAll(shared)":                                                        closedOnce,
	"lookup/lookup.go Argument.Set: first one more in a.table(\"set \"+key, 0, 0, nil)":                                   "a set has no first entry and no number of them: its values replace what the table had",
	"lookup/lookup.go Argument.Set: n one more in a.table(\"set \"+key, 0, 0, nil)":                                       "a set has no first entry and no number of them: its values replace what the table had",
	"circuits/border.go Builder.packWords: no assertions in b.CloseAll(vs)":                                               closedBefore,
	"circuits/border.go border.bindInputs: no assertions in e.b.packWords(in, p.Tensor)":                                  closedBefore,
	"circuits/border.go border.bindOutput: no assertions in e.b.packWords(out, p.Tensor)":                                 closedBefore,
	"circuits/statement.go Statement.define: digitBits one more in NewBuilder(g, s.Digit, secret[0])":                     "wider digits check the same ranges, for another number of gates",
	"circuits/signature.go Builder.lowBits: n one more in b.below(gate.Sum(b.g, []gate.Term{{Wire: b.one, Coef: m…":       "2^128 and more come of a borrow that is not needed, which only narrows what is left for the high part",
	"circuits/signature.go Builder.lowBits: n one more in b.below(gate.Sum(b.g, []gate.Term{{Wire: b.one, Coef: m… (2)":   "of the difference the sign matters alone: a negative one is r less little",
	"circuits/signature.go Builder.lowBits: n one more in b.below(high, highBits)":                                        "the comparison with r − 1 bounds the high part: its own check only keeps the difference from wrapping",
	"circuits/signature.go Builder.scalar: n one more in b.below(b.g.Linear(gate.Term{Wire: b.one, Coef: most}, …":        "of the difference the sign matters alone: a negative one is r less at most 2^252",
	"circuits/secretlinear.go secretLayer.bias: bits one more in l.once(\"biases\", slots, l.format.Bias, func() secret…": "a wider lane holds the same biases, and the commitment is of the words as they are laid out",
}

const notLast = "a layout's last port is its model or a signer, never an input, an output or a context"

const closedBefore = "the values are closed before"

const closedOnce = "the first window then closes a value that stands in several, inside its slot; the others take it as a known one, for more gates"

const inUse = "a context is bound by its own row, as every public input; the gate only keeps it from being unused"

// Of Divide.
const (
	signAlone  = "of the remainder and of what is left to the divisor the sign alone matters: one of them would be negative, r less little"
	memoryOnly = "the list then keeps values that are closed, which Finish passes over: memory only"
	noWrap     = "quotient times divisor does not wrap with one bit more either, so that the remainder leaves one quotient"
)
