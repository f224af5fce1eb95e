package onnx

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// external is the external_data of a tensor, as key, value, key, value...
func external(entries ...string) msg {
	m := msg{}.num(14, 1)
	for i := 0; i < len(entries); i += 2 {
		m = m.sub(13, msg{}.str(1, entries[i]).str(2, entries[i+1]))
	}
	return m
}

// externalFolder holds w.bin, sub/w.bin, and a link to a file outside.
func externalFolder(t *testing.T) string {
	outside := filepath.Join(t.TempDir(), "secret")
	write(t, outside, "12345678")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "w.bin"), "head"+float32s(1, -2)+"tail")
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "sub", "w.bin"), float32s(1, -2))
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	return dir
}

// externalRows are references to a folder made by externalFolder.
var externalRows = []struct {
	name, want string // "" where the tensor is read
	entries    []string
}{
	{"offset and length", "", list("location", "w.bin", "offset", "4", "length", "8")},
	{"no length", "", list("location", "w.bin", "offset", "4", "checksum", "00")},
	{"sub-folder", "", list("location", "sub/w.bin")},
	{"no location", "no location", list("offset", "4")},
	{"missing", `"no.bin" is missing; put it beside the model`, list("location", "no.bin")},
	{"absolute", "is not inside the model's folder", list("location", "/outside/w.bin")},
	{"parent", "is not inside the model's folder", list("location", "../secret")},
	{"hidden parent", "is not inside the model's folder", list("location", "sub/../../secret")},
	{"link", "escapes", list("location", "link")},
	{"folder", "is not a regular file", list("location", "sub")},
	{"short", `"w.bin" has 16 bytes, too few for 8 at offset 12`, list("location", "w.bin", "offset", "12")},
	{"far", "too few for 8 at offset 9223372036854775807", list("location", "w.bin", "offset", "9223372036854775807")},
	{"negative offset", `external offset "-1" is not a byte count`, list("location", "w.bin", "offset", "-1")},
	{"no number", `external length "x" is not a byte count`, list("location", "w.bin", "length", "x")},
	{"other length", "its shape needs 8 bytes, its external data has length 7", list("location", "w.bin", "length", "7")},
}

func TestExternal(t *testing.T) {
	dir := externalFolder(t)
	for _, r := range externalRows {
		t.Run(r.name, func(t *testing.T) {
			path := filepath.Join(dir, "model.onnx")
			write(t, path, string(aModel(relu, msg{}.sub(5, join(aTensor("w", 1, 2), external(r.entries...))))))
			g, err := Load(path)
			if r.want == "" {
				if err != nil || !slices.Equal(g.Consts["w"].Data, []float64{1, -2}) {
					t.Errorf("got %v, error %v", g, err)
				}
			} else if err == nil || !strings.Contains(err.Error(), r.want) || !strings.Contains(err.Error(), `tensor "w"`) {
				t.Errorf("got error %v, want %q", err, r.want)
			}
		})
	}
}

// TestExternalBudget lets many tensors point into one large sparse file.
func TestExternalBudget(t *testing.T) {
	s := &source{dir: t.TempDir(), left: 12}
	write(t, filepath.Join(s.dir, "w"), "12345678")
	if _, err := s.read(list("location", "w"), 8); err != nil {
		t.Fatal(err)
	}
	if _, err := s.read(list("location", "w"), 8); err == nil || !strings.Contains(err.Error(), "external data") {
		t.Errorf("got error %v", err)
	}
}
