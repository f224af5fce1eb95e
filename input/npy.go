package input

import (
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
// what a header claims and do not support float16.

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
	a, err := parseNPY(header)
	if err != nil {
		return nil, err
	}
	a.data = data
	return a.array()
}

// parseNPY reads a header's text. The array has no data yet.
func parseNPY(header string) (binaryArray, error) {
	shape, err := npyShapeOf(header)
	if err != nil {
		return binaryArray{}, err
	}
	descr, fortran := npyDescr.FindStringSubmatch(header), npyFortran.FindStringSubmatch(header)
	if descr == nil || fortran == nil {
		return binaryArray{}, errors.New("its npy header has no plain type and order; " +
			"save the array with a number type")
	}
	num, ok := numbers[descr[2]]
	if !ok && strings.HasPrefix(descr[2], "U") {
		return binaryArray{}, errTextArray
	}
	if !ok {
		return binaryArray{}, fmt.Errorf("npy type %q is not supported; "+
			"save it as float32, float64, an integer type or bool",
			descr[1]+descr[2])
	}
	a := binaryArray{number: num, order: binary.LittleEndian, shape: shape}
	if descr[1] == ">" {
		a.order = binary.BigEndian
	}
	if fortran[1] == "True" {
		a.place = func(i int) int { return columnMajor(i, shape) }
	}
	return a, nil
}

// npyFixed is the size of the longest prefix that gives the length of the header's text.
// Every npy file is longer.
const npyFixed = 12

// maxNPYHeader bounds the header's text. A plain type and 32 axes take a few hundred bytes.
const maxNPYHeader = 1 << 16

var errNPYCut = errors.New("its npy header is cut short")

// npyHeader says where the header's text starts and how long it is, in versions 1 to 3.
// b has at least npyFixed bytes.
func npyHeader(b []byte) (start, length int, err error) {
	if len(b) < npyFixed || !bytes.HasPrefix(b, []byte(npyMagic)) {
		return 0, 0, errors.New("its npy header is missing or cut short")
	}
	start, length = 10, int(binary.LittleEndian.Uint16(b[8:]))
	switch version := b[6]; version {
	case 1:
	case 2, 3:
		start, length = npyFixed, int(binary.LittleEndian.Uint32(b[8:]))
	default:
		return 0, 0, fmt.Errorf("npy version %d is not supported; save it with numpy 1 or 2", version)
	}
	if length < npyFixed-start || length > maxNPYHeader {
		return 0, 0, fmt.Errorf("its npy header claims %d bytes; at most %d are read; save the array as numbers",
			length, maxNPYHeader)
	}
	return start, length, nil
}

// splitNPY separates the header's text from the data.
func splitNPY(b []byte) (header string, data []byte, err error) {
	start, length, err := npyHeader(b)
	if err != nil {
		return "", nil, err
	}
	if length > len(b)-start {
		return "", nil, errNPYCut
	}
	return string(b[start : start+length]), b[start+length:], nil
}

func npyShapeOf(header string) ([]int, error) {
	m := npyShape.FindStringSubmatch(header)
	if m == nil {
		return nil, errors.New("its npy header has no shape")
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

// columnMajor converts a row-major position to a column-major one.
func columnMajor(position int, shape []int) int {
	index, at := indexOf(position, shape), 0
	for i := len(shape) - 1; i >= 0; i-- {
		at = at*shape[i] + index[i]
	}
	return at
}
