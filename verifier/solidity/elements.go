package solidity

import (
	"encoding/binary"
	"encoding/hex"

	"github.com/zkml-go/zkml/visibility"
)

// encoderSuffix is the suffix of the name of the library that encodes inputs whose elements
// have formats of their own.
const encoderSuffix = "Encoder"

// Encoded are the public inputs whose elements have formats of their own.
func (v view) Encoded() []argument {
	var list []argument
	for _, a := range v.Claim {
		if a.Input != nil && a.Input.Used != nil {
			list = append(list, a)
		}
	}
	return list
}

// WordBits is the number of bits of a packed word that carry elements.
func (v view) WordBits() int { return visibility.WordBits }

// Formats are the formats of the elements of one item, as the library keeps them: 20 bytes
// for each.
func (a argument) Formats() string {
	var rows []byte
	for _, e := range a.Port.Elements {
		mantissa, exponent := exactly(e.Scale)
		rows = append(rows, byte(e.Bits))
		rows = binary.BigEndian.AppendUint64(rows, uint64(e.Zero))
		rows = binary.BigEndian.AppendUint64(rows, mantissa)
		rows = binary.BigEndian.AppendUint16(rows, uint16(int16(exponent)))
		rows = append(rows, missingAt(e))
	}
	return hex.EncodeToString(rows)
}

// missingAt is 1 or 2 if the lowest or the highest integer stands for a missing value.
func missingAt(e visibility.Element) byte {
	switch {
	case e.Missing == nil:
		return 0
	case *e.Missing == e.Lowest():
		return 1
	default:
		return 2
	}
}
