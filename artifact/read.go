package artifact

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// Bundle is a bundle whose manifest and verifying key were read, checked and
// compared. Its other files are read and checked on demand.
type Bundle struct {
	Dir      string
	Manifest *Manifest

	key *verifier.Key
}

// Open reads the manifest and the verifying key of the bundle at dir. It refuses a
// bundle of another version, a manifest that was changed, and one that contradicts the
// key: the key defines what a proof means, and readers of the manifest trust it.
func Open(dir string) (*Bundle, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("no bundle at %s (%w): name one, or make it with zkml compile MODEL.onnx", dir, err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is a file, but a bundle is a folder: make one with zkml compile MODEL.onnx", dir)
	}
	data, err := readLimited(filepath.Join(dir, ManifestFile), budget.ManifestBytes.Most)
	if err != nil {
		return nil, fmt.Errorf("%s is not a bundle (%w): make one with zkml compile MODEL.onnx", dir, err)
	}
	m, err := parseManifest(data)
	if err != nil {
		return nil, fmt.Errorf("bundle %s: %w", dir, err)
	}
	b := &Bundle{Dir: dir, Manifest: m}
	if b.key, err = b.readKey(); err != nil {
		return nil, err
	}
	return b, nil
}

func readLimited(path string, limit int64) ([]byte, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%s is longer than %d bytes", filepath.Base(path), limit)
	}
	return data, err
}

// openRegular opens a regular file. It refuses others, whose reads might block or never
// end.
func openRegular(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", filepath.Base(path))
	}
	return os.Open(path)
}

// open opens a file of the bundle, checks all of it, and returns it positioned at its
// start.
func (b *Bundle) open(name string) (*os.File, File, error) {
	entry, err := b.Manifest.file(name)
	if err != nil {
		return nil, entry, fmt.Errorf("bundle %s: %w", b.Dir, err)
	}
	f, err := openRegular(filepath.Join(b.Dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, entry, fmt.Errorf("bundle %s: %s is missing: %s", b.Dir, name, again)
	}
	if err != nil {
		return nil, entry, fmt.Errorf("bundle %s: %w", b.Dir, err)
	}
	if err := verifyFile(f, entry); err != nil {
		f.Close()
		return nil, entry, fmt.Errorf("bundle %s: %w", b.Dir, err)
	}
	return f, entry, nil
}

func verifyFile(f *os.File, want File) error {
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(f, want.Size+1))
	if err != nil {
		return fmt.Errorf("read %s: %w", want.Name, err)
	}
	if n != want.Size || hex.EncodeToString(sum.Sum(nil)) != want.SHA256 {
		return fmt.Errorf("%s was changed or damaged: it does not match its digest; %s", want.Name, again)
	}
	_, err = f.Seek(0, io.SeekStart)
	return err
}

// load reads a whole file of the bundle.
func (b *Bundle) load(name string) ([]byte, error) {
	f, entry, err := b.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data := make([]byte, entry.Size)
	if _, err := io.ReadFull(f, data); err != nil {
		return nil, fmt.Errorf("bundle %s: read %s: %w", b.Dir, name, err)
	}
	return data, nil
}

// Program loads the integer program.
func (b *Bundle) Program() (*program.Program, error) {
	data, err := b.load(ProgramFile)
	if err != nil {
		return nil, err
	}
	p, err := program.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("bundle %s: %s: %w", b.Dir, ProgramFile, err)
	}
	if err := fits(p, b.Manifest.Layout.Item()); err != nil {
		return nil, fmt.Errorf("bundle %s: %s is not the program of its layout: %w; %s", b.Dir, ProgramFile, err, again)
	}
	return p, nil
}

// fits requires that a program's inputs and outputs have the sizes of the layout's ports.
func fits(p *program.Program, l visibility.Layout) error {
	inputs := make([]int, len(p.Inputs))
	for k := range inputs {
		inputs[k] = p.Size(k)
	}
	outputs := make([]int, len(p.Outputs))
	for k, v := range p.Outputs {
		outputs[k] = p.Size(v)
	}
	if want := counts(l.Inputs()); !slices.Equal(inputs, want) {
		return fmt.Errorf("its inputs have %d elements, but the layout's have %d", inputs, want)
	}
	if want := counts(l.Outputs()); !slices.Equal(outputs, want) {
		return fmt.Errorf("its outputs have %d elements, but the layout's have %d", outputs, want)
	}
	return nil
}

func counts(ports []*visibility.Port) []int {
	out := make([]int, len(ports))
	for k, p := range ports {
		out[k] = p.Count()
	}
	return out
}

// Model loads the ONNX file.
func (b *Bundle) Model() ([]byte, error) { return b.load(ModelFile) }

// Published loads a file that auditors need, ArchitectureFile or ConformanceFile. It is
// an error if the bundle has no such file.
func (b *Bundle) Published(name string) ([]byte, error) {
	if !b.Manifest.has(name) {
		return nil, fmt.Errorf("bundle %s has no %s: only a private model bound by its key has one", b.Dir, name)
	}
	return b.load(name)
}

// Salt loads a private model's salt. It is nil for a public model.
func (b *Bundle) Salt() ([]*big.Int, error) {
	if !b.Manifest.Layout.PrivateModel() {
		return nil, nil
	}
	data, err := b.load(SaltFile)
	if err != nil {
		return nil, err
	}
	salt, err := ReadSalt(SaltFile, data, b.Manifest.Layout)
	if err != nil {
		return nil, fmt.Errorf("bundle %s: %w", b.Dir, err)
	}
	return salt, nil
}

// Statement loads what the bundle's proofs prove, including the salt of a private model.
// Compiling it again gives the bundle's key.
func (b *Bundle) Statement() (*circuits.Statement, error) {
	p, err := b.Program()
	if err != nil {
		return nil, err
	}
	salt, err := b.Salt()
	if err != nil {
		return nil, err
	}
	return &circuits.Statement{Layout: b.Manifest.Layout, Model: p, Digit: b.Manifest.Digit, Salt: salt}, nil
}

// Key returns the verifying key, which must not be changed.
func (b *Bundle) Key() *verifier.Key { return b.key }

// readKey loads the verifying key and checks the manifest against it.
func (b *Bundle) readKey() (*verifier.Key, error) {
	data, err := b.load(KeyFile)
	if err != nil {
		return nil, err
	}
	k, err := verifier.ReadKey(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("bundle %s: %s: %w", b.Dir, KeyFile, err)
	}
	if field := b.Manifest.contradicts(k); field != "" {
		return nil, fmt.Errorf("bundle %s: %s is not the key that the manifest describes: they differ in %s; %s",
			b.Dir, KeyFile, field, again)
	}
	return k, nil
}

// Check loads every file of the bundle.
func (b *Bundle) Check() error {
	_, statement := b.Statement()
	_, key := b.load(KeyFile)
	_, model := b.Model()
	errs := []error{statement, key, model}
	for _, name := range optional {
		if b.Manifest.has(name) {
			_, err := b.load(name)
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
