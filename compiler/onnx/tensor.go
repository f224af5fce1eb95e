package onnx

import (
	"errors"
	"fmt"
	"math"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

var (
	maxRank     = int(budget.Rank.Most)           // axes of a tensor
	maxElements = int(budget.TensorElements.Most) // elements of a tensor
)

// The fields of a TensorProto that say where its data is.
const rawField, externalField, locationField = 9, 13, 14

// tensorProto is a TensorProto as it is encoded.
type tensorProto struct {
	name     string
	dims     []uint64
	element  int64
	location int64 // 1 if the data is in an external file
	segments int
	raw      []byte
	floats   []byte // float_data and double_data as little-endian bytes
	doubles  []byte
	ints     map[store]*[]uint64
	strings  []string
	external []string // key, value, key, value...
}

func readTensor(b []byte) (*tensorProto, error) {
	t := &tensorProto{ints: map[store]*[]uint64{inInt32s: {}, inInt64s: {}, inUint64s: {}}}
	err := fields{
		1:             varints(&t.dims),
		2:             number(&t.element),
		3:             message(func([]byte) error { t.segments++; return nil }),
		4:             fixed32s(&t.floats),
		5:             varints(t.ints[inInt32s]),
		6:             message(func(b []byte) error { t.strings = append(t.strings, string(b)); return nil }),
		7:             varints(t.ints[inInt64s]),
		8:             text(&t.name),
		rawField:      message(func(b []byte) error { t.raw = b; return nil }),
		10:            fixed64s(&t.doubles),
		11:            varints(t.ints[inUint64s]),
		externalField: message(t.addExternal),
		locationField: number(&t.location),
	}.read(b)
	return t, err
}

// addExternal reads one StringStringEntryProto of external_data.
func (t *tensorProto) addExternal(b []byte) error {
	var key, val string
	err := fields{1: text(&key), 2: text(&val)}.read(b)
	t.external = append(t.external, key, val)
	return err
}

// decode returns the tensor's values. The amount of data is checked against the
// shape before anything is allocated.
func (t *tensorProto) decode() (*graph.Const, error) {
	c, err := t.values()
	if err != nil {
		return nil, fmt.Errorf("tensor %q: %w", t.name, err)
	}
	return c, nil
}

func (t *tensorProto) values() (*graph.Const, error) {
	if t.segments > 0 {
		return nil, errors.New("it is split into segments, which is not supported")
	}
	e, shape, n, err := t.form()
	if err != nil {
		return nil, err
	}
	p, err := t.patterns(e, n)
	if err != nil {
		return nil, err
	}
	data := make([]float64, n)
	for i := range data {
		if data[i], err = e.value(p.at(i)); err != nil {
			return nil, fmt.Errorf("element %d: %w", i, err)
		}
	}
	return &graph.Const{DType: e.dtype, Float: tensor.Of(data, shape...)}, nil
}

// form returns the tensor's element type, sizes and number of elements.
func (t *tensorProto) form() (e element, shape []int, n int, err error) {
	if e, err = elementOf(t.element); err == nil {
		shape, n, err = t.shape()
	}
	return e, shape, n, err
}

// shape checks the sizes and returns them with the number of elements.
func (t *tensorProto) shape() ([]int, int, error) {
	if len(t.dims) > maxRank {
		return nil, 0, fmt.Errorf("%d axes, more than the %d supported", len(t.dims), maxRank)
	}
	shape, n := make([]int, len(t.dims)), uint64(1)
	for i, d := range t.dims {
		if int64(d) < 0 || d > uint64(maxSize) {
			return nil, 0, fmt.Errorf("size %d of axis %d is out of range", int64(d), i)
		}
		shape[i] = int(d)
	}
	for _, d := range t.dims {
		if d == 0 {
			return shape, 0, nil
		}
		if n *= d; n > uint64(maxElements) {
			return nil, 0, fmt.Errorf("shape %v has more than %d elements", shape, maxElements)
		}
	}
	return shape, int(n), nil
}

// patterns are the bit patterns of a tensor's elements: packed bytes, the
// first element in the lowest bits, or one entry each.
type patterns struct {
	width   int
	packed  []byte
	entries []uint64
}

// at returns the bit pattern of element i.
func (p patterns) at(i int) uint64 {
	if p.packed == nil {
		return p.entries[i]
	}
	if p.width < 8 {
		bit := i * p.width
		return uint64(p.packed[bit/8]) >> (bit % 8) & (1<<p.width - 1)
	}
	v, size := uint64(0), p.width/8
	for k := range size {
		v |= uint64(p.packed[i*size+k]) << (8 * k)
	}
	return v
}

// patterns finds the one field that holds the data and checks its size.
func (t *tensorProto) patterns(e element, n int) (patterns, error) {
	p := patterns{width: e.bits}
	need := e.bytes(n)
	if err := t.checkFields(e); err != nil {
		return p, err
	}
	if t.location == 1 {
		at, err := parseExternal(t.external, need)
		if err == nil {
			err = fmt.Errorf("its data is in the external file %q, which cannot be reached from here; "+
				"load the model by its path", at.file)
		}
		return p, err
	}
	switch {
	case len(t.raw) > 0:
		p.packed = t.raw
	case e.typed == inFloats:
		p.packed = t.floats
	case e.typed == inDoubles:
		p.packed = t.doubles
	default:
		return t.entries(e, n)
	}
	if len(p.packed) != need {
		return p, fmt.Errorf("%d %s values need %d bytes, the file holds %d; it is damaged",
			n, e.dtype, need, len(p.packed))
	}
	return p, nil
}

// checkFields refuses data in a field that is not the type's, or in two fields at once.
func (t *tensorProto) checkFields(e element) error {
	size := map[store]int{inFloats: len(t.floats), inDoubles: len(t.doubles)}
	for s, entries := range t.ints {
		size[s] = len(*entries)
	}
	typed := size[e.typed] > 0
	delete(size, e.typed)
	for _, n := range size {
		if n > 0 {
			return fmt.Errorf("its data is in a field that cannot hold %s; the file is damaged", e.dtype)
		}
	}
	if len(t.strings) > 0 {
		return fmt.Errorf("it holds strings, but its type is %s; the file is damaged", e.dtype)
	}
	raw := len(t.raw) > 0
	if (typed && raw) || (t.location == 1 && (typed || raw)) {
		return errors.New("its data is given twice; the file is damaged")
	}
	if t.location != 0 && t.location != 1 {
		return fmt.Errorf("data location %d is not supported", t.location)
	}
	return nil
}

// entries reads integers from a typed field: one per entry, or one byte of packed
// elements per entry for types smaller than a byte.
func (t *tensorProto) entries(e element, n int) (patterns, error) {
	p := patterns{width: e.bits, entries: *t.ints[e.typed]}
	need := n
	if e.bits < 8 {
		need = e.bytes(n)
		p.packed = make([]byte, 0, len(p.entries))
	}
	if len(p.entries) != need {
		return p, fmt.Errorf("%d %s values need %d entries, the file holds %d; it is damaged",
			n, e.dtype, need, len(p.entries))
	}
	for i, v := range p.entries {
		if e.typed == inInt32s {
			v = uint64(int64(int32(v))) // as protobuf reads an int32
			p.entries[i] = v
		}
		if !e.fits(v) {
			return p, fmt.Errorf("entry %d, %d, is out of the range of %s", i, int64(v), e.dtype)
		}
		if e.bits < 8 {
			p.packed = append(p.packed, byte(v))
		}
	}
	return p, nil
}

// checkFinite refuses NaN and infinity, naming the element.
func checkFinite(values []float64) error {
	for i, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("element %d is %g; a circuit needs finite numbers: put a large one in its place", i, v)
		}
	}
	return nil
}

