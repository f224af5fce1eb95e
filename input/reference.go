package input

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/zkml-go/zkml/budget"
)

// reference is a parsed name of something to read.
type reference struct {
	path string
	row  int    // -1 if none is named
	part string // what follows "#": columns, an array's or a member's name
	// byName says that the file has the values of several inputs, found by name.
	byName bool
}

// parseReference splits off a row and a part, unless the whole text is a path that
// exists.
func parseReference(ref string) reference {
	r := reference{path: ref, row: -1}
	if exists(r.path) {
		return r
	}
	if i := strings.LastIndexByte(r.path, ':'); i > 0 {
		if row, err := strconv.ParseUint(r.path[i+1:], 10, 31); err == nil {
			r.path, r.row = r.path[:i], int(row)
		}
	}
	if exists(r.path) {
		return r
	}
	if i := strings.LastIndexByte(r.path, '#'); i > 0 {
		r.path, r.part = r.path[:i], r.path[i+1:]
	}
	return r
}

// Path returns the file that a reference names, without the row and the part that
// follow, and without the input's name before it; "-" is standard input.
func Path(ref string) string {
	r := parseReference(ref)
	for rest := ref; !exists(r.path); {
		_, after, ok := strings.Cut(rest, "=")
		if !ok {
			break
		}
		if named := parseReference(after); named.path == "-" || exists(named.path) {
			return named.path
		}
		rest = after
	}
	return r.path
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// place returns the name of the file in errors.
func (r reference) place() string {
	if r.path == "-" {
		return "standard input"
	}
	return r.path
}

// open reads the file or the folder of tensors, decompresses gzip, and decodes the source of each input.
func (r reference) open(stdin io.Reader, specs []Spec) ([]source, error) {
	if isTensorFolder(r.path) {
		return r.openTensors(specs)
	}
	data, err := r.load(stdin)
	if err != nil {
		return nil, err
	}
	c, err := content{name: r.path, data: data, part: r.part}.unpacked()
	if err != nil {
		return nil, err
	}
	return r.sources(c, specs)
}

// sources decodes a file for each input.
func (r reference) sources(c content, specs []Spec) ([]source, error) {
	if r.byName && r.part != "" {
		return nil, fmt.Errorf("#%s picks one part of the file, but the model's inputs are found in it by name; "+
			"name the input before the file, as in NAME=FILE#PART", r.part)
	}
	claimed := names(specs)
	for _, spec := range specs {
		claimed = append(claimed, spec.Keys...)
	}
	sources := make([]source, len(specs))
	for i, spec := range specs {
		var err error
		c.spec, c.exact, c.inputs = spec, r.byName, claimed
		if i > 0 {
			c.spec.Surplus = nil // the first one has been told
		}
		if sources[i], err = c.decode(); err != nil {
			return nil, err
		}
	}
	return sources, nil
}

func (r reference) load(stdin io.Reader) ([]byte, error) {
	if r.path == "-" {
		if stdin == nil {
			return nil, errors.New("cannot be read here; name a file")
		}
		return readBounded(stdin)
	}
	f, err := os.Open(r.path)
	if err != nil {
		return nil, reason(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, reason(err)
	}
	if info.IsDir() {
		return nil, errors.New("is a folder without input_0.pb; name one file in it")
	}
	if info.Size() > budget.DataBytes.Most {
		return nil, errTooLarge
	}
	return readBounded(f)
}

var errTooLarge = fmt.Errorf("holds more than %d bytes uncompressed; split it into smaller files",
	budget.DataBytes.Most)

// readBounded reads to the end. Its buffer grows with what is read, not with what a
// header claims.
func readBounded(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, budget.DataBytes.Most+1))
	if err != nil {
		return nil, reason(err)
	}
	if int64(len(data)) > budget.DataBytes.Most {
		return nil, errTooLarge
	}
	return data, nil
}

func gunzip(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err == nil {
		data, err = readBounded(z)
	}
	if err != nil && !errors.Is(err, errTooLarge) {
		return nil, fmt.Errorf("its gzip data is damaged or cut short (%w); fetch the file again", err)
	}
	return data, err
}

// reason drops the path from a file system error, since the caller names it.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
