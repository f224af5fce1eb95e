package srs

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
)

// The .ptau format of snarkjs: magic, version and number of sections, then
// sections of a type (uint32), a size (uint64) and bytes. Numbers are
// little-endian, points are raw.
const (
	ptauMagic       = "ptau"
	ptauVersion     = 1
	ptauStart       = len(ptauMagic) + 8
	maxPtauSections = 64
	ptauHeaderSize  = 4 + fp.Bytes + 8
)

const (
	ptauHeader        = 1
	ptauTauG1         = 2
	ptauTauG2         = 3
	ptauAlphaTauG1    = 4
	ptauBetaTauG1     = 5
	ptauBetaG2        = 6
	ptauContributions = 7
)

// ptauSizes lists the size in bytes of each section of points for a power.
var ptauSizes = []struct {
	section uint32
	name    string
	size    func(power int) int64
}{
	{ptauTauG1, "tauG1", func(p int) int64 { return (2<<p - 1) * rawG1 }},
	{ptauTauG2, "tauG2", func(p int) int64 { return 1 << p * rawG2 }},
	{ptauAlphaTauG1, "alphaTauG1", func(p int) int64 { return 1 << p * rawG1 }},
	{ptauBetaTauG1, "betaTauG1", func(p int) int64 { return 1 << p * rawG1 }},
	{ptauBetaG2, "betaG2", func(int) int64 { return rawG2 }},
}

// ptau is an open .ptau file whose sections were checked.
type ptau struct {
	r        io.ReaderAt
	sections map[uint32]*io.SectionReader
	power    int
	tauG2    bn254.G2Affine
}

// openPtau reads the table of sections, the header and [τ]₂ of a .ptau file of the
// given size. A section that claims to be larger than the file is refused.
func openPtau(r io.ReaderAt, size int64) (*ptau, error) {
	f := &ptau{r: r, sections: map[uint32]*io.SectionReader{}}
	for _, step := range []func(int64) error{f.readSections, f.readHeader, f.checkSizes, f.readTau} {
		if err := step(size); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *ptau) readSections(size int64) error {
	var start [ptauStart]byte
	if _, err := f.r.ReadAt(start[:], 0); err != nil || string(start[:len(ptauMagic)]) != ptauMagic {
		return errors.New("not a .ptau file")
	}
	if v := binary.LittleEndian.Uint32(start[4:]); v != ptauVersion {
		return fmt.Errorf(".ptau version %d is not supported, only %d", v, ptauVersion)
	}
	count := binary.LittleEndian.Uint32(start[8:])
	if count > maxPtauSections {
		return fmt.Errorf("claims %d sections, more than %d; download it again", count, maxPtauSections)
	}
	at := int64(ptauStart)
	for i := range count {
		end, err := f.readSection(at, size)
		if err != nil {
			return fmt.Errorf("section %d of %d at byte %d: %w; download it again", i+1, count, at, err)
		}
		at = end
	}
	if at != size {
		return fmt.Errorf("%d bytes follow the last section; download it again", size-at)
	}
	return nil
}

// readSection records the section that begins at a byte of the file, and returns
// where it ends.
func (f *ptau) readSection(at, size int64) (end int64, err error) {
	var frame [12]byte
	if at+int64(len(frame)) > size {
		return 0, errors.New("the file ends here")
	}
	if _, err := f.r.ReadAt(frame[:], at); err != nil {
		return 0, bare(err)
	}
	id, length := binary.LittleEndian.Uint32(frame[:]), binary.LittleEndian.Uint64(frame[4:])
	at += int64(len(frame))
	if length > uint64(size-at) {
		return 0, fmt.Errorf("type %d claims %d bytes, the file has %d left", id, length, size-at)
	}
	if f.sections[id] != nil {
		return 0, fmt.Errorf("type %d appears twice", id)
	}
	f.sections[id] = io.NewSectionReader(f.r, at, int64(length))
	return at + int64(length), nil
}

func (f *ptau) readHeader(int64) error {
	section := f.sections[ptauHeader]
	if section == nil || section.Size() != ptauHeaderSize {
		return fmt.Errorf("no header section of %d bytes, the size for BN254; give a BN254 (bn128) ceremony file",
			ptauHeaderSize)
	}
	var b [ptauHeaderSize]byte
	if _, err := section.ReadAt(b[:], 0); err != nil {
		return bare(err)
	}
	prime := bytes.Clone(b[4 : 4+fp.Bytes])
	for i, j := 0, len(prime)-1; i < j; i, j = i+1, j-1 {
		prime[i], prime[j] = prime[j], prime[i]
	}
	if binary.LittleEndian.Uint32(b[:]) != fp.Bytes || new(big.Int).SetBytes(prime).Cmp(fp.Modulus()) != 0 {
		return errors.New("its field is not BN254's; give a BN254 (bn128) ceremony file")
	}
	power := binary.LittleEndian.Uint32(b[4+fp.Bytes:])
	ceremonyPower := binary.LittleEndian.Uint32(b[8+fp.Bytes:])
	if power < 2 || power > ceremonyPower {
		return fmt.Errorf("power %d of a ceremony of power %d makes no sense; download it again", power, ceremonyPower)
	}
	if power > MaxPower {
		return fmt.Errorf("power %d is above %d, the largest supported; give a smaller file of the same ceremony",
			power, MaxPower)
	}
	f.power = int(power)
	return nil
}

func (f *ptau) checkSizes(int64) error {
	for _, want := range ptauSizes {
		section := f.sections[want.section]
		if section == nil {
			return fmt.Errorf("no %s section; download it again", want.name)
		}
		if size := want.size(f.power); section.Size() != size {
			return fmt.Errorf("its %s section has %d bytes, power %d needs %d; download it again", want.name,
				section.Size(), f.power, size)
		}
	}
	if f.sections[ptauContributions] == nil {
		return errors.New("no contributions section; download it again")
	}
	return nil
}

// readTau reads the first two points of tauG2.
func (f *ptau) readTau(int64) error {
	raw, points := make([]byte, 2*rawG2), make([]bn254.G2Affine, 2)
	if _, err := f.sections[ptauTauG2].ReadAt(raw, 0); err != nil {
		return bare(err)
	}
	if err := readG2(raw, points); err != nil {
		return fmt.Errorf("tauG2: %w", err)
	}
	if _, _, _, g2 := bn254.Generators(); !points[0].Equal(&g2) {
		return errors.New("tauG2: point 0 is not the generator of G2")
	}
	f.tauG2 = points[1]
	return nil
}

func (f *ptau) tau() bn254.G2Affine { return f.tauG2 }
