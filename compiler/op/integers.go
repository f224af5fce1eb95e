package op

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
)

// integerRanges are the ranges of the integer types.
var integerRanges = map[graph.DType]ir.Integers{
	graph.Bool:   {Lo: 0, Hi: 1},
	graph.Int8:   {Lo: math.MinInt8, Hi: math.MaxInt8},
	graph.Int2:   {Lo: -2, Hi: 1},
	graph.Uint2:  {Lo: 0, Hi: 3},
	graph.Int4:   {Lo: -8, Hi: 7},
	graph.Uint4:  {Lo: 0, Hi: 15},
	graph.Int16:  {Lo: math.MinInt16, Hi: math.MaxInt16},
	graph.Int32:  {Lo: math.MinInt32, Hi: math.MaxInt32},
	graph.Int64:  ir.AllIntegers,
	graph.Uint8:  {Lo: 0, Hi: math.MaxUint8},
	graph.Uint16: {Lo: 0, Hi: math.MaxUint16},
	graph.Uint32: {Lo: 0, Hi: math.MaxUint32},
	graph.Uint64: {Lo: 0, Hi: math.MaxInt64},
}

// IntegersOf is the range of an integer type; nil for a real one.
func IntegersOf(d graph.DType) *ir.Integers {
	if d.IsFloat() || d == "" {
		return nil
	}
	r, ok := integerRanges[d]
	if !ok {
		r = ir.AllIntegers
	}
	return &r
}

// MarkIntegers says which of the values that a node's steps make are integers: the
// node's outputs by their types, others by how they are made, but for those inside of a
// composite, of which it knows the types itself. It fails where an output of an integer type
// is not computed from integers alone.
func MarkIntegers(o Op, p *ir.Program, steps []*ir.Step, ids []ir.ID, outs []Out) error {
	_, inside := o.(composite)
	for _, s := range steps {
		whole := p.GivesIntegers(s)
		k := slices.Index(ids, s.Out)
		if k < 0 {
			if whole && !inside {
				p.SetIntegers(s.Out, ir.AllIntegers)
			}
			continue
		}
		switch r := IntegersOf(outs[k].DType); {
		case r == nil:
		case !whole:
			return fmt.Errorf("its output is of type %s, and not computed from integers alone; "+
				"put a Cast to float before", outs[k].DType)
		default:
			p.SetIntegers(s.Out, *r)
		}
	}
	return nil
}
