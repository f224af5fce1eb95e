package input

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/tensor"
)

var little binary.ByteOrder = binary.LittleEndian

func row4() Spec { return Spec{Name: "x", Shape: []int{1, 4}} }

func square2() Spec { return Spec{Name: "x", Shape: []int{1, 1, 2, 2}} }

// fakeProto stands for the importer's decoder: it takes every byte after the
// first for a value.
func fakeProto(b []byte) (*tensor.Float, error) {
	if len(b) < 2 {
		return nil, errors.New("no tensor")
	}
	t := tensor.New[float64](len(b) - 1)
	for i := range t.Data {
		t.Data[i] = float64(b[i+1])
	}
	return t, nil
}

func withProto(s Spec) Spec {
	s.TensorProto = fakeProto
	return s
}

// reading is a file of one format and the sample in it.
type reading struct {
	name string
	file string // its name, with a part and a row after it
	data []byte
	spec Spec
	want []float64
}

// run reads from a file and, where no suffix is needed, from standard input;
// with a row, also as a set of one.
func (r reading) run(t *testing.T) {
	name, suffix := splitName(r.file)
	path := save(t, name, r.data)
	got, err := Read(path+suffix, nil, r.spec)
	r.check(t, "file", got, err)
	if !strings.HasSuffix(name, ".pb") {
		got, err = Read("-"+suffix, bytes.NewReader(r.data), r.spec)
		r.check(t, "standard input", got, err)
	}
	if strings.Contains(suffix, ":") {
		set, err := ReadSet(path+suffix, nil, r.spec, 0)
		if err != nil || len(set) != 1 {
			t.Fatalf("a set of %d, %v", len(set), err)
		}
		r.check(t, "set", set[0], err)
	}
}

func (r reading) check(t *testing.T, from string, got *tensor.Float, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", from, err)
	}
	if !slices.Equal(got.Data, r.want) || !slices.Equal(got.Shape, r.spec.Shape) {
		t.Errorf("%s: got %v %v, want %v %v", from, got.Shape, got.Data, r.spec.Shape, r.want)
	}
}

var ramp = []float64{1, 2, 3, 4}

func TestReadPictureFiles(t *testing.T) {
	for _, test := range []reading{
		{"png", "a.png", pngBytes(t, grey(2, 1, 2, 3, 4)), square2(), ramp},
		{"png flat", "a.png", pngBytes(t, grey(2, 1, 2, 3, 4)), row4(), ramp},
		{"png not square, flat", "a.png", pngBytes(t, grey(4, 1, 2, 3, 4)), row4(), ramp},
		{"png by content", "a.npy", pngBytes(t, grey(2, 1, 2, 3, 4)), square2(), ramp},
		{"png row 0", "a.png:0", pngBytes(t, grey(2, 1, 2, 3, 4)), square2(), ramp},
		{"pgm text", "a.pgm", []byte("P2 # made by hand\n2 2\n255\n1 2\n3 4\n"), square2(), ramp},
		{"pgm bytes", "a.pgm", []byte("P5\n2 2\n255\n\x01\x02\x03\x04"), square2(), ramp},
		{"pgm 16 bits", "a.pgm", []byte("P5 2 2 65535\n\x01\x01\x02\x02\x03\x03\x04\x04"), square2(), ramp},
		{"pgm narrow", "a.pgm", []byte("P2 2 2 15 0 15 1 3"), square2(), []float64{0, 255, 17, 51}},
	} {
		t.Run(test.name, test.run)
	}
}

