package input

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // a format of image.Decode
	_ "image/png"  // a format of image.Decode
	"math"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/tensor"
)

// picture holds grey values 0..255, row by row: one plane, or three for red,
// green and blue. They need not be integers: a 16-bit picture keeps its
// fractions.
type picture struct {
	w, h   int
	planes [][]float64
}

func (p picture) count(Spec) (int, error) { return 1, nil }

func (p picture) sample(_ int, spec Spec) (*tensor.Float, error) { return p.tensor(spec) }

// tensor resizes the picture to the model's size, if that is allowed, puts it in
// the model's layout, and maps its values.
func (p picture) tensor(spec Spec) (*tensor.Float, error) {
	if spec.Unpictured {
		return nil, errUnpictured
	}
	f, err := frameOf(spec, p.w, p.h)
	if err != nil {
		return nil, err
	}
	planes := p.planes
	if f.w != p.w || f.h != p.h {
		if err := budget.Pixels.Check("while it is resized", budget.Product(f.w, p.h)); err != nil {
			return nil, err
		}
		planes = make([][]float64, len(p.planes))
		for i, plane := range p.planes {
			planes[i] = resize(plane, p.w, p.h, f.w, f.h)
		}
	}
	out := tensor.New[float64](spec.Shape...)
	for c := range f.channels {
		for i, x := range planes[c%len(planes)] {
			out.Data[f.at(c, i)] = spec.Picture.Value(x)
		}
	}
	return out, nil
}

var errUnpictured error = &problem.Error{
	Code: problem.Picture, Got: "holds grey values, and a verifying key does not say how the model maps them",
	Remedy: "name the model's bundle, say it with ${Picture} ${where that is taken}, " +
		"or give the input's values as npy, CSV or JSON",
}

// frame describes how a model's input lays out a picture.
type frame struct {
	channels, w, h int
	channelsLast   bool
}

// at returns the position in the input of a pixel of a channel.
func (f frame) at(channel, pixel int) int {
	if f.channelsLast {
		return pixel*f.channels + channel
	}
	return channel*f.w*f.h + pixel
}

// frameOf derives the frame from the model's shape, and checks that a picture of
// the given size may be put in it.
func frameOf(spec Spec, w, h int) (frame, error) {
	f, ok := shapeFrame(spec.Shape, w, h)
	switch {
	case !ok:
		return f, fmt.Errorf("is a picture of %dx%d; input %q has shape %s, which is not a picture's: "+
			"give its values as npy, CSV or JSON",
			w, h, spec.Name, show(spec.Shape))
	case (f.w != w || f.h != h) && !spec.Resize:
		return f, &problem.Error{
			Code: problem.Picture, Got: fmt.Sprintf("is a picture of %dx%d", w, h),
			Supported: fmt.Sprintf("input %q wants %dx%d (width x height)", spec.Name, f.w, f.h),
			Remedy:    "scale it, or allow that with ${Resize}",
		}
	}
	return f, nil
}

// shapeFrame accepts HxW, CxHxW and HxWxC after any leading axes of size 1, where C
// is 1 or 3, or one axis whose size is that of the picture or a square.
func shapeFrame(shape []int, w, h int) (frame, bool) {
	for len(shape) > 1 && shape[0] == 1 {
		shape = shape[1:]
	}
	switch {
	case len(shape) == 1 && shape[0] == w*h:
		return frame{channels: 1, w: w, h: h}, true
	case len(shape) == 1:
		side := int(math.Sqrt(float64(shape[0])))
		return frame{channels: 1, w: side, h: side}, side > 1 && side*side == shape[0]
	case len(shape) == 2:
		return frame{channels: 1, w: shape[1], h: shape[0]}, true
	case len(shape) == 3 && shape[0] == 3:
		return frame{channels: 3, w: shape[2], h: shape[1]}, true
	case len(shape) == 3 && (shape[2] == 1 || shape[2] == 3):
		return frame{channels: shape[2], w: shape[1], h: shape[0], channelsLast: true}, true
	}
	return frame{}, false
}

// imageFile is a PNG or JPEG file whose pixels are not decoded yet: the size in its
// header is checked first.
type imageFile struct {
	data []byte
	w, h int
}

// maxPixelsPerByte bounds the pixels that a file may claim for its length: deflate
// compresses by at most maxDeflate:1, and a pixel takes at least a bit.
const (
	maxDeflate       = 1032
	maxPixelsPerByte = 8 * maxDeflate
)

func decodeImage(c content) (source, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(c.data))
	if err != nil {
		return nil, pictureFault(err)
	}
	if err := checkPixels(config.Width, config.Height, maxPixelsPerByte, len(c.data)); err != nil {
		return nil, err
	}
	return imageFile{c.data, config.Width, config.Height}, nil
}

// checkPixels refuses a size that the bytes of a file cannot hold.
func checkPixels(w, h, perByte, length int) error {
	n := elements([]int{w, h})
	switch {
	case n == 0:
		return errors.New("is a picture with no pixels")
	case n < 0 || budget.Pixels.Check("", int64(n)) != nil:
		return fmt.Errorf("is a picture of %dx%d; at most %d pixels are read: scale it down", w, h,
			budget.Pixels.Most)
	case n > perByte*length:
		return fmt.Errorf("claims a picture of %dx%d, more than its %d bytes can hold; "+
			"the file is damaged or cut short", w, h, length)
	}
	return nil
}

func pictureFault(err error) error {
	return fmt.Errorf("its picture is damaged or cut short (%w)", err)
}

func (f imageFile) count(Spec) (int, error) { return 1, nil }

func (f imageFile) sample(_ int, spec Spec) (*tensor.Float, error) {
	frame, err := frameOf(spec, f.w, f.h)
	if err != nil {
		return nil, err
	}
	img, _, err := image.Decode(bytes.NewReader(f.data))
	if err != nil {
		return nil, pictureFault(err)
	}
	return pictureOf(img, frame.channels).tensor(spec)
}

// pictureOf reads the pixels over a white background. Grey is the luma of ITU-R
// BT.601, with the weights of image/color: equal channels keep their value.
func pictureOf(img image.Image, channels int) picture {
	b := img.Bounds()
	p := picture{w: b.Dx(), h: b.Dy(), planes: make([][]float64, channels)}
	for c := range p.planes {
		p.planes[c] = make([]float64, 0, p.w*p.h)
	}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			rgb := overWhite(img.At(x, y))
			if channels == 1 {
				rgb[0] = (float64(19595*rgb[0]) + float64(38470*rgb[1]) + float64(7471*rgb[2])) / 65536
			}
			for c := range p.planes {
				p.planes[c] = append(p.planes[c], rgb[c]/257)
			}
		}
	}
	return p
}

// overWhite returns a colour over a white background, in 16 bits a channel.
func overWhite(c color.Color) [3]float64 {
	r, g, b, a := c.RGBA()
	paper := 0xffff - a
	return [3]float64{float64(r + paper), float64(g + paper), float64(b + paper)}
}
