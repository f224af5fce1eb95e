package input

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math"
	"slices"
	"testing"
)

// crc is the checksum of a PNG chunk.
func crc(chunk []byte) uint32 { return crc32.ChecksumIEEE(chunk) }

// TestNPYTypes reads every number type in both byte orders.
func TestNPYTypes(t *testing.T) {
	tests := []struct {
		descr string
		data  any
		want  []float64
	}{
		{"f8", []float64{0.1, -2, 1e300, 5e-324}, []float64{0.1, -2, 1e300, 5e-324}},
		{"f4", []float32{0.1, -2, 3, 4}, []float64{float64(float32(0.1)), -2, 3, 4}},
		{"f2", []uint16{0x3c00, 0xc000, 0x0001, 0x7bff}, []float64{1, -2, math.Ldexp(1, -24), 65504}},
		{"i1", []int8{-128, 127, 0, 1}, []float64{-128, 127, 0, 1}},
		{"i2", []int16{-32768, 2, 3, 4}, []float64{-32768, 2, 3, 4}},
		{"i4", []int32{math.MinInt32, 2, 3, 4}, []float64{math.MinInt32, 2, 3, 4}},
		{"i8", []int64{-1 << 53, 2, 3, 4}, []float64{-1 << 53, 2, 3, 4}},
		{"u1", []uint8{255, 2, 3, 4}, []float64{255, 2, 3, 4}},
		{"u2", []uint16{65535, 2, 3, 4}, []float64{65535, 2, 3, 4}},
		{"u4", []uint32{math.MaxUint32, 2, 3, 4}, []float64{math.MaxUint32, 2, 3, 4}},
		{"u8", []uint64{1 << 53, 2, 3, 4}, []float64{1 << 53, 2, 3, 4}},
		{"b1", []uint8{0, 1, 2, 1}, []float64{0, 1, 1, 1}},
	}
	orders := map[string]binary.ByteOrder{"<": binary.LittleEndian, "=": binary.LittleEndian, ">": binary.BigEndian}
	for _, test := range tests {
		for mark, order := range orders {
			for version := byte(1); version <= 3; version++ {
				t.Run(mark+test.descr, func(t *testing.T) {
					data := npyBytes(t, version, mark+test.descr, "(4,)", false, order, test.data)
					got, err := Read("-", bytes.NewReader(data), row4())
					if err != nil {
						t.Fatal(err)
					}
					if !slices.Equal(got.Data, test.want) {
						t.Errorf("got %v, want %v", got.Data, test.want)
					}
				})
			}
		}
	}
}

func TestFortranOrder(t *testing.T) {
	// The array [[[0 1 2] [3 4 5]] [[6 7 8] [9 10 11]]], first index fastest.
	stored := []int16{0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11}
	data := npyBytes(t, 1, "<i2", "(2L, 2L, 3L)", true, little, stored)
	want := []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}
	whole, err := Read("-", bytes.NewReader(data), Spec{Shape: []int{1, 2, 2, 3}})
	if err != nil || !slices.Equal(whole.Data, want) {
		t.Errorf("got %v, %v", whole, err)
	}
	second, err := Read("-:1", bytes.NewReader(data), Spec{Shape: []int{1, 2, 3}})
	if err != nil || !slices.Equal(second.Data, want[6:]) {
		t.Errorf("got %v, %v", second, err)
	}
}

// TestHalf compares binary16 with its definition for every bit pattern.
func TestHalf(t *testing.T) {
	for bits := range 1 << 16 {
		got := half(uint16(bits))
		exponent, fraction := bits>>10&31, float64(bits&1023)/1024
		want := math.Ldexp(1+fraction, exponent-15)
		switch {
		case exponent == 0:
			want = math.Ldexp(fraction, -14)
		case exponent == 31 && fraction == 0:
			want = math.Inf(1)
		case exponent == 31:
			want = math.NaN()
		}
		if bits>>15 == 1 {
			want = -want
		}
		if got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Fatalf("%#04x: got %v, want %v", bits, got, want)
		}
	}
}

func TestFits(t *testing.T) {
	tests := []struct {
		have, want []int
		ok         bool
	}{
		{[]int{28, 28}, []int{1, 1, 28, 28}, true},
		{[]int{28, 28}, []int{1, 784}, true},
		{[]int{784}, []int{1, 1, 28, 28}, true},
		{[]int{1, 28, 28, 1}, []int{1, 1, 28, 28}, true},
		{[]int{}, []int{1, 1}, true},
		{[]int{32, 32, 3}, []int{1, 3, 32, 32}, false},
		{[]int{14, 56}, []int{28, 28}, false},
		{[]int{783}, []int{28, 28}, false},
		{[]int{2, 28, 28}, []int{1, 784}, false},
	}
	for _, test := range tests {
		t.Run(show(test.have)+" for "+show(test.want), func(t *testing.T) {
			if got := fits(test.have, test.want); got != test.ok {
				t.Errorf("got %v", got)
			}
		})
	}
}
