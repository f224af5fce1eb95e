package artifact

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/jsonfile"
	"github.com/zkml-go/zkml/verifier"
)

// again is the remedy for a bundle that this program cannot use.
const again = "compile the model again with this version of zkml"

// names lists the files of a bundle besides its manifest, ordered by name.
func names(privateModel bool) []string {
	n := []string{ProgramFile, KeyFile, ModelFile}
	if privateModel {
		n = append(n, SaltFile)
	}
	slices.Sort(n)
	return n
}

// optional are further files that a bundle of a private model may have.
var optional = []string{ArchitectureFile, ConformanceFile}

// most bounds the size of each file of a bundle, by name.
var most = map[string]budget.Limit{
	ProgramFile: budget.ProgramBytes, KeyFile: budget.KeyBytes, ModelFile: budget.ModelBytes,
	SaltFile:         budget.SmallBytes,
	ArchitectureFile: budget.ArchitectureBytes, ConformanceFile: budget.SmallBytes,
}

// seal fills in the manifest's own digest and returns its bytes.
func (m *Manifest) seal() ([]byte, error) {
	m.Digest = ""
	open, err := m.text()
	if err != nil {
		return nil, err
	}
	m.Digest = digest(open)
	return m.text()
}

func (m *Manifest) text() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		return nil, fmt.Errorf("%s: %w", ManifestFile, err)
	}
	return b.Bytes(), nil
}

// parseManifest reads a manifest that seal made. Any other bytes are refused,
// even if they would mean the same.
func parseManifest(data []byte) (*Manifest, error) {
	if err := checkVersions(data); err != nil {
		return nil, err
	}
	m := new(Manifest)
	if err := jsonfile.Decode(data, m); err != nil {
		return nil, fmt.Errorf("%s is damaged (%w): %s", ManifestFile, err, again)
	}
	sealed := *m
	text, err := sealed.seal()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(text, data) {
		return nil, fmt.Errorf("%s was changed or damaged: it does not match its digest; %s", ManifestFile, again)
	}
	return m, m.check()
}

// checkVersions reads only the versions: the manifest of another version may have
// other fields.
func checkVersions(data []byte) error {
	var v struct {
		Version int    `json:"version"`
		Tool    string `json:"tool"`
		Gnark   string `json:"gnark"`
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return fmt.Errorf("%s is damaged (%w): %s", ManifestFile, err, again)
	}
	if v.Version != Version {
		return fmt.Errorf("the bundle has version %d (written by zkml %s), this zkml reads version %d: %s", v.Version,
			v.Tool, Version, again)
	}
	if v.Gnark != GnarkVersion {
		return fmt.Errorf("the bundle's key was derived with gnark %s (written by zkml %s), this zkml has gnark %s: "+
			"%s", v.Gnark, v.Tool, GnarkVersion, again)
	}
	return nil
}

// check requires the list of files that belongs to the layout.
func (m *Manifest) check() error {
	if err := m.Layout.Check(); err != nil {
		return fmt.Errorf("%s: %w: %s", ManifestFile, err, again)
	}
	want := names(m.Layout.PrivateModel())
	var got []string
	for _, f := range m.Files {
		if limit, ok := most[f.Name]; ok {
			if err := limit.Check(fmt.Sprintf("%s: the size of %s", ManifestFile, f.Name), f.Size); err != nil {
				return err
			}
		}
		if !m.Layout.PrivateModel() || !slices.Contains(optional, f.Name) {
			got = append(got, f.Name)
		}
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("%s lists the files %v, but a bundle has %v: %s", ManifestFile, got, want, again)
	}
	return nil
}

// contradicts returns the first field in which the manifest differs from the bundle's key,
// or "" if they agree. The key of a private model has no digest of the model; the
// manifest's must be that of the listed file.
func (m *Manifest) contradicts(k *verifier.Key) string {
	model, _ := m.file(ModelFile)
	published := m.ModelSHA256
	if m.Layout.PrivateModel() {
		published = ""
	}
	s := verifier.SRS{Source: m.SRS.Source, Power: m.SRS.Power, SHA256: m.SRS.Digest, TauG2: m.SRS.TauG2,
		Unsafe: m.SRS.Unsafe}
	for _, x := range []struct {
		field string
		same  bool
	}{
		{"layout", reflect.DeepEqual(m.Layout, k.Layout)},
		{"formats", m.Formats == k.Formats},
		{"srs", s == k.SRS},
		{"model_sha256", published == k.ModelSHA256 && m.ModelSHA256 == model.SHA256},
		{"vk_sha256", m.VKSHA256 == k.VKSHA256},
	} {
		if !x.same {
			return x.field
		}
	}
	return ""
}

// file finds a file's entry.
func (m *Manifest) file(name string) (File, error) {
	for _, f := range m.Files {
		if f.Name == name {
			return f, nil
		}
	}
	return File{}, fmt.Errorf("the bundle has no %s", name)
}

// has reports whether the bundle lists a file.
func (m *Manifest) has(name string) bool {
	_, err := m.file(name)
	return err == nil
}

// looksLikeBundle returns an error unless a folder's manifest, of any version, says
// that zkml made the folder, and the folder holds nothing else.
func looksLikeBundle(dir string, entries []string) error {
	data, err := readLimited(filepath.Join(dir, ManifestFile), budget.ManifestBytes.Most)
	if err != nil {
		return errors.New("it has no " + ManifestFile)
	}
	var v struct {
		Version int    `json:"version"`
		Tool    string `json:"tool"`
		Files   []File `json:"files"`
	}
	if json.Unmarshal(data, &v) != nil || v.Version < 1 || v.Tool == "" {
		return fmt.Errorf("its %s was not written by zkml", ManifestFile)
	}
	known := append(append(names(true), optional...), ManifestFile)
	for _, f := range v.Files {
		known = append(known, f.Name)
	}
	for _, e := range entries {
		if !slices.Contains(known, e) {
			return fmt.Errorf("it also holds %s", e)
		}
	}
	return nil
}