// constant decodes a tensor that is part of a model: its values are no NaN. Operators decide
// what they do with infinite ones.
func (t *tensorProto) constant() (*graph.Const, error) {
	if t.element == stringType {
		return t.texts()
	}
	c, err := t.decode()
	if err != nil {
		return nil, err
	}
	for i, v := range c.Data {
		if math.IsNaN(v) {
			return nil, fmt.Errorf("tensor %q: element %d is NaN; a circuit needs finite numbers: put one in its place",
				t.name, i)
		}
	}
	return c, nil
}

// texts decodes a tensor of strings: each different one is listed once, and elements are
// positions in the list.
func (t *tensorProto) texts() (*graph.Const, error) {
	shape, n, err := t.shape()
	switch {
	case err != nil:
	case n != len(t.strings):
		err = fmt.Errorf("%d strings for %d elements; the file is damaged", len(t.strings), n)
	case len(t.raw) > 0 || t.location != 0:
		err = fmt.Errorf("%d strings for %d elements and other data beside them; the file is damaged", n, n)
	}
	if err != nil {
		return nil, fmt.Errorf("tensor %q: %w", t.name, err)
	}
	c := &graph.Const{DType: graph.Text, Float: tensor.New[float64](shape...), Texts: []string{}}
	at := map[string]int{}
	for i, s := range t.strings {
		if _, ok := at[s]; !ok {
			at[s] = len(c.Texts)
			c.Texts = append(c.Texts, s)
		}
		c.Data[i] = float64(at[s])
	}
	return c, nil
}
