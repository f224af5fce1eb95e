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

// mostDescription is more than any description has: larger files beside it are not read,
// nor what is no file.
const mostDescription = 64 << 20

// ReadDescription reads the JSON file of an export. It returns nil for JSON that is not a
// description, and an error for a description of another version or with a layout that no
// circuit has.
func ReadDescription(path string) (*Description, error) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > mostDescription {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	d := new(Description)
	if err := json.Unmarshal(text, d); err != nil || d.Name == "" || len(d.VKSHA256) != 64 {
		return nil, nil
	}
	if d.Version != DescriptionVersion {
		return nil, fmt.Errorf("%s: version %d, but this program reads %d; "+
			"export the contracts again, into another folder", path, d.Version, DescriptionVersion)
	}
	if err := d.Layout.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

// Described is an export in a folder: its description and the name of the description's
// file.
type Described struct {
	File string
	*Description
}

// Descriptions returns the descriptions of the exports in a folder, ordered by file name.
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

// contractName matches the names of contracts. A description is a file that anybody may
// have written, so no other name may become a path.
var contractName = regexp.MustCompile(`^[A-Za-z0-9_]+$`)

// wrote lists the files of a described export, without Foundry's settings, which may be the
// user's own.
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
		if !stays(f.path) {
			list = append(list, strings.ReplaceAll(f.path, "NAME", d.Name))
		}
	}
	return list
}

// earlier is an export that a further one replaces.
type earlier struct {
	// names are its files, without the settings, but with the new versions that it wrote
	// beside edited files.
	names []string
	// digests are those of the files as they were written.
	digests map[string]string
}

// earlierExport finds the export in dir whose description has the given file name. It is
// empty if dir holds no export; if it holds only another model's, that is an error.
func earlierExport(dir, description string) (earlier, error) {
	all, err := Descriptions(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return earlier{}, nil
	}
	if err != nil || len(all) == 0 {
		return earlier{}, err
	}
	at := slices.IndexFunc(all, func(d Described) bool { return d.File == description })
	if at < 0 {
		return earlier{}, &problem.Error{
			Code: problem.Occupied,
			Got: fmt.Sprintf("%s holds the contracts of another model (%s), "+
				"whose verifier this model's wrapper must not use",
				dir, fileNames(all)),
			Remedy: "choose ${another folder}",
		}
	}
	e := earlier{names: all[at].wrote(), digests: all[at].Files}
	for i, d := range all {
		if i != at {
			e.names = slices.DeleteFunc(e.names, func(name string) bool { return slices.Contains(d.wrote(), name) })
		}
	}
	for _, name := range slices.Clone(e.names) {
		if e.digests[name+besideSuffix] != "" {
			e.names = append(e.names, name+besideSuffix)
		}
	}
	return e, nil
}

// besideSuffix is the suffix of the new version of an edited file.
const besideSuffix = ".new"

// planned says what an export does with the files of an earlier one.
type planned struct {
	// beside are the new versions beside edited files, whether they are written or were
	// edited themselves.
	write, beside []file
	// kept files were edited, and stay. stale files are not part of the new export.
	kept, stale []string
}

// plan decides what is written. An edited file stays, and its new version is written beside
// it, unless the new version was edited itself, or is the same as the version that was
// edited and no earlier new version is there.
func (e earlier) plan(dir string, list []file, force bool) planned {
	var p planned
	for _, f := range list {
		if force || !e.edited(dir, f) {
			p.write = append(p.write, f)
			continue
		}
		p.kept = append(p.kept, f.name)
		beside := file{f.name + besideSuffix, f.data}
		_, err := os.Lstat(filepath.Join(dir, beside.name))
		waits := slices.Contains(e.names, beside.name) && err == nil
		switch {
		case !waits && e.digests[f.name] == digest(f.data):
			continue
		case e.edited(dir, beside):
			p.kept = append(p.kept, beside.name)
		default:
			p.write = append(p.write, beside)
		}
		p.beside = append(p.beside, beside)
	}
	for _, name := range e.names {
		is := func(f file) bool { return f.name == name }
		switch {
		case strings.HasSuffix(name, ".json"), slices.ContainsFunc(list, is), slices.ContainsFunc(p.beside, is):
		case !force && e.edited(dir, file{name: name}):
			p.kept = append(p.kept, name)
		default:
			p.stale = append(p.stale, name)
		}
	}
	return p
}

// edited reports whether a file of the earlier export is no longer as it was written, and
// is not what will be written either. What cannot be read is somebody's.
func (e earlier) edited(dir string, f file) bool {
	if !slices.Contains(e.names, f.name) {
		return false
	}
	text, err := os.ReadFile(filepath.Join(dir, f.name))
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	return digest(text) != e.digests[f.name] && !bytes.Equal(text, f.data)
}

func fileNames(all []Described) string {
	var list []string
	for _, d := range all {
		list = append(list, d.File)
	}
	return strings.Join(list, ", ")
}

// checkFree returns an error unless files can be written to dir without replacing any
// others than the replaceable ones and files that are equal. Settings are not written if
// they exist.
func checkFree(dir string, list []file, replaceable []string) error {
	for _, f := range list {
		path := filepath.Join(dir, f.name)
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) || stays(f.name) {
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
			Code: problem.Occupied, Got: path + " is in the way, and not from an earlier export",
			Remedy: "choose ${another folder}, or move it",
		}
	}
	return nil
}
