package input

import (
	"bytes"
	"slices"
	"testing"
)

// FuzzRead feeds bytes to every reader, under every suffix. It must not panic,
// and what it accepts has the model's shape and finite values.
func FuzzRead(f *testing.F) {
	npy := npyBytes(f, 1, "<f4", "(2, 2)", false, little, []float32{1, 2, 3, 4})
	for i, seed := range [][]byte{
		pngBytes(f, grey(2, 1, 2, 3, 4)),
		jpegBytes(f, grey(2, 1, 2, 3, 4)),
		[]byte("P5 2 2 255 abcd"),
		[]byte("P2 2 2 255 1 2 3 4"),
		npy,
		npyBytes(f, 2, ">f2", "(2, 2)", true, little, []uint16{1, 2, 3, 4}),
		zipBytes(f, member{"x.npy", npy}),
		idxBytes(f, 0x08, []byte{1, 2, 3, 4}, 1, 2, 2),
		gzipBytes(f, idxBytes(f, 0x0e, []float64{1, 2, 3, 4}, 4)),
		[]byte(`{"input_data": [[1, 2, 3, 4]]}`),
		[]byte("[[1,2],[3,4]]"),
		[]byte(`{"x": [1,2,3,4], "y": [0]}` + "\n" + `{"x": [[1,2],[3,4]], "y": [1]}`),
		[]byte(`[{"x": [1,2,3,4]}, {"x": [1,2,3,4]}]`),
		[]byte("a,b,c,d\n1,2,3,4\n"),
		[]byte("\x08\x01\x02\x03\x04"),
	} {
		f.Add(seed, uint8(i))
	}
	f.Fuzz(func(t *testing.T, data []byte, pick uint8) {
		suffix := formats[int(pick)%len(formats)].suffixes[0]
		spec := withProto(square2())
		spec.Resize = pick&1 == 1
		c, err := content{name: "a" + suffix, data: data}.unpacked()
		if err != nil {
			return
		}
		spec.place = int(pick&4) / 4
		c.spec, c.exact = spec, pick&2 == 2
		src, err := c.decode()
		if err != nil {
			return
		}
		n, err := src.count(spec)
		if err != nil {
			return
		}
		for i := range min(n, 3) {
			sample, err := finiteSample(src, i, spec)
			if err != nil {
				return
			}
			if !slices.Equal(sample.Shape, spec.Shape) || len(sample.Data) != 4 ||
				slices.ContainsFunc(sample.Data, notFinite) {
				t.Fatalf("accepted a tensor of shape %v with %d values", sample.Shape, len(sample.Data))
			}
		}
	})
}

// FuzzReadLabels looks for a panic alone.
func FuzzReadLabels(f *testing.F) {
	f.Add([]byte("[7,2,1]"), 1)
	f.Add([]byte("class\n7\n"), 0)
	f.Add(idxBytes(f, 0x08, []byte{7, 2, 1}, 3), 2)
	f.Fuzz(func(t *testing.T, data []byte, limit int) {
		labels, err := ReadLabels("-", bytes.NewReader(data), limit)
		if err == nil && limit > 0 && len(labels) > limit {
			t.Fatalf("%d labels for a limit of %d", len(labels), limit)
		}
	})
}

// FuzzParsePicture compares an accepted mapping with its two ends.
func FuzzParsePicture(f *testing.F) {
	for _, seed := range []string{"x/255", "(x/255-0.1307)/0.3081", "-x*2e3+.5", "1/(2-2)"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		p, err := ParsePicture(expr, false)
		if err != nil {
			return
		}
		if p.Scale == 0 || notFinite(p.Scale) || notFinite(p.Offset) {
			t.Fatalf("%q gives %+v", expr, p)
		}
	})
}
