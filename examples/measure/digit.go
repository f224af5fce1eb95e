package measure

import (
	"fmt"
	"io"
	"math"

	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/tensor"
)

// side is the width and height of an MNIST picture. The digit itself stands in
// the middle 20 x 20 pixels.
const side = 28

// Digit reads one picture of a digit, flattened row-major, for a model whose
// input has the given shape. A model of fewer pixels gets the middle of the
// picture.
func Digit(ref string, stdin io.Reader, shape []int, p input.Picture, resize bool) ([]float64, error) {
	s, err := digitSpec(shape, p, resize)
	if err != nil {
		return nil, err
	}
	t, err := input.Read(ref, stdin, s)
	if err != nil {
		return nil, err
	}
	return middle(t.Data, tensor.Size(shape)), nil
}

// Digits reads the first limit pictures of a data set in the same way.
func Digits(ref string, shape []int, p input.Picture, limit int) ([][]float64, error) {
	s, err := digitSpec(shape, p, false)
	if err != nil {
		return nil, err
	}
	set, err := input.ReadSet(ref, nil, s, limit)
	if err != nil {
		return nil, err
	}
	out := make([][]float64, len(set))
	for i, t := range set {
		out[i] = middle(t.Data, tensor.Size(shape))
	}
	return out, nil
}

// digitSpec asks for whole pictures.
func digitSpec(shape []int, p input.Picture, resize bool) (input.Spec, error) {
	n := tensor.Size(shape)
	if w := width(n); n > side*side || w*w != n || (side-w)%2 != 0 {
		return input.Spec{}, fmt.Errorf("an input of %d elements is no square in the middle of %d x %d pixels", n, side,
			side)
	}
	return input.Spec{Shape: []int{1, 1, side, side}, Picture: p, Resize: resize}, nil
}

func width(n int) int { return int(math.Round(math.Sqrt(float64(n)))) }

// middle cuts the central n pixels out of a whole picture.
func middle(whole []float64, n int) []float64 {
	w := width(n)
	edge := (side - w) / 2
	out := make([]float64, 0, n)
	for y := edge; y < edge+w; y++ {
		out = append(out, whole[y*side+edge:y*side+edge+w]...)
	}
	return out
}
