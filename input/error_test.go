package input

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/budget"
)

// refusal is a bad file, and a part of the error that answers it.
type refusal struct {
	name string
	file string // its name, with a part and a row after it
	data []byte
	spec Spec
	want string
}

// run also checks that the error names the file, or the input at fault.
func (r refusal) run(t *testing.T) {
	name, suffix := splitName(r.file)
	path := save(t, name, r.data)
	got, err := Read(path+suffix, nil, r.spec)
	if err == nil {
		t.Fatalf("read %v", got.Shape)
	}
	text := err.Error()
	if !strings.Contains(text, r.want) {
		t.Errorf("got  %s\nwant %s", text, r.want)
	}
	if !strings.Contains(text, name) && !strings.Contains(text, "input \"x\"") {
		t.Errorf("%s: does not name %s", text, name)
	}
}

func TestFileErrors(t *testing.T) {
	good := npyBytes(t, 1, "<f4", "(4,)", false, little, []float32{1, 2, 3, 4})
	goodPNG := pngBytes(t, grey(2, 1, 2, 3, 4))
	for _, test := range []refusal{
		{"empty", "a.csv", nil, row4(), "is empty"},
		{"unknown", "a.bin", []byte{0xff, 0, 1, 2}, row4(),
			"has an unknown format; give PNG, JPEG, PGM, npy, npz, IDX, JSON, CSV, ONNX TensorProto"},
		{"part of npy", "a.npy#x", good, row4(), "is a file of format npy; #PART picks from CSV, npz and JSON only"},
		{"gzip cut", "a.gz", gzipBytes(t, good)[:30], row4(), "gzip data is damaged or cut short"},
		{"other shape", "a.npy", npyBytes(t, 1, "<f4", "(2, 3)", false, little, make([]float32, 6)), row4(),
			`has shape 2x3; input "x" wants 1x4`},
		{"transposed", "a.npy", npyBytes(t, 1, "<f4", "(2, 2, 3)", false, little, make([]float32, 12)),
			Spec{Name: "x", Shape: []int{1, 3, 2, 2}}, `has shape 2x2x3; input "x" wants 1x3x2x2`},
		{"scalar", "a.npy", npyBytes(t, 1, "<f4", "()", false, little, float32(1)), row4(), "has shape scalar"},
		{"several", "a.csv", []byte("1,2,3,4\n5,6,7,8\n"), row4(),
			"holds 2 samples; pick one by its number from 0, as "},
		{"row beyond", "a.csv:2", []byte("1,2,3,4\n5,6,7,8\n"), row4(),
			"there is no sample 2; the file holds 2, counted from 0"},
		{"row of a picture", "a.png:1", goodPNG, square2(), "there is no sample 1; the file holds 1"},
		{"pb without a hook", "a.pb", []byte("\x08\x01\x02"), row4(), "is not read here; convert it to .npy"},
		{"pb refused", "a.pb", []byte("\x08"), withProto(row4()), "no tensor"},
		{"unknown sizes", "a.csv", []byte("1"), Spec{Name: "x", Shape: []int{-1, 4}}, `input "x" has shape [-1 4]`},
	} {
		t.Run(test.name, test.run)
	}
}