func TestReadNPY(t *testing.T) {
	rampF4 := npyBytes(t, 1, "<f4", "(4,)", false, little, []float32{1, 2, 3, 4})
	for _, test := range []reading{
		{"npy", "a.npy", rampF4, row4(), ramp},
		{"npy flat for a square", "a.npy", rampF4, square2(), ramp},
		{"npy batch of one", "a.npy", npyBytes(t, 1, "<f4", "(1, 2, 2)", false, little, []float32{1, 2, 3, 4}),
			square2(), ramp},
		{"npy row", "a.npy:1", npyBytes(t, 1, "<f4", "(2, 2, 2)", false, little, []float32{0, 0, 0, 0, 1, 2, 3, 4}),
			square2(), ramp},
		{"npy trailing one", "a.npy", npyBytes(t, 1, "<f4", "(2, 2, 1)", false, little, []float32{1, 2, 3, 4}),
			square2(), ramp},
		{"npy scalar", "a.npy", npyBytes(t, 1, "<f4", "()", false, little, float32(7)),
			Spec{Name: "x", Shape: []int{1, 1}}, []float64{7}},
		{"npz only one", "a.npz", zipBytes(t, member{"y.npy", rampF4}, member{"readme", nil}), row4(), ramp},
		{"npz asked for", "a.npz#y", zipBytes(t, member{"x.npy", nil}, member{"y.npy", rampF4}), row4(), ramp},
		{"npz by name", "a.npz", zipBytes(t, member{"w.npy", nil}, member{"x.npy", rampF4}), row4(), ramp},
	} {
		t.Run(test.name, test.run)
	}
}

func TestReadCSV(t *testing.T) {
	for _, test := range []reading{
		{"csv", "a.csv", []byte("1,2,3,4\n"), row4(), ramp},
		{"csv without end", "a.csv", []byte("1, 2, 3, 4"), row4(), ramp},
		{"csv header and row", "a.csv:1", []byte("a,b,c,d\n0,0,0,0\n1,2,3,4\n"), row4(), ramp},
		{"csv as a square", "a.csv", []byte("1;2\r\n3;4\r\n"), square2(), ramp},
		{"csv tabs and byte order mark", "a.txt", []byte("\ufeff1\t2\t3\t4\n"), row4(), ramp},
		{"csv comment, blank line, quotes", "a.csv", []byte("# x\n\n\"1\",2,3,\"4\"\n"), row4(), ramp},
		{"csv scikit-learn header", "a.csv:1", []byte("2,4,yes,no\n0,0,0,0,1\n1,2,3,4,0\n"), Spec{Shape: []int{5}},
			[]float64{1, 2, 3, 4, 0}},
		{"csv scikit-learn header over names", "a.csv:1", []byte("2,4,,,\na,b,c,d,e\n0,0,0,0,1\n1,2,3,4,0\n"),
			Spec{Shape: []int{5}}, []float64{1, 2, 3, 4, 0}},
		{"csv of two columns has no header of counts", "a.csv:0", []byte("1,1\n5,6\n"), Spec{Shape: []int{2}},
			[]float64{1, 1}},
		{"csv columns", "a.csv#0-1,d,2:0", []byte("a,b,c,d\n1,2,4,3\n"), row4(), []float64{1, 2, 3, 4}},
		{"csv columns by name", "a.csv#b-c,a:0", []byte("a,b-c\n1,2\n"), Spec{Shape: []int{2}}, []float64{2, 1}},
	} {
		t.Run(test.name, test.run)
	}
}

func TestReadJSON(t *testing.T) {
	for _, test := range []reading{
		{"json list", "a.json", []byte("[1,2,3,4]"), row4(), ramp},
		{"json nested", "a.json", []byte(" [[[1,2],[3,4]]]\n"), square2(), ramp},
		{"json ezkl", "a.json", []byte(`{"input_data": [[1,2,3,4]], "output_data": [[9]]}`), row4(), ramp},
		{"json asked for", "a.json#y:0", []byte(`{"y": [[1,2,3,4]], "x": [1]}`), row4(), ramp},
		{"json by name", "a.json", []byte(`{"y": 3, "x": [1,2,3,4]}`), row4(), ramp},
		{"json only one", "a.json", []byte(`{"y": [1,2.0,30e-1,4]}`), row4(), ramp},
		{"json bool", "a.json", []byte(`[true,false,true,false]`), row4(), []float64{1, 0, 1, 0}},
		{"json row", "a.json:1", []byte(`[[0,0,0,0],[1,2,3,4]]`), row4(), ramp},
	} {
		t.Run(test.name, test.run)
	}
}

