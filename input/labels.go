package input

import (
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/zkml-go/zkml/budget"
)

// labelsName picks the array of labels in an .npz file or a JSON object that
// holds several.
const labelsName = "labels"

// ReadLabels reads one integer for each sample: IDX, .npy, .npz (the array
// "labels", or the only one), one column of a CSV file, or a JSON list. limit
// caps their number; 0 or less means all. stdin is read only for "-" and may
// be nil.
func ReadLabels(ref string, stdin io.Reader, limit int) ([]int, error) {
	r := parseReference(ref)
	labels, err := r.readLabels(stdin, limit)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.place(), err)
	}
	return labels, nil
}

func (r reference) readLabels(stdin io.Reader, limit int) ([]int, error) {
	src, err := r.open(stdin, []Spec{{Name: labelsName}})
	if err != nil {
		return nil, err
	}
	a, ok := src[0].(*array)
	if !ok {
		return nil, errors.New("is a picture; labels are integers in IDX, npy, npz, CSV or JSON")
	}
	n := elements(a.shape)
	if len(withoutOnes(a.shape)) > 1 {
		return nil, fmt.Errorf("has shape %s; labels are one integer for each sample%s", show(a.shape), a.hint)
	}
	if err := budget.SampleElements.Check("", int64(n)); err != nil {
		return nil, err
	}
	first := 0
	if r.row >= n {
		return nil, fmt.Errorf("there is no label %d; the file holds %d, counted from 0", r.row, n)
	}
	if r.row >= 0 {
		first, n = r.row, r.row+1
	}
	values, err := a.read(0, elements(a.shape))
	if err != nil {
		return nil, err
	}
	values = values[first:n]
	if limit > 0 && limit < len(values) {
		values = values[:limit]
	}
	return integers(values, first)
}

func integers(values []float64, first int) ([]int, error) {
	out := make([]int, len(values))
	for i, v := range values {
		if v != math.Trunc(v) || math.Abs(v) > 1<<31 {
			return nil, fmt.Errorf("label %d is not a 32-bit integer", first+i)
		}
		out[i] = int(v)
	}
	return out, nil
}