func TestNPYErrors(t *testing.T) {
	four := []float32{1, 2, 3, 4}
	good := npyBytes(t, 1, "<f4", "(4,)", false, little, four)
	for _, test := range []refusal{
		{"npy nan", "a.npy:1", npyBytes(t, 1, "<f8", "(2, 1, 4)", false, little,
			[]float64{1, 2, 3, 4, 5, 6, math.NaN(), 8}), row4(), "sample 1, element [0 2]: not a finite number"},
		{"npy half infinity", "a.npy", npyBytes(t, 1, "<f2", "(4,)", false, little, []uint16{0, 0x7c00, 0, 0}), row4(),
			"element [0 1]: not a finite number"},
		{"npy big integer", "a.npy", npyBytes(t, 1, "<i8", "(4,)", false, little, []int64{1, 2, 3, 1<<53 + 2}), row4(),
			"element [3]: an integer above 2^53"},
		{"npy cut", "a.npy", good[:len(good)-1], row4(), "claims shape 4 with 4 bytes a value, but 15 bytes follow"},
		{"npy too long", "a.npy", append(bytes.Clone(good), 0), row4(), "but 17 bytes follow"},
		{"npy header cut", "a.npy", good[:20], row4(), "npy header is cut short"},
		{"npy no header", "a.npy", []byte(npyMagic), row4(), "npy header is missing or cut short"},
		{"npy version", "a.npy", npyBytes(t, 9, "<f4", "(4,)", false, little, four), row4(),
			"npy version 9 is not supported"},
		{"npy object", "a.npy", npyBytes(t, 1, "|O", "(4,)", false, little, four), row4(),
			`npy type "|O" is not supported`},
		{"npy complex", "a.npy", npyBytes(t, 1, "<c8", "(4,)", false, little, four), row4(),
			`npy type "<c8" is not supported`},
		{"npy date", "a.npy", npyBytes(t, 1, "<M8[ns]", "(4,)", false, little, four), row4(), "no plain type"},
		{"npy no shape", "a.npy", npyBytes(t, 1, "<f4", "4", false, little, four), row4(), "has no shape"},
		{"npy huge shape", "a.npy", npyBytes(t, 1, "<f4", "(1000000, 1000000, 1000000)", false, little, four), row4(),
			"claims shape 1000000x1000000x1000000"},
		{"npy huge axis", "a.npy", npyBytes(t, 1, "<f4", "(99999999999,)", false, little, four), row4(),
			"axis 0 of its npy shape is not supported"},
		{"npy no values", "a.npy", npyBytes(t, 1, "<f4", "(0, 4)", false, little, []float32{}), row4(),
			"holds no values"},
		{"npz cut", "a.npz", zipBytes(t, member{"x.npy", good})[:60], row4(), "zip directory is damaged or cut short"},
		{"npz two", "a.npz", zipBytes(t, member{"p.npy", good}, member{"q.npy", good}), row4(),
			`holds no array "x"; name one of its 2 after the file's name, as #NAME: ["p" "q"]`},
		{"npz none", "a.npz", zipBytes(t, member{"x.txt", good}), row4(), "a.npz: holds no array"},
		{"npz bad array", "a.npz", zipBytes(t, member{"x.npy", good[:50]}), row4(),
			`array "x": its npy header is cut short`},
	} {
		t.Run(test.name, test.run)
	}
}

func TestCSVErrors(t *testing.T) {
	for _, test := range []refusal{
		{"csv word", "a.csv", []byte("1,2,3,4\n5,six,7,8\n"), Spec{Shape: []int{2, 4}},
			"row 1, column 1 (line 2): not a finite number"},
		{"csv word in the first row", "a.csv", []byte("1,2,3,f0ur\n"), row4(),
			"row 0, column 3 (line 1): not a finite number"},
		{"csv empty cell", "a.csv", []byte("1,,3,4\n"), row4(),
			"row 0, column 1 (line 1): empty, where a number is needed"},
		{"csv words in the first row", "a.csv:0", []byte("5,2,?\n1,2,3\n"), Spec{Shape: []int{3}},
			"row 0, column 2 (line 1): not a finite number"},
		{"csv nan", "a.csv", []byte("1,nan,3,4\n"), row4(), "row 0, column 1 (line 1): not a finite number"},
		{"csv huge", "a.csv", []byte("1,1e999,3,4\n"), row4(), "row 0, column 1 (line 1): not a finite number"},
		{"csv ragged", "a.csv", []byte("1,2,3,4\n1,2,3\n"), row4(), "row 1 (line 2) has 3 cells where the first has 4"},
		{"csv only a header", "a.csv", []byte("a,b,c,d\n"), row4(), "holds no rows of numbers"},
		{"csv quote", "a.csv", []byte("1,2,3,\"4\n"), row4(), "line 1, column 10: extraneous or missing"},
		{"csv with a label", "a.csv:0", []byte("1,2,3,4,0\n"), row4(),
			`has shape 1x5; input "x" wants 1x4; pick columns`},
		{"csv no such column", "a.csv#0-9", []byte("1,2,3,4\n"), row4(),
			`column "0-9": not one of the header's names, nor a number or range within 0-3`},
		{"csv backwards", "a.csv#3-0", []byte("1,2,3,4\n"), row4(), `column "3-0"`},
		{"csv twice", "a.csv#0-2,2", []byte("1,2,3,4\n"), row4(), `column "2": column 2 is already in the list`},
	} {
		t.Run(test.name, test.run)
	}
}

