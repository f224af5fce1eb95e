package input

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// The npy format (NumPy Enhancement Proposal 1) is read by hand: it is a magic
// number, a version and one line of text, and the libraries for it allocate
// what a header claims and know no float16.

const npyMagic = "\x93NUMPY"

var (
	npyDescr   = regexp.MustCompile(`['"]descr['"]\s*:\s*['"]([<>|=]?)([a-zA-Z]\d*)['"]`)
	npyFortran = regexp.MustCompile(`['"]fortran_order['"]\s*:\s*(True|False)`)
	npyShape   = regexp.MustCompile(`['"]shape['"]\s*:\s*\(([\d\s,L]*)\)`)
)

func decodeNPY(c content) (source, error) {
	header, data, err := splitNPY(c.data)
	if err != nil {
		return nil, err
	}
	shape, err := npyShapeOf(header)
	if err != nil {
		return nil, err
	}
	descr, fortran := npyDescr.FindStringSubmatch(header), npyFortran.FindStringSubmatch(header)
	if descr == nil || fortran == nil {
		return nil, errors.New("its npy header gives no plain type and order; save the array with a number type")
	}
	num, ok := numbers[descr[2]]
	if !ok {
		return nil, fmt.Errorf("npy type %q is not supported; save it as float32, float64, an integer type or bool", descr[1]+descr[2])
	}
	a := binaryArray{number: num, order: binary.LittleEndian, data: data, shape: shape}
	if descr[1] == ">" {
		a.order = binary.BigEndian
	}
	if fortran[1] == "True" {
		a.place = func(i int) int { return columnMajor(i, shape) }
	}
	return a.array()
}

// splitNPY parts the header's text from the data, in versions 1 to 3.
func splitNPY(b []byte) (header string, data []byte, err error) {
	if !bytes.HasPrefix(b, []byte(npyMagic)) || len(b) < 12 {
		return "", nil, errors.New("its npy header is missing or cut short")
	}
	version, start, length := b[6], 10, int(binary.LittleEndian.Uint16(b[8:]))
	switch version {
	case 1:
	case 2, 3:
		start, length = 12, int(binary.LittleEndian.Uint32(b[8:]))
	default:
		return "", nil, fmt.Errorf("npy version %d is not supported; save it with numpy 1 or 2", version)
	}
	if length > len(b)-start {
		return "", nil, errors.New("its npy header is cut short")
	}
	return string(b[start : start+length]), b[start+length:], nil
}

func npyShapeOf(header string) ([]int, error) {
	m := npyShape.FindStringSubmatch(header)
	if m == nil {
		return nil, errors.New("its npy header gives no shape")
	}
	shape := []int{}
	for size := range strings.SplitSeq(m[1], ",") {
		size = strings.TrimSuffix(strings.TrimSpace(size), "L")
		if size == "" {
			continue
		}
		d, err := strconv.ParseInt(size, 10, 32)
		if err != nil || len(shape) == maxRank {
			return nil, fmt.Errorf("axis %d of its npy shape is not supported", len(shape))
		}
		shape = append(shape, int(d))
	}
	return shape, nil
}

// maxRank is the most axes that an array may have.
const maxRank = 32

// columnMajor is the position, with the first index running fastest, of the
// element at a row-major position.
func columnMajor(position int, shape []int) int {
	index, at := indexOf(position, shape), 0
	for i := len(shape) - 1; i >= 0; i-- {
		at = at*shape[i] + index[i]
	}
	return at
}

// decodeNPZ reads the array that is asked for, or else the one named like the
// model's input, or the only one.
func decodeNPZ(c content) (source, error) {
	z, err := zip.NewReader(bytes.NewReader(c.data), int64(len(c.data)))
	if err != nil {
		return nil, fmt.Errorf("its zip directory is damaged or cut short (%w)", err)
	}
	arrays := map[string]*zip.File{}
	for _, f := range z.File {
		if name, ok := strings.CutSuffix(f.Name, ".npy"); ok {
			arrays[name] = f
		}
	}
	name, err := choose(arrays, "array", c.part, c.spec.Name)
	if err != nil {
		return nil, err
	}
	r, err := arrays[name].Open()
	if err != nil {
		return nil, fmt.Errorf("array %q: %w", name, err)
	}
	defer r.Close()
	if c.data, err = readBounded(r); err != nil {
		return nil, fmt.Errorf("array %q: %w", name, err)
	}
	src, err := decodeNPY(c)
	if err != nil {
		return nil, fmt.Errorf("array %q: %w", name, err)
	}
	return src, nil
}
