package input

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/budget"
)

// decodeNPZ reads the array that the reference names, or else the one named like the
// model's input, or the only one.
func decodeNPZ(c content) (source, error) {
	arrays, err := arraysOf(c.data)
	if err != nil {
		return nil, err
	}
	name := c.spec.Name
	if _, ok := arrays[name]; c.exact && !ok {
		return nil, errNoName("array", name, slices.Sorted(maps.Keys(arrays)))
	}
	if !c.exact {
		if name, err = choose(arrays, "array", c.part, c.spec.Name); err != nil {
			return nil, err
		}
	}
	src, err := decodeMember(arrays[name])
	if err != nil {
		return nil, fmt.Errorf("array %q: %w", name, err)
	}
	return src, nil
}

// zipEntry begins an entry of a zip file's directory.
var zipEntry = []byte("PK\x01\x02")

// arraysOf lists the arrays of an .npz by their names.
func arraysOf(data []byte) (map[string]*zip.File, error) {
	if err := budget.Members.Check("", int64(bytes.Count(data, zipEntry))); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("its zip directory is damaged or cut short (%w)", err)
	}
	arrays := map[string]*zip.File{}
	for _, f := range z.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			continue
		}
		if arrays[name] != nil {
			return nil, fmt.Errorf("holds the array %q twice", name)
		}
		arrays[name] = f
	}
	return arrays, nil
}

// decodeMember reads an array of an .npz. Its header says how long it is: an array that
// exceeds the budget, or that its compressed bytes cannot hold, is never decompressed.
func decodeMember(f *zip.File) (source, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	header, a, err := readHeader(r)
	if err != nil {
		return nil, err
	}
	size := budget.Product(budget.Product(a.shape...), int64(a.size))
	if err := budget.DataBytes.Check("", size); err != nil {
		return nil, err
	}
	if most := budget.Product(int64(min(f.CompressedSize64, 1<<40)), maxDeflate); size > most {
		return nil, fmt.Errorf("claims shape %s, more than its %d compressed bytes can hold; "+
			"the file is damaged or cut short",
			show(a.shape), f.CompressedSize64)
	}
	a.data, err = io.ReadAll(io.LimitReader(r, size+1))
	if err != nil {
		return nil, fmt.Errorf("it is damaged or cut short after the %d bytes of its header (%w)", header, err)
	}
	return a.array()
}

// readHeader reads the header of an array while it is decompressed, and returns the
// header's length.
func readHeader(r io.Reader) (length int, a binaryArray, err error) {
	head := make([]byte, npyFixed, npyFixed+1<<10)
	if _, err := io.ReadFull(r, head); err != nil {
		return 0, a, errNPYCut
	}
	start, n, err := npyHeader(head)
	if err != nil {
		return 0, a, err
	}
	rest, err := io.ReadAll(io.LimitReader(r, int64(start+n-len(head))))
	if err != nil || len(head)+len(rest) < start+n {
		return 0, a, errors.Join(errNPYCut, err)
	}
	a, err = parseNPY(string(append(head, rest...)[start:]))
	return start + n, a, err
}