func TestReadBinary(t *testing.T) {
	for _, test := range []reading{
		{"idx picture", "a-idx3-ubyte:1", idxBytes(t, 0x08, []byte{0, 0, 0, 0, 1, 2, 3, 4}, 2, 2, 2), square2(), ramp},
		{"idx gzip", "a-idx3-ubyte.gz:0", gzipBytes(t, idxBytes(t, 0x08, []byte{1, 2, 3, 4}, 1, 2, 2)), row4(), ramp},
		{"idx float", "a.idx", idxBytes(t, 0x0d, []float32{1, 2, 3, 4}, 4), row4(), ramp},
		{"idx int32", "a.idx", idxBytes(t, 0x0c, []int32{-1, 2, 3, 4}, 4), row4(), []float64{-1, 2, 3, 4}},
		{"gzip of csv", "a.csv.gz", gzipBytes(t, []byte("1,2,3,4\n")), row4(), ramp},
		{"pb", "a.pb", []byte("\x2a\x01\x02\x03\x04"), withProto(row4()), ramp},
		{"pb by content", "a", []byte("\x08\x01\x02\x03\x04"), withProto(row4()), ramp},
	} {
		t.Run(test.name, test.run)
	}
}

func splitName(file string) (name, suffix string) {
	if i := strings.IndexAny(file, "#:"); i >= 0 {
		return file[:i], file[i:]
	}
	return file, ""
}

// TestReadPicture holds colours, layouts, mapping and sizes.
func TestReadPicture(t *testing.T) {
	ramp := pngBytes(t, grey(2, 0, 51, 102, 255))
	sixteen := image.NewGray16(image.Rect(0, 0, 1, 1))
	sixteen.SetGray16(0, 0, color.Gray16{Y: 0x0180})
	rgb := pngBytes(t, coloured(1, 2, color.RGBA{R: 255, G: 51, B: 102, A: 255}))
	byte255, err := ParsePicture("x/255", false)
	if err != nil {
		t.Fatal(err)
	}
	inverted := byte255
	inverted.Invert = true
	tests := []struct {
		name string
		data []byte
		spec Spec
		want []float64
	}{
		{"mapped", ramp, Spec{Shape: []int{1, 4}, Picture: byte255}, []float64{0, 0.2, 0.4, 1}},
		{"inverted", ramp, Spec{Shape: []int{1, 4}, Picture: inverted}, []float64{1, 0.8, 0.6, 0}},
		{"only inverted", ramp, Spec{Shape: []int{1, 4}, Picture: Picture{Invert: true}}, []float64{255, 204, 153, 0}},
		{"16 bits", pngBytes(t, sixteen), Spec{Shape: []int{1, 1, 1, 1}}, []float64{384.0 / 257}},
		{"colour to grey", pngBytes(t, coloured(1, 1, color.RGBA{R: 255, A: 255})), Spec{Shape: []int{1}},
			[]float64{19595 * 255.0 / 65536}},
		{"transparent is white", pngBytes(t, coloured(1, 1, color.NRGBA{})), Spec{Shape: []int{1}}, []float64{255}},
		{"channels first", rgb, Spec{Shape: []int{1, 3, 2, 1}}, []float64{255, 255, 51, 51, 102, 102}},
		{"channels last", rgb, Spec{Shape: []int{1, 2, 1, 3}}, []float64{255, 51, 102, 255, 51, 102}},
		{"one channel last", ramp, Spec{Shape: []int{1, 2, 2, 1}}, []float64{0, 51, 102, 255}},
		{"grey for three channels", ramp, Spec{Shape: []int{3, 2, 2}},
			[]float64{0, 51, 102, 255, 0, 51, 102, 255, 0, 51, 102, 255}},
		{"idx for three channels", idxBytes(t, 0x08, []byte{0, 51, 102, 255}, 1, 2, 2), Spec{Shape: []int{3, 2, 2}},
			[]float64{0, 51, 102, 255, 0, 51, 102, 255, 0, 51, 102, 255}},
		{"idx mapped", idxBytes(t, 0x08, []byte{0, 51, 102, 255}, 1, 4), Spec{Shape: []int{4}, Picture: byte255},
			[]float64{0, 0.2, 0.4, 1}},
		{"idx labels are not grey", idxBytes(t, 0x08, []byte{0, 51, 102, 255}, 4),
			Spec{Shape: []int{4}, Picture: byte255}, []float64{0, 51, 102, 255}},
		{"shrunk", pngBytes(t, grey(4, slices.Repeat([]uint8{9}, 16)...)), Spec{Shape: []int{1, 1, 2, 2}, Resize: true},
			[]float64{9, 9, 9, 9}},
		{"idx shrunk", idxBytes(t, 0x08, bytes.Repeat([]byte{9}, 16), 1, 4, 4),
			Spec{Shape: []int{1, 1, 2, 2}, Resize: true}, []float64{9, 9, 9, 9}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Read("-", bytes.NewReader(test.data), test.spec)
			if err != nil {
				t.Fatal(err)
			}
			if !near(got.Data, test.want, 1e-12) {
				t.Errorf("got %v, want %v", got.Data, test.want)
			}
		})
	}
}

