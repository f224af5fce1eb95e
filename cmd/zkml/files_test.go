package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"strings"

	"github.com/zkml-go/zkml/testkit/onnxtest"
)

// writeFiles puts the models and inputs of the transcripts into a folder.
func writeFiles(dir string) error {
	for name, data := range testFiles() {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// testFiles is the table of all files, by name. The inputs all hold the picture
// that is brightest in its lower left quarter: class 2.
func testFiles() map[string][]byte {
	files := modelFiles()
	two := brightest(2, 0)
	real := make([]float64, len(two))
	for i, v := range two {
		real[i] = float64(v) / 255
	}
	many, labels := samples(40)
	pictures, ages := make([]float64, len(many)), make([]float64, len(labels))
	for i, v := range many {
		pictures[i] = float64(v) / 255
	}
	halves := make([]byte, len(labels))
	for i, quarter := range labels {
		halves[i] = 1 - quarter/2
	}
	for i := range ages {
		ages[i] = float64(18 + 7*i%60)
	}
	for name, data := range map[string][]byte{
		"two.png": pngOf(two, side), "two.jpg": jpegOf(two, side), "two.pgm": append([]byte("P5 4 4 255\n"), two...),
		"large.png": pngOf(bytes.Repeat(two, 4), 2*side),
		"two.npy":   npyOf(real, 1, 1, side, side), "two.npz": npzOf(member{"image.npy", npyOf(real, 1, side, side)}),
		"age.npy": npyOf([]float64{34}, 1), "half.npy": npyOf([]float64{34.5}, 1),
		"old.npy":        npyOf([]float64{1 << 40}, 1),
		"counts.npy":     npyOf([]float64{0, 1000, 7, 1, 500, 3}, 3, 2),
		"many.npy":       npyOf([]float64{0, 1 << 20, 7, 1}, 2, 2),
		"applicant.json": fmt.Appendf(nil, `{"age": 34, "image": [%s]}`, listOf(real)),
		"applicants.npz": npzOf(member{"age.npy", npyOf(ages, len(labels), 1)},
			member{"image.npy", npyOf(pictures, len(labels), 1, side, side)}),
		"two.csv": []byte(listOf(real) + "\n"), "two.json": fmt.Appendf(nil, `{"input_data": [[%s]]}`, listOf(real)),
		"named.json": fmt.Appendf(nil, `{"image": [%s]}`, listOf(real)),
		"two.pb":     tensorOf("image", real, 1, 1, side, side), "wrong.npy": npyOf(real[:15], 1, 15),
		"bright.npy":   npyOf(scaled(real, 255), side, side),
		"set-ubyte":    idxOf(many, len(labels), side, side),
		"set-ubyte.gz": gzipOf(idxOf(many, len(labels), side, side)),
		"labels-ubyte": idxOf(labels, len(labels)), "halves-ubyte": idxOf(halves, len(halves)),
		"nan.csv": []byte(strings.Replace(listOf(real), "0.", "nan0.", 1)),
	} {
		files[name] = data
	}
	return files
}

func modelFiles() map[string][]byte {
	unknown := quadrants(1, 0)
	unknown.nodes = append(unknown.nodes, nodeOf("Bernoulli", "twist", []string{"scores"}, "twisted", nil))
	unknown.outputs = [][]byte{valueOf("twisted", 1, 4)}
	external := quadrants(1, 0)
	external.weights[0] = externalTensor("w1", "weights.bin", 8, side*side)
	apart := quadrants("N", 0) // tiny.onnx in two files
	w1 := apart.weights[0]
	apart.weights[0] = externalTensor("w1", "weights.bin", 8, side*side)
	open := quadrants(1, 0)
	open.inputs = [][]byte{valueOf("image", 1, 1, "height", side)}
	two := quadrants(1, 0)
	two.outputs = append(two.outputs, valueOf("h", 1, 8))
	passing := quadrants(1, 0) // shows its input, and a constant
	passing.outputs = append(passing.outputs, valueOf("image", 1, 1, side, side), valueOf("b2", 4))
	constants := network{
		nodes:   [][]byte{nodeOf("Add", "twice", []string{"c", "c"}, "sum", nil)},
		weights: [][]byte{tensorOf("c", []float64{0.5, -2.25, 1000}, 3)},
		outputs: [][]byte{valueOf("sum", 3)},
	}
	nan := quadrants(1, math.NaN())
	whole := quadrants("N", 0).encode()
	return map[string][]byte{
		"tiny.onnx": whole, "other.onnx": quadrants("N", 0.125).encode(), "unknown.onnx": unknown.encode(),
		"external/model.onnx": external.encode(), "apart/model.onnx": apart.encode(),
		"apart/weights.bin": w1[len(w1)-8*side*side*4:],
		"loan.onnx":         loan().encode(), "half.onnx": half().encode(), "open.onnx": open.encode(),
		"counts.onnx":  onnxtest.Encode(counts(), onnxtest.Opset),
		"passing.onnx": passing.encode(), "constants.onnx": constants.encode(),
		"outputs.onnx": two.encode(), "nan.onnx": nan.encode(),
		"truncated.onnx": whole[:len(whole)/2], "empty.onnx": nil, "noise.onnx": noise(500),
	}
}

func noise(n int) []byte {
	b := make([]byte, n)
	rand.New(rand.NewSource(5)).Read(b)
	return b
}

// brightest is a grey picture whose quarter q is brightest; step makes several.
func brightest(q, step int) []byte {
	p := make([]byte, side*side)
	for i := range p {
		p[i] = byte((i*37 + step*11) % 60)
		if quarter(i) == q {
			p[i] += byte(120 + step%60)
		}
	}
	return p
}

func samples(n int) (pictures, labels []byte) {
	for i := range n {
		pictures = append(pictures, brightest(i%4, i)...)
		labels = append(labels, byte(i%4))
	}
	return pictures, labels
}

func greyOf(pixels []byte, width int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, width, len(pixels)/width))
	for i, v := range pixels {
		img.SetGray(i%width, i/width, color.Gray{Y: v})
	}
	return img
}

func pngOf(pixels []byte, width int) []byte {
	var b bytes.Buffer
	must(png.Encode(&b, greyOf(pixels, width)))
	return b.Bytes()
}

func jpegOf(pixels []byte, width int) []byte {
	var b bytes.Buffer
	must(jpeg.Encode(&b, greyOf(pixels, width), &jpeg.Options{Quality: 95}))
	return b.Bytes()
}

// npyOf is numpy's format, version 1, of float64.
func npyOf(values []float64, shape ...int) []byte {
	dims := ""
	for _, d := range shape {
		dims += fmt.Sprintf("%d,", d)
	}
	header := fmt.Sprintf("{'descr': '<f8', 'fortran_order': False, 'shape': (%s), }", dims)
	header += strings.Repeat(" ", 64-(11+len(header))%64) + "\n"
	b := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), byte(len(header)>>8))
	b = append(b, header...)
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return b
}

// member is a file of an archive.
type member struct {
	name string
	data []byte
}

func npzOf(members ...member) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		w, err := z.Create(m.name)
		must(err)
		_, err = w.Write(m.data)
		must(err)
	}
	must(z.Close())
	return b.Bytes()
}

func idxOf(data []byte, shape ...int) []byte {
	b := []byte{0, 0, 8, byte(len(shape))}
	for _, d := range shape {
		b = binary.BigEndian.AppendUint32(b, uint32(d))
	}
	return append(b, data...)
}

func gzipOf(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(data)
	must(err)
	must(z.Close())
	return b.Bytes()
}

func listOf(values []float64) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = fmt.Sprintf("%.6f", v)
	}
	return strings.Join(parts, ",")
}

func scaled(values []float64, by float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v * by
	}
	return out
}

// must is for writers into memory, which cannot fail.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
