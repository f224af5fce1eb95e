package op

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "Col2Im", Since: []int{18}, Tolerance: 1,
		Note: "constant image_shape and block_shape; any number of spatial axes, all attributes",
		New:  takes(3, 3, newCol2Im),
	})
}

func newCol2Im(n *graph.Node) (Op, error) {
	return &blend{plan: func(in []Arg) (*blended, error) {
		image, err := integers(in, 1, "the image's shape")
		if err != nil {
			return nil, err
		}
		block, err := integers(in, 2, "the block's shape")
		if err != nil {
			return nil, err
		}
		c := &columns{image: image, block: block, strides: n.Ints("strides"), dilations: n.Ints("dilations"),
			pads: n.Ints("pads")}
		if err := c.check(in[0].Shape); err != nil {
			return nil, err
		}
		channels := in[0].Shape[1] / tensor.Size(block)
		return &blended{
			shape:  append([]int{in[0].Shape[0], channels}, image...),
			groups: 1, planes: in[0].Shape[0] * channels, step: tensor.Size(block) * in[0].Shape[2], taps: c.taps(),
		}, nil
	}}, nil
}

// columns are blocks of an image, which overlap: the element at a place in the block is a row, and
// each block a column.
type columns struct {
	image, block             []int
	strides, dilations, pads []int
	count                    []int // of blocks along each axis
}

// check supplies what is absent and counts the blocks.
func (c *columns) check(shape []int) error {
	rank := len(c.image)
	ones := slices.Repeat([]int{1}, rank)
	if c.strides == nil {
		c.strides = ones
	}
	if c.dilations == nil {
		c.dilations = ones
	}
	if c.pads == nil {
		c.pads = make([]int, 2*rank)
	}
	counts := []int{len(c.block), len(c.strides), len(c.dilations), len(c.pads)}
	if rank == 0 || !slices.Equal(counts, []int{rank, rank, rank, 2 * rank}) {
		return fmt.Errorf("%d sizes of the image, %d of the block, %d strides, %d dilations and %d pads; "+
			"they must be as many, and twice as many pads", rank, counts[0], counts[1], counts[2], counts[3])
	}
	if err := cmp.Or(checkSize(c.image), checkSize(c.block)); err != nil {
		return err
	}
	blocks := 1
	for a, d := range c.image {
		before, after := c.pads[a], c.pads[rank+a]
		if min(c.block[a], c.strides[a], c.dilations[a]) < 1 || min(before, after) < 0 ||
			max(c.block[a], c.strides[a], c.dilations[a], before, after) > maxElements {
			return fmt.Errorf("axis %d: a block of %d, stride %d, dilation %d or pads %d and %d are not sizes", a,
				c.block[a], c.strides[a], c.dilations[a], before, after)
		}
		room := d + before + after - c.dilations[a]*(c.block[a]-1) - 1
		if room < 0 {
			return fmt.Errorf("axis %d: no block fits into the image of size %d", a, d)
		}
		c.count = append(c.count, room/c.strides[a]+1)
		if blocks *= c.count[a]; blocks > maxElements {
			return fmt.Errorf("the image has too many blocks; a circuit cannot hold them")
		}
	}
	if len(shape) != 3 || shape[1]%tensor.Size(c.block) != 0 || shape[2] != blocks {
		return fmt.Errorf("an input of shape %v, but batch, a multiple of %d rows and %d blocks are expected", shape,
			tensor.Size(c.block), blocks)
	}
	return checkSize([]int{tensor.Size(c.block), blocks})
}

// taps are the sums of a plane of the image.
func (c *columns) taps() [][]addend {
	rank, blocks := len(c.image), tensor.Size(c.count)
	out := make([][]addend, tensor.Size(c.image))
	strides := tensor.Strides(c.image)
	for row := range tensor.Size(c.block) {
		for column := range blocks {
			to, inside := 0, true
			for a, r, k := rank-1, row, column; a >= 0; a-- {
				p := k%c.count[a]*c.strides[a] + r%c.block[a]*c.dilations[a] - c.pads[a]
				inside = inside && p >= 0 && p < c.image[a]
				to += p * strides[a]
				r, k = r/c.block[a], k/c.count[a]
			}
			if inside {
				out[to] = append(out[to], addend{row*blocks + column, 1})
			}
		}
	}
	return out
}