func TestReadJPEG(t *testing.T) {
	img := grey(8, slices.Repeat([]uint8{200}, 64)...)
	got, err := Read("-", bytes.NewReader(jpegBytes(t, img)), Spec{Shape: []int{1, 8, 8}})
	if err != nil {
		t.Fatal(err)
	}
	if !near(got.Data, slices.Repeat([]float64{200}, 64), 2) {
		t.Errorf("got %v", got.Data)
	}
}

func near(a, b []float64, tolerance float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return max(x-y, y-x) <= tolerance })
}

func TestReadSet(t *testing.T) {
	folder := t.TempDir()
	for name, pixel := range map[string]uint8{"b.png": 2, "a.png": 1, "c.png": 3, ".d.png": 4} {
		if err := os.WriteFile(filepath.Join(folder, name), pngBytes(t, grey(1, pixel)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "notes.txt"), []byte("9"), 0o600); err != nil {
		t.Fatal(err)
	}
	one := Spec{Name: "x", Shape: []int{1, 1}}
	tests := []struct {
		name  string
		ref   string
		stdin string
		limit int
		want  []float64 // the first value of each sample
		spec  Spec
	}{
		{"folder", folder, "", 0, []float64{1, 2, 3}, one},
		{"folder limited", folder, "", 2, []float64{1, 2}, one},
		{"csv", "-", "a\n1\n2\n3\n", 0, []float64{1, 2, 3}, one},
		{"csv limited", "-", "a\n1\n2\n3\n", 2, []float64{1, 2}, one},
		{"limit beyond", "-", "1\n2\n", 9, []float64{1, 2}, one},
		{"one row of it", "-:1", "1\n2\n3\n", 9, []float64{2}, one},
		{"whole is one", "-", "[[1,2],[3,4]]", 0, []float64{1}, Spec{Shape: []int{1, 2, 2}}},
		{"ezkl strung together", "-", `{"input_data":[[1,2,3,4,5,6]]}`, 0, []float64{1, 3, 5},
			Spec{Shape: []int{1, 2}}},
		{"ezkl samples", "-", `{"input_data":[[1,2],[3,4]]}`, 0, []float64{1, 3}, Spec{Shape: []int{1, 2}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			set, err := ReadSet(test.ref, strings.NewReader(test.stdin), test.spec, test.limit)
			if err != nil {
				t.Fatal(err)
			}
			var got []float64
			for _, s := range set {
				got = append(got, s.Data[0])
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// TestPathsWin shows that a path that exists is never split.
func TestPathsWin(t *testing.T) {
	path := save(t, "a.csv#0:1", []byte("1,2,3,4"))
	if _, err := Read(path, nil, row4()); err != nil {
		t.Error(err)
	}
	if _, err := Read(path+"#0-3:0", nil, row4()); err != nil {
		t.Error(err)
	}
}