func TestJSONErrors(t *testing.T) {
	for _, test := range []refusal{
		{"json cut", "a.json", []byte("[1,2"), row4(), "byte 4: the JSON text is cut short"},
		{"json object cut", "a.json", []byte(`{"x": [1,2`), row4(), "byte 10: the JSON text is cut short"},
		{"json nan", "a.json", []byte("[1,NaN]"), row4(),
			"not valid JSON (NaN and Infinity are not numbers in it; a missing value is null)"},
		{"json ragged", "a.json", []byte("[[1,2],[3]]"), row4(), "at [1]: a list of length 1 where others have 2"},
		{"json deeper", "a.json", []byte("[1,[2]]"), row4(), "at [1]: a list where a number is expected"},
		{"json shallower", "a.json", []byte("[[1],2]"), row4(), "at [1]: a number where a list is expected"},
		{"json empty list", "a.json", []byte("[[]]"), row4(), "at [0]: an empty list"},
		{"json text", "a.json", []byte(`[1,"2"]`), row4(), "at [1]: expected a number or a list"},
		{"json null", "a.json", []byte(`{"x":null}`), row4(),
			`member "x": at the top: expected a number or a list; null says that a value is missing, and none may be`},
		{"json truth for an integer", "a.json", []byte(`{"x":[1,2,3,true]}`),
			Spec{Name: "x", Shape: []int{1, 4}, Integers: true}, "at [3]: true or false, and the input is of integers"},
		{"json huge", "a.json", []byte("[1,1e999]"), row4(), "at [1]: a number too large for a double"},
		{"json more", "a.json", []byte("[1] 2"), row4(), "more text after the end"},
		{"json deep", "a.json", []byte(strings.Repeat("[", 5000)), row4(), "too many nested lists"},
		{"json members", "a.json", []byte(`{"p":[1],"q":[2]}`), row4(),
			`holds no member "x"; name one of its 2 after the file's name, as #NAME: ["p" "q"]`},
		{"json no such member", "a.json#r", []byte(`{"x":[1]}`), row4(), `holds no member "r"`},
		{"json list has no members", "a.json#x", []byte(`[1,2,3,4]`), row4(),
			`is a list, not an object with a member "x"`},
		{"json many members", "a.json", manyMembers(), row4(), `"h" "i" "j"] and 4 more`},
		{"json no member", "a.json", []byte(`{}`), row4(), "holds no member"},
	} {
		t.Run(test.name, test.run)
	}
}

func TestIDXErrors(t *testing.T) {
	for _, test := range []refusal{
		{"idx cut", "a.idx", idxBytes(t, 0x08, []byte{1, 2, 3}, 4), row4(),
			"claims shape 4 with 1 bytes a value, but 3 bytes follow"},
		{"idx huge", "a.idx", idxBytes(t, 0x0e, []byte{1}, 1<<31, 1<<31, 1<<31), row4(), "claims shape 2147483648x"},
		{"idx header cut", "a.idx", []byte{0, 0, 8, 3, 0, 0}, row4(), "IDX header is cut short"},
		{"idx unknown", "a.idx", []byte{0, 0, 7, 1, 0, 0}, row4(), "IDX header is missing or of an unknown type"},
		{"idx picture size", "a.idx:0", idxBytes(t, 0x08, make([]byte, 9), 1, 3, 3), square2(),
			`is a picture of 3x3; input "x" wants 2x2 (width x height); scale it, or allow that with option Resize`},
	} {
		t.Run(test.name, test.run)
	}
}

func TestPictureErrors(t *testing.T) {
	goodPNG := pngBytes(t, grey(2, 1, 2, 3, 4))
	for _, test := range []refusal{
		{"png size", "a.png", pngBytes(t, grey(3, 1, 2, 3, 4, 5, 6)), square2(),
			`is a picture of 3x2; input "x" wants 2x2 (width x height); scale it, or allow that with option Resize`},
		{"png for numbers", "a.png", goodPNG, Spec{Name: "x", Shape: []int{1, 10}},
			`is a picture of 2x2; input "x" has shape 1x10, which is not a picture's`},
		{"png cut", "a.png", goodPNG[:50], square2(), "picture is damaged or cut short"},
		{"png header cut", "a.png", goodPNG[:12], square2(), "picture is damaged or cut short"},
		{"png not", "a.png", []byte("hello"), square2(), "picture is damaged or cut short"},
		{"png claims much", "a.png", claimSize(goodPNG, 8000, 8000), square2(),
			"claims a picture of 8000x8000, more than its"},
		{"png claims too much", "a.png", claimSize(goodPNG, 80000, 80000), square2(),
			"at most 67108864 pixels are read"},
		{"pgm not", "a.pgm", []byte("P7 1 1"), square2(), "is not a PGM picture"},
		{"pgm header", "a.pgm", []byte("P2 2 x"), square2(), "expected the PGM header's height"},
		{"pgm zero", "a.pgm", []byte("P2 0 1 1 "), square2(), "expected the PGM header's width"},
		{"pgm maximum", "a.pgm", []byte("P2 1 1 70000 1"), square2(), "maximum is more than 65535"},
		{"pgm claims", "a.pgm", []byte("P5 9000 7000 255 1"), square2(), "more than its 18 bytes can hold"},
		{"pgm cut", "a.pgm", []byte("P5 2 2 255 abc"), square2(), "pixel 3 at byte 14: missing"},
		{"pgm above", "a.pgm", []byte("P2 2 2 3 1 2 3 4"), square2(),
			"pixel 3 at byte 16: missing, or not a grey value up to the file's maximum"},
	} {
		t.Run(test.name, test.run)
	}
}

