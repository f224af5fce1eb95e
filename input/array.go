package input

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/tensor"
)

// array is a decoded file of numbers, read sample by sample so that a large
// file costs no more memory than the samples that are used.
type array struct {
	shape []int
	grey  bool // the elements are grey values 0..255
	flat  bool // samples follow one another, whatever their shapes are
	// read decodes n elements in row-major order. Both numbers are multiples
	// of the size of one entry of the leading axis.
	read func(from, n int) ([]float64, error)
	hint string // the remedy for a shape that does not fit
}

// newArray wraps decoded numbers.
func newArray(shape []int, data []float64) (*array, error) {
	if len(data) == 0 {
		return nil, errNoValues
	}
	read := func(from, n int) ([]float64, error) { return slices.Clone(data[from : from+n]), nil }
	return &array{shape: slices.Clone(shape), read: read}, nil
}

var errNoValues = errors.New("holds no values")

// count returns the size of the leading axis if its entries fit the model, or 1
// if the whole array does. Pictures with a sample axis are counted whatever their
// size: sample reports what is wrong with it.
func (a *array) count(spec Spec) (int, error) {
	switch {
	case a.rowsFit(spec):
		return a.shape[0], nil
	case fits(a.shape, spec.Shape):
		return 1, nil
	case a.grey && len(a.shape) == 3:
		return a.shape[0], nil
	}
	return 0, fmt.Errorf("has shape %s; input %q wants %s%s", show(a.shape), spec.Name, show(spec.Shape), a.hint)
}

func (a *array) rowsFit(spec Spec) bool {
	return len(a.shape) > 0 && fits(a.shape[1:], spec.Shape)
}

func (a *array) sample(i int, spec Spec) (*tensor.Float, error) {
	if !a.rowsFit(spec) && fits(a.shape, spec.Shape) {
		return a.fitted(0, spec)
	}
	if a.rowsFit(spec) {
		return a.fitted(i*elements(spec.Shape), spec)
	}
	h, w := a.shape[1], a.shape[2]
	plane, err := a.read(i*h*w, h*w)
	if err != nil {
		return nil, err
	}
	return picture{w: w, h: h, planes: [][]float64{plane}}.tensor(spec)
}

// fitted reads the elements of one sample from a position on.
func (a *array) fitted(from int, spec Spec) (*tensor.Float, error) {
	data, err := a.read(from, elements(spec.Shape))
	if err != nil {
		return nil, err
	}
	if a.grey && spec.Unpictured {
		return nil, errUnpictured
	}
	if a.grey {
		for i, x := range data {
			data[i] = spec.Picture.Value(x)
		}
	}
	return tensor.Of(data, spec.Shape...), nil
}

// fits reports whether an array can be read as another shape: they are equal except
// for axes of size 1, or one of them is flat and their sizes are equal.
func fits(have, want []int) bool {
	have, want = withoutOnes(have), withoutOnes(want)
	if slices.Equal(have, want) {
		return true
	}
	flat := len(have) == 1 || len(want) == 1
	return flat && elements(have) == elements(want)
}

func withoutOnes(shape []int) []int {
	return slices.DeleteFunc(slices.Clone(shape), func(d int) bool { return d == 1 })
}

// elements returns the size of a shape, or -1 if a size is negative or the whole is
// larger than a file may be.
func elements(shape []int) int {
	n := budget.Product(shape...)
	if n > budget.DataBytes.Most {
		return -1
	}
	return int(n)
}

// show writes a shape as in 1x28x28.
func show(shape []int) string {
	if len(shape) == 0 {
		return "scalar"
	}
	sizes := make([]string, len(shape))
	for i, d := range shape {
		sizes[i] = strconv.Itoa(d)
	}
	return strings.Join(sizes, "x")
}

// indexOf returns the index along each axis of a row-major position.
func indexOf(position int, shape []int) []int {
	index := make([]int, len(shape))
	for i := len(shape) - 1; i >= 0; i-- {
		index[i] = position % shape[i]
		position /= shape[i]
	}
	return index
}

func notFinite(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }
