package solidity

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/problem"
)

// ReadDescription reads the JSON file of an export; nil for JSON that describes
// something else. The error is for a description of another version, or of a layout
// that no circuit has.
func ReadDescription(path string) (*Description, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	d := new(Description)
	if err := json.Unmarshal(text, d); err != nil || d.Name == "" || len(d.VKSHA256) != 64 {
		return nil, nil
	}
	if d.Version != DescriptionVersion {
		return nil, fmt.Errorf("%s: version %d, this program reads %d; "+
			"export the contracts again, into another folder", path, d.Version, DescriptionVersion)
	}
	if err := d.Layout.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

// Described is an export that a folder holds: its description, and the name of the
// file that it is in.
type Described struct {
	File string
	*Description
}

// Descriptions are those of the exports that a folder holds, by file name.
func Descriptions(dir string) ([]Described, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all []Described
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".json") {
			continue
		}
		d, err := ReadDescription(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		if d != nil {
			all = append(all, Described{e.Name(), d})
		}
	}
	return all, nil
}

// contractName is what a contract can be called. A description comes from a file
// that anybody may have written: no other name becomes a path.
var contractName = regexp.MustCompile(`^[A-Za-z0-9_]+$`)

// wrote lists the files of a described export, but for Foundry's settings, which
// may be somebody's own.
func (d Described) wrote() []string {
	list := []string{d.File}
	for _, c := range d.Contracts {
		if contractName.MatchString(c) {
			list = append(list, c+".sol")
		}
	}
	if !contractName.MatchString(d.Name) {
		return list
	}
	if d.Client {
		list = append(list, d.Name+clientSuffix)
	}
	for _, f := range files {
		if f.path != settings {
			list = append(list, strings.ReplaceAll(f.path, "NAME", d.Name))
		}
	}
	return list
}

// replaceable lists the files in dir that an export to it, whose description is
// called as given, may replace or remove: those of the earlier export that it is
// in the place of.
func replaceable(dir, description string) ([]string, error) {
	all, err := Descriptions(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil || len(all) == 0 {
		return nil, err
	}
	at := slices.IndexFunc(all, func(d Described) bool { return d.File == description })
	if at < 0 {
		return nil, &problem.Error{
			Code: problem.Occupied,
			Got: fmt.Sprintf("%s holds the contracts of another model (%s), "+
				"whose verifier this one's wrapper must not find",
				dir, fileNames(all)),
			Remedy: "choose ${another folder}",
		}
	}
	list := all[at].wrote()
	for i, d := range all {
		if i != at {
			list = slices.DeleteFunc(list, func(name string) bool { return slices.Contains(d.wrote(), name) })
		}
	}
	return list, nil
}

func fileNames(all []Described) string {
	var list []string
	for _, d := range all {
		list = append(list, d.File)
	}
	return strings.Join(list, ", ")
}

// checkFree tells whether files can be written to dir without replacing any but
// those named, one that is the same, and settings, which stay.
func checkFree(dir string, list []file, replaceable []string) error {
	for _, f := range list {
		path := filepath.Join(dir, f.name)
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) || f.name == settings {
			continue
		}
		if err == nil && info.Mode().IsRegular() {
			if slices.Contains(replaceable, f.name) {
				continue
			}
			if text, err := os.ReadFile(path); err == nil && bytes.Equal(text, f.data) {
				continue
			}
		}
		return &problem.Error{
			Code: problem.Occupied, Got: path + " is in the way, and no earlier export wrote it",
			Remedy: "choose ${another folder}, or move it",
		}
	}
	return nil
}
