package input

import (
	"encoding/binary"
	"errors"
)

// idxTypes are the type codes of the IDX format, with numpy's names.
var idxTypes = map[byte]string{0x08: "u1", 0x09: "i1", 0x0b: "i2", 0x0c: "i4", 0x0d: "f4", 0x0e: "f8"}

func isIDX(data []byte) bool {
	return len(data) >= 4 && data[0] == 0 && data[1] == 0 && idxTypes[data[2]] != "" && data[3] >= 1 &&
		data[3] <= maxRank
}

// decodeIDX reads two zero bytes, a type, a rank, the sizes as big-endian 32-bit
// numbers, and the data, also big-endian. Unsigned bytes with two or more axes are
// treated as pictures.
func decodeIDX(c content) (source, error) {
	if !isIDX(c.data) {
		return nil, errors.New("its IDX header is missing or of an unknown type")
	}
	rank := int(c.data[3])
	start := 4 + 4*rank
	if len(c.data) < start {
		return nil, errors.New("its IDX header is cut short")
	}
	shape := make([]int, rank)
	for i := range shape {
		shape[i] = int(binary.BigEndian.Uint32(c.data[4+4*i:]))
	}
	kind := idxTypes[c.data[2]]
	a, err := binaryArray{number: numbers[kind], order: binary.BigEndian, data: c.data[start:], shape: shape}.array()
	if err != nil {
		return nil, err
	}
	a.grey = kind == "u1" && rank >= 2
	return a, nil
}
