package op

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

// quantTypes are the types of quantised values.
var quantTypes = []graph.DType{
	graph.Int2, graph.Uint2, graph.Int4, graph.Uint4, graph.Int8, graph.Uint8, graph.Int16, graph.Uint16,
}

// toSingle rounds to single precision.
func toSingle(x float64) float64 { return float64(float32(x)) }

// quantCodes refuses inputs that are no codes.
func quantCodes(in []Arg, inputs ...int) error {
	for _, k := range inputs {
		if !slices.Contains(quantTypes, in[k].DType) {
			return fmt.Errorf("input %d is of type %s; only integers of 2 to 16 bits are supported", k, in[k].DType)
		}
	}
	return nil
}

// oneForAll is the index of what all elements share.
func oneForAll(int) int { return 0 }

// quantParams are the scales and zero points of a tensor: one for all elements, or one for each
// index of an axis, or of each block along it.
type quantParams struct {
	scale, zero []float64
	of          []int // by element, the index in scale and zero; nil where there is one of each
}

// at are the parameters of an element.
func (p *quantParams) at(i int) (scale, zero float64) {
	if p.of != nil {
		i = p.of[i]
	} else {
		i = 0
	}
	return p.scale[i], p.zero[i]
}

// quantAxis says which elements share parameters.
type quantAxis struct{ axis, block int }

func readQuantAxis(n *graph.Node) quantAxis {
	return quantAxis{n.Int("axis", 1), n.Int("block_size", 0)}
}

// params reads the parameters of a tensor of a shape.
func (q quantAxis) params(shape []int, scale Arg, zero *Arg) (*quantParams, error) {
	p, err := readScales(scale, zero)
	if err != nil || len(p.scale) == 1 {
		return p, err
	}
	at, err := axis(q.axis, len(shape))
	if err != nil {
		return nil, err
	}
	want := []int{shape[at]}
	if q.block > 0 {
		want = slices.Clone(shape)
		want[at] = (shape[at] + q.block - 1) / q.block
	}
	if !slices.Equal(scale.Shape, want) {
		return nil, fmt.Errorf("the scales are %v, but one for each index or block of axis %d takes %v",
			scale.Shape, at,
			want)
	}
	strides, inner := tensor.Strides(want), tensor.Size(shape[at+1:])
	for i := range tensor.Size(shape) {
		j := i / inner % shape[at]
		if q.block > 0 {
			j = i/(inner*shape[at])*want[at]*inner + j/q.block*strides[at] + i%inner
		}
		p.of = append(p.of, j)
	}
	return p, nil
}

// readScales reads scales, and zero points of the same shape, which may be absent.
func readScales(scale Arg, zero *Arg) (*quantParams, error) {
	if scale.Const == nil || zero != nil && zero.Present && zero.Const == nil {
		return nil, errors.New("a scale or a zero point depends on the model's input; only constant ones are " +
			"supported: use static quantisation")
	}
	p := &quantParams{scale: asTyped(scale), zero: make([]float64, len(scale.Const.Data))}
	if slices.ContainsFunc(p.scale, func(s float64) bool { return notFinite(s) || s <= 0 }) || len(p.scale) == 0 {
		return nil, errors.New("a scale is zero, negative or not finite; quantise the model again")
	}
	if zero != nil && zero.Present {
		if len(zero.Const.Data) != len(p.scale) {
			return nil, fmt.Errorf("%d zero points for %d scales; there must be as many", len(zero.Const.Data),
				len(p.scale))
		}
		p.zero = zero.Const.Data
	}
	return p, nil
}

// asTyped are a constant's numbers as its type has them: what is computed of constants is not
// rounded.
func asTyped(a Arg) []float64 {
	f, ok := floats[a.DType]
	if !ok {
		return a.Const.Data
	}
	return tensor.Map(a.Const, f.round).Data
}

// arg is an input, or nil where it is absent.
func arg(in []Arg, i int) *Arg {
	if !given(in, i) {
		return nil
	}
	return &in[i]
}

// quantType is the type of a zero point, or another one where there is none.
func quantType(zero *Arg, missing graph.DType) (graph.DType, error) {
	if zero != nil {
		missing = zero.DType
	}
	if !slices.Contains(quantTypes, missing) {
		return "", fmt.Errorf("quantised values of type %s are not supported, only integers of 2 to 16 bits", missing)
	}
	return missing, nil
}

// quantised is the code of a real number: to the nearest, halves to the even neighbour, limited
// to the type. A quotient is a number of the type that round says.
func quantised(x, scale, zero float64, t integer, round func(float64) float64) float64 {
	lo, hi := t.limits()
	return max(lo, min(hi, math.RoundToEven(round(x/scale))+zero))
}
