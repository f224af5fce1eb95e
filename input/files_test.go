package input

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
	"os"
	"path/filepath"
	"testing"
)

// The files of the tests are made here: one function for each format.

func pngBytes(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegBytes(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// grey is a picture whose pixels are given row by row.
func grey(w int, pixels ...uint8) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, w, len(pixels)/w))
	copy(img.Pix, pixels)
	return img
}

// coloured is a picture of one colour.
func coloured(w, h int, c color.Color) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, c)
		}
	}
	return img
}

// npyBytes writes version 1, 2 or 3 of the format.
func npyBytes(t testing.TB, version byte, descr, shape string, fortran bool, order binary.ByteOrder, data any) []byte {
	t.Helper()
	truth := map[bool]string{false: "False", true: "True"}[fortran]
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n", descr, truth, shape)
	b := bytes.NewBufferString(npyMagic)
	b.Write([]byte{version, 0})
	if version == 1 {
		write(t, b, binary.LittleEndian, uint16(len(header)))
	} else {
		write(t, b, binary.LittleEndian, uint32(len(header)))
	}
	b.WriteString(header)
	write(t, b, order, data)
	return b.Bytes()
}

func write(t testing.TB, b *bytes.Buffer, order binary.ByteOrder, data any) {
	t.Helper()
	if err := binary.Write(b, order, data); err != nil {
		t.Fatal(err)
	}
}

// member is one file of a zip archive.
type member struct {
	name string
	data []byte
}

func zipBytes(t testing.TB, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		w, err := z.Create(m.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(m.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func idxBytes(t testing.TB, kind byte, data any, shape ...uint32) []byte {
	t.Helper()
	b := bytes.NewBuffer([]byte{0, 0, kind, byte(len(shape))})
	write(t, b, binary.BigEndian, shape)
	write(t, b, binary.BigEndian, data)
	return b.Bytes()
}

func gzipBytes(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// save writes a file into the test's own folder.
func save(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// shared is a file of the shared test data, or the end of the test.
func shared(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("ZKML_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	path := filepath.Join(root, filepath.FromSlash(name))
	if !exists(path) {
		t.Skipf("%s is absent; set ZKML_SHARED to the folder of the shared test data", path)
	}
	return path
}
