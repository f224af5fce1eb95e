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
		if !stays(f.path) {
			list = append(list, strings.ReplaceAll(f.path, "NAME", d.Name))
		}
	}
	return list
}

// earlier is the export that a further one replaces.
type earlier struct {
	// names are its files, without the settings, and with the new forms that it put beside
	// files that were edited.
	names []string
	// digests are those of the files as it wrote them.
	digests map[string]string
}

// earlierExport finds the export in dir whose description is called as given. It is empty
// where there is none; the error tells of another model's.
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
				"whose verifier this one's wrapper must not find",
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

// besideSuffix is what the new form of a file that was edited is called in addition.
const besideSuffix = ".new"

// planned is what an export does with the files of an earlier one.
type planned struct {
	// beside are the new forms beside files that were edited, whether they are written or
	// were edited themselves.
	write, beside []file
	// kept were edited, and stay. stale are not part of the new export.
	kept, stale []string
}

// plan decides what is written. A file that was edited stays, and its new form goes beside
// it, unless it was the new form that was edited, and nobody waits for it.
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
// is not what will be written either.
func (e earlier) edited(dir string, f file) bool {
	if !slices.Contains(e.names, f.name) {
		return false
	}
	text, err := os.ReadFile(filepath.Join(dir, f.name))
	return err == nil && digest(text) != e.digests[f.name] && !bytes.Equal(text, f.data)
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
			Code: problem.Occupied, Got: path + " is in the way, and no earlier export wrote it",
			Remedy: "choose ${another folder}, or move it",
		}
	}
	return nil
}
