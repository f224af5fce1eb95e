package input

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/problem"
)

// tensorFile is the name of file k of a folder of tensors, as in ONNX's test data:
// test_data_set_0/input_0.pb.
func tensorFile(k int) string { return fmt.Sprintf("input_%d.pb", k) }

// isTensorFolder reports whether a path is a folder of tensors.
func isTensorFolder(path string) bool {
	return isFolder(path) && exists(filepath.Join(path, tensorFile(0)))
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// tensors are the files of a folder, in their order, with the names of their tensors.
type tensors struct {
	files []content
	names []string
}

// openTensors decodes, for each input, the file of the folder whose tensor has its name.
// If no tensor has the name of an input, the files are the inputs in their order.
func (r reference) openTensors(specs []Spec) ([]source, error) {
	if r.part != "" {
		return nil, fmt.Errorf("#%s picks one part of a file, and this is a folder of tensors", r.part)
	}
	all, err := r.readTensors(specs[0])
	if err != nil {
		return nil, err
	}
	sources := make([]source, len(specs))
	for i, spec := range specs {
		k, err := all.of(i, specs)
		if err != nil {
			return nil, err
		}
		c := all.files[k]
		c.spec = spec
		if sources[i], err = c.decode(); err != nil {
			return nil, fmt.Errorf("%s: %w", tensorFile(k), err)
		}
	}
	return sources, nil
}

// readTensors reads the files input_0.pb, input_1.pb and so on.
func (r reference) readTensors(spec Spec) (*tensors, error) {
	all, total := new(tensors), int64(0)
	for k := 0; exists(filepath.Join(r.path, tensorFile(k))); k++ {
		file := reference{path: filepath.Join(r.path, tensorFile(k)), row: -1}
		data, err := file.load(io.Reader(nil))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", tensorFile(k), err)
		}
		if total += int64(len(data)); total > budget.DataBytes.Most {
			return nil, fmt.Errorf("its files input_0.pb to %s hold more than %d bytes together", tensorFile(k),
				budget.DataBytes.Most)
		}
		name := ""
		if spec.TensorName != nil {
			name = spec.TensorName(data)
		}
		all.files, all.names = append(all.files, content{name: file.path, data: data}), append(all.names, name)
	}
	return all, nil
}

// of is the index of the file of input i.
func (t *tensors) of(i int, specs []Spec) (int, error) {
	if k := slices.Index(t.names, specs[i].Name); k >= 0 {
		return k, nil
	}
	known := slices.ContainsFunc(specs, func(s Spec) bool { return slices.Contains(t.names, s.Name) })
	if !known && len(t.files) == len(specs) {
		return i, nil
	}
	return 0, &problem.Error{
		Code: problem.Choice,
		Got:  fmt.Sprintf("holds no tensor %q, which is an input of the model", specs[i].Name),
		Supported: fmt.Sprintf("it holds %s, for the inputs %s", printable.Names(t.names),
			printable.Names(names(specs))),
		Remedy: "name a file for each input, as NAME=FILE",
	}
}
