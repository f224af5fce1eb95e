// Package input owns the reading of samples, data sets and labels: which
// format a file has, how it is decoded, and how it becomes a tensor of the
// shape that a model wants. It must not know models, ONNX's wire format,
// quantisation or circuits. The command line and the server import it.
//
// A reference names what to read: a path or "-" for standard input, then
// optionally "#PART" and ":ROW" for one sample of many, as in digits.npz:7 or
// iris.csv#0-3:12. A part is a list of columns of a CSV file, an array of an
// .npz or a member of a JSON object. Rows and columns are counted from 0; a CSV
// header is not a row. A path that exists as written is never split.
//
// A model with several inputs reads each from its own reference, NAME=REFERENCE,
// or several from one file that has their names: the arrays of an .npz, the members of
// a JSON object, the columns of a CSV file with a header, the files input_0.pb,
// input_1.pb and so on of a folder, as in ONNX's test data, which are found by the names
// of their tensors or, if these are none of the model's, by position. What a file's header claims
// is checked against package budget before memory is allocated for it.
//
// Inputs may be private: no error of this package shows a value, only its position.
package input

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/tensor"
)

// Spec describes an input of the model.
type Spec struct {
	// Name is the input's name. It picks an array of an .npz or a member of a
	// JSON object if the reference names none.
	Name string
	// Unread says that the input's values are not needed: it may have no reference,
	// and if it has one, that is not read.
	Unread bool
	// Shape is the input's shape with a leading batch of 1 and no symbolic
	// sizes.
	Shape []int
	// Sizes, if not nil, stand in place of Shape where some are unknown: only Shapes reads them.
	Sizes []Size
	// Integers says that the input's type is one of integers, and not of booleans.
	Integers bool
	// Missing, if not nil, reports whether an element of a sample may have no value, by its
	// position in row-major order: then NaN is taken, as are an empty cell of a CSV file and
	// null in JSON.
	Missing func(element int) bool
	// Surplus, if not nil, is told which columns of a CSV file for several inputs none of them
	// reads, and which members of JSON objects. That of the first one is asked.
	Surplus func(names []string)
	// Keys, if not nil, says that the input is a map, and what each of its elements belongs to: JSON
	// holds an object, CSV with a header a column for each. What is absent is 0, and other keys
	// count for nothing, as the model's nodes have it.
	Keys []string
	// Texts, if not nil, says that the input is of texts: files of text hold these, and a
	// sample has their numbers. Arrays of numbers hold the numbers.
	Texts *Texts
	// Picture maps grey values to the model's numbers. It applies to pictures
	// and to IDX files of unsigned bytes with two or more axes. Its zero value
	// takes grey values 0..255 as they are.
	Picture Picture
	// Unpictured refuses grey values, since it is not known how they are mapped.
	Unpictured bool
	// Resize allows a picture of another size. It is stretched to the model's.
	Resize bool
	// TensorProto decodes a serialised ONNX TensorProto. If it is nil, such
	// files are refused.
	TensorProto func([]byte) (*tensor.Float, error)
	// TensorName gives the name of a serialised ONNX TensorProto, or nothing. It may be nil.
	TensorName func([]byte) string

	place int // index among the model's inputs
}

// source is a decoded file.
type source interface {
	// count returns the number of samples for an input.
	count(Spec) (int, error)
	// sample reads sample i, 0 <= i < count, in the input's shape. The caller
	// checks that its values are finite.
	sample(i int, spec Spec) (*tensor.Float, error)
}

// Read reads the one sample that ref names, in the shape of spec. An array of
// another shape is accepted if the two differ only in axes of size 1, or if one
// of them is flat and the sizes agree. stdin is read only for "-" and may be nil.
func Read(ref string, stdin io.Reader, spec Spec) (*tensor.Float, error) {
	if err := spec.check(); err != nil {
		return nil, err
	}
	r := parseReference(ref)
	t, err := r.readOne(stdin, []Spec{spec}, budget.NewMeter(""))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.place(), err)
	}
	return t[0], nil
}

// ReadSet reads the samples that ref names: the formats of Read with a leading
// sample axis, or a folder of pictures in the order of their names. limit caps
// their number; 0 or less means all. With a ":ROW" the set has one sample.
func ReadSet(ref string, stdin io.Reader, spec Spec, limit int) ([]*tensor.Float, error) {
	if err := spec.check(); err != nil {
		return nil, err
	}
	set, err := readSets(parseReference(ref), stdin, []Spec{spec}, limit, budget.NewMeter(""))
	if err != nil {
		return nil, err
	}
	return set[0], nil
}

// readSets reads all samples of each input: of one input, or of several whose names the
// file has.
func readSets(r reference, stdin io.Reader, specs []Spec, limit int, m *budget.Meter) ([][]*tensor.Float, error) {
	if isFolder(r.path) && !r.byName && !isTensorFolder(r.path) {
		set, err := readFolder(r, specs[0], limit, m)
		return [][]*tensor.Float{set}, err
	}
	sets, err := r.readAll(stdin, specs, limit, m)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.place(), err)
	}
	return sets, nil
}

