package input

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

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

// ReadTextLabels is ReadLabels of classes that have names: the file holds the name of each
// sample's class, or the number. Numbers that are all names count as such.
func ReadTextLabels(ref string, stdin io.Reader, names *Texts, limit int) ([]int, error) {
	r := parseReference(ref)
	data, err := r.load(stdin)
	c := content{name: r.path, data: data, part: r.part}
	if err == nil {
		c, err = c.unpacked()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.place(), err)
	}
	if isText(c.data) || isJSON(c.data) {
		var labels []int
		if labels, err = r.labelsOf(c, names, limit); err == nil {
			return labels, nil
		}
	}
	labels, other := r.labelsOf(c, nil, limit)
	if other == nil {
		return names.renamed(labels), nil
	}
	if err == nil {
		err = other
	}
	return nil, fmt.Errorf("%s: %w", r.place(), err)
}

// renamed are the numbers of labels that are all names themselves; else the labels.
func (t *Texts) renamed(labels []int) []int {
	out := make([]int, len(labels))
	for i, label := range labels {
		k, ok := t.number[strconv.Itoa(label)]
		if !ok {
			return labels
		}
		out[i] = k
	}
	return out
}

func (r reference) readLabels(stdin io.Reader, limit int) ([]int, error) {
	data, err := r.load(stdin)
	if err != nil {
		return nil, err
	}
	c, err := content{name: r.path, data: data, part: r.part}.unpacked()
	if err != nil {
		return nil, err
	}
	return r.labelsOf(c, nil, limit)
}

// labelsOf reads the labels of a file.
func (r reference) labelsOf(c content, names *Texts, limit int) ([]int, error) {
	src, err := r.sources(c, []Spec{{Name: labelsName, Texts: names}})
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
