package program

import (
	"fmt"

	"github.com/zkml-go/zkml/circuits"
)

// Compare tells of every element whether it is at least From: 1 where it is, else 0.
type Compare struct{ From int64 }

func (c *Compare) at(v int64) int64 {
	if v >= c.From {
		return 1
	}
	return 0
}

// Eval implements Kernel.
func (c *Compare) Eval(in [][]int64) []int64 {
	out := make([]int64, len(in[0]))
	for i, v := range in[0] {
		out[i] = c.at(v)
	}
	return out
}

// Range implements Kernel.
func (c *Compare) Range(in [][]Interval) ([]Interval, error) {
	out := make([]Interval, len(in[0]))
	for i, iv := range in[0] {
		out[i] = Interval{c.at(iv.Lo), c.at(iv.Hi)}
	}
	return out, nil
}

// InputWindows implements Closer.
func (c *Compare) InputWindows(b *circuits.Builder, in []Interval, _ []circuits.Window) []circuits.Window {
	out := make([]circuits.Window, len(in))
	for i, iv := range in {
		out[i] = b.CompareWindow(iv.Lo, iv.Hi, c.From)
	}
	return out
}

// Define implements Kernel.
func (c *Compare) Define(b *circuits.Builder, in [][]*circuits.Value, _ []circuits.Window) ([]*circuits.Value, error) {
	return b.Compare(in[0], c.From), nil
}

func (c *Compare) check(in []int, out int) error {
	if c.From < -maxInteger || c.From > maxInteger {
		return fmt.Errorf("a comparison with %d is not one of %d bits", c.From, circuits.MaxBits)
	}
	return outputs(in[0], out)
}

// Words implements Kernel.
func (c *Compare) Words() string { return fmt.Sprintf("compare[>= %d]", c.From) }

func (c *Compare) String() string { return c.Words() }
