package input

import (
	"bytes"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/zkml-go/zkml/problem"
)

// content is a file to decode, and what the reference and the model say about it.
type content struct {
	name string // its path, for the suffix
	data []byte
	part string // the part that the reference names, or empty
	spec Spec
	// exact says that the file has the values of several inputs: those of this one are
	// found only by its name, or, if the format has no names, by its position.
	exact bool
	// inputs are the names of all inputs whose values the file has, and of the keys of maps.
	inputs []string
}

// errOneArray refuses to read several inputs from a file that has one array.
func errOneArray(format string) error {
	return &problem.Error{
		Code: problem.Choice, Got: "is a file of format " + format + ", which holds one array, " +
			"but the model has several inputs",
		Supported: "npz, JSON and CSV with a header have names", Remedy: "give a file for each input, as NAME=FILE",
	}
}

// format is a row of the table of formats.
type format struct {
	name     string
	suffixes []string
	is       func([]byte) bool
	weak     bool // is can be wrong: the suffix takes precedence
	parts    bool // it has parts to pick by name
	decode   func(content) (source, error)
}

var formats = []format{
	{name: "PNG", suffixes: []string{".png"}, is: startsWith("\x89PNG\r\n\x1a\n"), decode: decodeImage},
	{name: "JPEG", suffixes: []string{".jpg", ".jpeg"}, is: startsWith("\xff\xd8\xff"), decode: decodeImage},
	{name: "PGM", suffixes: []string{".pgm"}, is: isPGM, decode: decodePGM},
	{name: "npy", suffixes: []string{".npy"}, is: startsWith(npyMagic), decode: decodeNPY},
	{name: "npz", suffixes: []string{".npz"}, is: startsWith("PK\x03\x04"), parts: true, decode: decodeNPZ},
	{name: "IDX", suffixes: []string{"-ubyte", ".idx", ".idx1", ".idx3"}, is: isIDX, decode: decodeIDX},
	{name: "JSON", suffixes: []string{".json", ".jsonl"}, is: isJSON, parts: true, decode: decodeJSON},
	{name: "CSV", suffixes: []string{".csv", ".tsv", ".txt"}, is: isText, weak: true, parts: true, decode: decodeCSV},
	{name: "ONNX TensorProto", suffixes: []string{".pb"}, is: isTensorProto, weak: true, decode: decodeTensorProto},
}

// unpacked decompresses gzip.
func (c content) unpacked() (content, error) {
	if !startsWith("\x1f\x8b")(c.data) {
		return c, nil
	}
	data, err := gunzip(c.data)
	c.data, c.name = data, strings.TrimSuffix(c.name, ".gz")
	return c, err
}

// decode recognises the format, by content first and suffix second, and reads
// it.
func (c content) decode() (source, error) {
	if len(c.data) == 0 {
		return nil, errors.New("is empty")
	}
	c.data = bytes.TrimPrefix(c.data, []byte("\ufeff"))
	f := recognise(c)
	if f == nil {
		return nil, errors.New("has an unknown format; give " + formatNames())
	}
	if c.part != "" && !f.parts {
		return nil, errors.New("is a file of format " + f.name + "; #PART picks from CSV, npz and JSON only")
	}
	if c.exact && !f.parts {
		return nil, errOneArray(f.name)
	}
	return f.decode(c)
}

func recognise(c content) *format {
	for _, matches := range []func(format) bool{
		func(f format) bool { return !f.weak && f.is(c.data) },
		func(f format) bool { return f.named(c.name) },
		func(f format) bool { return f.weak && f.is(c.data) },
	} {
		for i := range formats {
			if matches(formats[i]) {
				return &formats[i]
			}
		}
	}
	return nil
}

func (f format) named(name string) bool {
	for _, s := range f.suffixes {
		if strings.HasSuffix(strings.ToLower(name), s) {
			return true
		}
	}
	return false
}

func formatNames() string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return strings.Join(names, ", ")
}

func startsWith(magic string) func([]byte) bool {
	return func(data []byte) bool { return bytes.HasPrefix(data, []byte(magic)) }
}

func isJSON(data []byte) bool {
	data = bytes.TrimLeft(data, " \t\r\n")
	return len(data) > 0 && (data[0] == '[' || data[0] == '{')
}

// isText reports whether a file begins with UTF-8 without control characters.
func isText(data []byte) bool {
	head := data[:min(len(data), 512)]
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		cut := r == utf8.RuneError && n == 1 && !utf8.FullRune(head)
		if !cut && (r == utf8.RuneError || unicode.IsControl(r) && !unicode.IsSpace(r)) {
			return false
		}
		head = head[n:]
	}
	return true
}

// isTensorProto reports whether a file begins with a field that serialisers of
// TensorProto write first: dims, plain or packed, or data_type.
func isTensorProto(data []byte) bool {
	return len(data) > 1 && bytes.IndexByte([]byte{0x08, 0x0a, 0x10}, data[0]) >= 0
}

// decodeTensorProto leaves the wire format to Spec.TensorProto.
func decodeTensorProto(c content) (source, error) {
	if c.spec.TensorProto == nil {
		return nil, errors.New("looks like an ONNX TensorProto, which is not read here; convert it to .npy")
	}
	t, err := c.spec.TensorProto(c.data)
	if err != nil {
		return nil, err
	}
	if t == nil || elements(t.Shape) != len(t.Data) {
		return nil, errors.New("holds a tensor whose data does not fill its shape")
	}
	return newArray(t.Shape, t.Data)
}