// check refuses a shape that no sample can have.
func (s Spec) check() error {
	if n := elements(s.Shape); n < 1 || slices.ContainsFunc(s.Shape, func(d int) bool { return d < 1 }) {
		return &problem.Error{
			Code: problem.Shape, Got: fmt.Sprintf("input %q has shape %v", s.Name, s.Shape),
			Supported: "every size must be known and positive", Remedy: "give it with ${Shapes}",
		}
	}
	return nil
}

// readOne reads, for each input, the one sample that the reference names.
func (r reference) readOne(stdin io.Reader, specs []Spec, m *budget.Meter) ([]*tensor.Float, error) {
	sources, n, err := r.openCounted(stdin, specs)
	if err != nil {
		return nil, err
	}
	if r.row < 0 && n > 1 {
		return nil, fmt.Errorf("holds %d samples; pick one by its number from 0, as %s:0", n, r.path)
	}
	out := make([]*tensor.Float, len(specs))
	for k, src := range sources {
		if err := take(m, 1, specs[k]); err != nil {
			return nil, err
		}
		if out[k], err = finiteSample(src, max(0, r.row), specs[k]); err != nil {
			return nil, r.of(specs[k], err)
		}
	}
	return out, nil
}

// readAll reads, for each input, the row that the reference names, or else all samples up
// to a limit.
func (r reference) readAll(stdin io.Reader, specs []Spec, limit int, m *budget.Meter) ([][]*tensor.Float, error) {
	sources, n, err := r.openCounted(stdin, specs)
	if err != nil {
		return nil, err
	}
	from := 0
	if r.row >= 0 {
		from, n = r.row, r.row+1
	} else if limit > 0 {
		n = min(n, limit)
	}
	sets := make([][]*tensor.Float, len(specs))
	for k, src := range sources {
		if err := take(m, n-from, specs[k]); err != nil {
			return nil, err
		}
		for i := from; i < n; i++ {
			t, err := finiteSample(src, i, specs[k])
			if err != nil {
				return nil, r.of(specs[k], err)
			}
			sets[k] = append(sets[k], t)
		}
	}
	return sets, nil
}

// take counts samples of an input against the budget, before they are read.
func take(m *budget.Meter, samples int, spec Spec) error {
	if err := m.Take(budget.Samples, int64(samples)); err != nil {
		return err
	}
	return m.Take(budget.SampleElements, budget.Product(samples, elements(spec.Shape)))
}

// of adds the name of the input that an error is about, if it is one of several.
func (r reference) of(spec Spec, err error) error {
	if !r.byName {
		return err
	}
	return fmt.Errorf("input %q: %w", spec.Name, err)
}

// openCounted opens the source of each input, and checks that all have the same number of
// samples, and the row that the reference names.
func (r reference) openCounted(stdin io.Reader, specs []Spec) ([]source, int, error) {
	sources, err := r.open(stdin, specs)
	if err != nil {
		return nil, 0, err
	}
	n := 0
	for k, src := range sources {
		have, err := src.count(specs[k])
		switch {
		case err != nil:
			return nil, 0, err
		case k == 0:
			n = have
		case have != n:
			return nil, 0, errCounts(specs[0].Name, n, specs[k].Name, have)
		}
	}
	if r.row >= n {
		return nil, 0, fmt.Errorf("there is no sample %d; the file holds %d, counted from 0", r.row, n)
	}
	return sources, n, nil
}

// errCounts is the error for inputs with different numbers of samples.
func errCounts(a string, n int, b string, m int) error {
	return &problem.Error{
		Code: problem.Count, Got: fmt.Sprintf("input %q has %d samples, and input %q has %d", a, n, b, m),
		Remedy: "give the same number of each",
	}
}

// finiteSample reads a sample and refuses NaN and infinity, but for NaN where a value may be
// missing.
func finiteSample(src source, i int, spec Spec) (*tensor.Float, error) {
	t, err := src.sample(i, spec)
	if err != nil {
		return nil, err
	}
	for k, v := range t.Data {
		if notFinite(v) && !(math.IsNaN(v) && spec.Missing != nil && spec.Missing(k)) {
			return nil, fmt.Errorf("sample %d, element %v: not a finite number", i, indexOf(k, t.Shape))
		}
	}
	return t, nil
}

func readFolder(r reference, spec Spec, limit int, m *budget.Meter) ([]*tensor.Float, error) {
	entries, err := os.ReadDir(r.path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.place(), reason(err))
	}
	if r.row >= 0 || r.part != "" {
		return nil, fmt.Errorf("%s: is a folder, which has no rows or parts; name one file in it", r.place())
	}
	var set []*tensor.Float
	for _, e := range entries {
		if limit > 0 && len(set) == limit {
			break
		}
		if !isPictureName(e.Name()) {
			continue
		}
		file := reference{path: filepath.Join(r.path, e.Name()), row: -1}
		t, err := file.readOne(nil, []Spec{spec}, m)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.place(), err)
		}
		set = append(set, t[0])
	}
	if len(set) == 0 {
		return nil, fmt.Errorf("%s: %w", r.place(), errNoPictures)
	}
	return set, nil
}

var errNoPictures = errors.New("is a folder without pictures; it should hold .png, .jpg or .pgm files")

// isPictureName reports whether a file of a folder is a picture, by its name.
func isPictureName(name string) bool {
	suffix := strings.ToLower(filepath.Ext(name))
	return !strings.HasPrefix(name, ".") && slices.Contains([]string{".png", ".jpg", ".jpeg", ".pgm"}, suffix)
}
