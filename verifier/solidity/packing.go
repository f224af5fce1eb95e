package solidity

import (
	"math/big"

	"github.com/zkml-go/zkml/visibility"
)

// packing is how the wrapper turns the input's bytes into words. It works on
// the 32 bytes that one load brings: where the bytes of an element are a power
// of two, all elements of a load are squeezed at once, else one at a time.
type packing struct {
	Count, Size, Bits, PerWord, Words int
	// Chunk is how many elements one load brings.
	Chunk int
	// Excess marks the bits of a load that lie above an element's format.
	Excess string
	Steps  []step
}

// step swaps neighbours and closes the gap between them: in each pair of lanes
// of Lane bits, Width of which are in use, the higher becomes the lower part of
// 2·Width bits. Keep marks the bits in use of each lower lane.
type step struct {
	Lane, Width int
	Keep        string
}

func newPacking(t visibility.Tensor) *packing {
	p := &packing{
		Count: t.Count(), Size: elementBytes(t), Bits: t.Bits, PerWord: t.PerWord(), Words: t.Words(),
		Chunk: 1,
	}
	lane := 8 * p.Size
	excess := lanes(lane, lane)
	if 32%p.Size == 0 {
		p.Chunk = 32 / p.Size
		p.Excess = hexadecimal(excess.Xor(excess, lanes(lane, t.Bits)))
		for width := t.Bits; lane < 256; lane, width = 2*lane, 2*width {
			p.Steps = append(p.Steps, step{Lane: lane, Width: width, Keep: hexadecimal(lanes(2*lane, width))})
		}
		return p
	}
	top := new(big.Int).Sub(power(lane), power(t.Bits))
	p.Excess = hexadecimal(top.Lsh(top, uint(256-lane)))
	return p
}

// elementBytes is how many bytes of the input's text an element takes.
func elementBytes(t visibility.Tensor) int { return (t.Bits + 7) / 8 }

// lanes is the 256-bit number with the low bits set in each lane.
func lanes(lane, bits int) *big.Int {
	one := new(big.Int).Sub(power(bits), big.NewInt(1))
	sum := new(big.Int)
	for at := 0; at+lane <= 256; at += lane {
		sum.Or(sum, new(big.Int).Lsh(one, uint(at)))
	}
	return sum
}

func power(n int) *big.Int { return new(big.Int).Lsh(big.NewInt(1), uint(n)) }

// hexadecimal writes 64 digits, so that Solidity takes the number for nothing
// shorter, an address for one.
func hexadecimal(v *big.Int) string {
	digits := v.Text(16)
	for len(digits) < 64 {
		digits = "0" + digits
	}
	return "0x" + digits
}
