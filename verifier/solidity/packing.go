package solidity

import (
	"math/big"

	"github.com/zkml-go/zkml/visibility"
)

// packing says how the wrapper turns the input's bytes into words. It works on the
// 32 bytes of one load: if the size of an element in bytes is a power of two, all
// elements of a load are squeezed together at once, otherwise one at a time. Where elements
// have formats of their own, the bytes are the words.
type packing struct {
	Count, Size, Bits, PerWord int
	// Used are the bits in use of each word, where the bytes are words; all else but Count
	// is for other bytes.
	Used []int
	// Chunk is the number of elements in one load.
	Chunk int
	// Excess marks the bits of a load that lie above an element's format.
	Excess string
	Steps  []step
	// Loads read one word; Padding is the number of zeros that fill up the last word.
	Loads   []load
	Padding int
}

// load reads 32 bytes, Offset bytes after a word's first. Mask, if any, keeps those
// that belong to the word; their elements begin at bit Shift.
type load struct {
	Offset, Shift int
	Mask          string
}

// step swaps neighbours and closes the gap between them: each lane has Lane bits, of
// which Width are in use, and in each pair of lanes the higher one becomes the lower
// part of 2·Width bits. Keep marks the bits in use of each lower lane.
type step struct {
	Lane, Width int
	Keep        string
}

func newPacking(t visibility.Tensor) *packing {
	if len(t.Elements) > 0 {
		return &packing{Count: t.Count(), Used: t.Used()}
	}
	p := &packing{Count: t.Count(), Size: elementBytes(t), Bits: t.Bits, PerWord: t.PerWord(), Chunk: 1}
	p.squeeze()
	p.Padding = t.Words()*p.WordBytes() - p.Count*p.Size
	for at := 0; at < p.PerWord; at += p.Chunk {
		l := load{Offset: at * p.Size, Shift: at * p.Bits}
		if used := 8 * p.Size * min(p.Chunk, p.PerWord-at); used < 256 {
			mask := new(big.Int).Sub(power(used), big.NewInt(1))
			l.Mask = hexadecimal(mask.Lsh(mask, uint(256-used)))
		}
		p.Loads = append(p.Loads, l)
	}
	return p
}

// Bytes is the number of the input's bytes.
func (p *packing) Bytes() int {
	if p.Used != nil {
		return wordBytes * len(p.Used)
	}
	return p.Count * p.Size
}

// wordBytes is the number of bytes of a word.
const wordBytes = 32

// Unused tell where each word has bits above its last element.
func (p *packing) Unused() []load {
	var list []load
	for i, used := range p.Used {
		list = append(list, load{Offset: wordBytes * i, Shift: used})
	}
	return list
}

// WordBytes is the number of input bytes that fill a word.
func (p *packing) WordBytes() int { return p.PerWord * p.Size }

// squeeze plans how the elements of a load become neighbours.
func (p *packing) squeeze() {
	lane := 8 * p.Size
	if 32%p.Size != 0 {
		top := new(big.Int).Sub(power(lane), power(p.Bits))
		p.Excess = hexadecimal(top.Lsh(top, uint(256-lane)))
		return
	}
	p.Chunk = 32 / p.Size
	excess := lanes(lane, lane)
	p.Excess = hexadecimal(excess.Xor(excess, lanes(lane, p.Bits)))
	for width := p.Bits; lane < 256; lane, width = 2*lane, 2*width {
		p.Steps = append(p.Steps, step{Lane: lane, Width: width, Keep: hexadecimal(lanes(2*lane, width))})
	}
}

// elementBytes is the number of input bytes of an element.
func elementBytes(t visibility.Tensor) int { return (t.Bits + 7) / 8 }

// lanes returns the 256-bit number with the low bits set in each lane.
func lanes(lane, bits int) *big.Int {
	one := new(big.Int).Sub(power(bits), big.NewInt(1))
	sum := new(big.Int)
	for at := 0; at+lane <= 256; at += lane {
		sum.Or(sum, new(big.Int).Lsh(one, uint(at)))
	}
	return sum
}

func power(n int) *big.Int { return new(big.Int).Lsh(big.NewInt(1), uint(n)) }

// hexadecimal writes 64 digits, so that Solidity does not take the number for a shorter
// one such as an address.
func hexadecimal(v *big.Int) string {
	digits := v.Text(16)
	for len(digits) < 64 {
		digits = "0" + digits
	}
	return "0x" + digits
}