// manyMembers is an object with a member for each of 14 letters.
func manyMembers() []byte {
	text := "{"
	for letter := 'a'; letter < 'o'; letter++ {
		text += fmt.Sprintf("%q:[1],", string(letter))
	}
	return []byte(strings.TrimSuffix(text, ",") + "}")
}

// claimSize changes the size in a PNG's header, without its checksum.
func claimSize(png []byte, w, h uint32) []byte {
	out := bytes.Clone(png)
	binary.BigEndian.PutUint32(out[16:], w)
	binary.BigEndian.PutUint32(out[20:], h)
	binary.BigEndian.PutUint32(out[29:], crc(out[12:29]))
	return out
}

// TestPlaces holds the errors about the file itself.
func TestPlaces(t *testing.T) {
	folder := t.TempDir()
	missing := filepath.Join(folder, "none.csv")
	tests := []struct {
		name string
		read func() error
		want string
	}{
		{"missing", func() error { _, err := Read(missing+":3", nil, row4()); return err }, missing + ": no such file"},
		{"folder as a sample", func() error { _, err := Read(folder, nil, row4()); return err },
			"is a folder without input_0.pb; name one file in it"},
		{"folder without pictures", func() error { _, err := ReadSet(folder, nil, row4(), 0); return err },
			"is a folder without pictures"},
		{"folder with a row", func() error { _, err := ReadSet(folder+":1", nil, row4(), 0); return err },
			"is a folder, which has no rows or parts"},
		{"no stdin", func() error { _, err := Read("-", nil, row4()); return err },
			"standard input: cannot be read here"},
		{"stdin breaks", func() error { _, err := Read("-", broken{}, row4()); return err },
			"standard input: file already closed"},
		{"set missing", func() error { _, err := ReadSet(missing, nil, row4(), 0); return err },
			missing + ": no such file"},
		{"set of another shape", func() error {
			_, err := ReadSet("-", strings.NewReader("1,2"), row4(), 0)
			return err
		}, "has shape 1x2"},
		{"set with a bad value", func() error {
			_, err := ReadSet("-", strings.NewReader("1\n2\ninf\n"), Spec{Shape: []int{1}}, 0)
			return err
		}, "row 2, column 0 (line 3): not a finite number"},
		{"set of symbolic shape", func() error { _, err := ReadSet(folder, nil, Spec{Shape: []int{0}}, 0); return err },
			"every size must be known"},
		{"labels missing", func() error { _, err := ReadLabels(missing, nil, 0); return err },
			missing + ": no such file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := test.read(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
	t.Run("bad picture in a folder", func(t *testing.T) {
		bad := filepath.Join(folder, "bad.png")
		if err := os.WriteFile(bad, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadSet(folder, nil, square2(), 0); err == nil || !strings.Contains(err.Error(), bad+": ") {
			t.Errorf("got %v", err)
		}
	})
}

func TestTooLarge(t *testing.T) {
	path := save(t, "large.csv", nil)
	if err := os.Truncate(path, budget.DataBytes.Most+1); err != nil {
		t.Skipf("no sparse files here: %v", err)
	}
	if _, err := Read(path, nil, row4()); err == nil || !strings.Contains(err.Error(), "holds more than") {
		t.Errorf("got %v", err)
	}
}

// broken is a standard input that fails.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, fs.ErrClosed }

// TestErrorsKeepValues shows that no error quotes a private value.
func TestErrorsKeepValues(t *testing.T) {
	const secret = "77123"
	for _, text := range []string{
		secret + ",x\n",
		"1,2\n" + secret + "e999,3\n",
		"1,2\n" + secret + "\n",
		`1,"` + secret,
		"[" + secret + ",[1]]",
		"[" + secret + "e999]",
		`{"x": ["` + secret + `"]}`,
		"[1, " + secret + "oops]",
		"[1 " + secret + "]",
		`{"x": ` + secret + "oops}",
		"P2 1 1 255 " + secret,
		"P2 1 1 255 " + secret + "99999999999",
	} {
		_, err := Read("-", strings.NewReader(text), row4())
		if err == nil {
			t.Errorf("%q: no error", text)
		} else if strings.Contains(err.Error(), secret) {
			t.Errorf("%q: the error quotes the value: %v", text, err)
		}
		if _, err := ReadLabels("-", strings.NewReader(text), 0); err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%q: the error quotes the label: %v", text, err)
		}
	}
}
