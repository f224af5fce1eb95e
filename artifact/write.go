package artifact

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"

	plonk "github.com/consensys/gnark/backend/plonk/bn254"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/srs"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// Contents is what a bundle is made from.
type Contents struct {
	Tool    string // the version of zkml
	Program *program.Program
	Layout  visibility.Layout
	Digit   int
	Salt    []*big.Int // only of a private model
	Formats string
	Cost    circuits.Cost
	VK      *plonk.VerifyingKey
	SRS     srs.Identity
	Model   []byte // the ONNX file
	// Architecture and Conformance write the files with these names for a private
	// model; nil if there are none.
	Architecture, Conformance io.WriterTo
	// Picture, Agreement and Keys are copied into the manifest.
	Picture, Agreement json.RawMessage
	Keys               map[string][]string
}

// Statement returns what the bundle's proofs prove.
func (c *Contents) Statement() *circuits.Statement {
	return &circuits.Statement{Layout: c.Layout, Model: c.Program, Digit: c.Digit, Salt: c.Salt}
}

// Name returns a bundle's name: its folder's name without the suffix.
func Name(dir string) string {
	return printable.Line(strings.TrimSuffix(filepath.Base(dir), Suffix))
}

// ErrSalt says that a private model's bundle is in the way: without its salt, what was
// published of the model is worthless.
var ErrSalt = errors.New("it holds the salt of a private model, without which its key cannot be derived again and " +
	"no proof matches its commitment")

// CheckTarget returns an error unless Write may put a bundle at dir: if there is nothing,
// an empty folder, or a public model's bundle that holds nothing else. The error is
// ErrSalt for a private model's bundle. Call it before expensive work.
func CheckTarget(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return checkParent(dir)
	case err != nil:
		return occupied("bundle "+dir, err)
	case !info.IsDir():
		return occupied("", fmt.Errorf("%s is a file, but a bundle is a folder", dir))
	}
	entries, err := list(dir)
	if err != nil {
		return occupied("bundle "+dir, err)
	}
	if len(entries) == 0 {
		return nil
	}
	if err := looksLikeBundle(dir, entries); err != nil {
		return occupied(dir+" is in the way", err, "move it")
	}
	if slices.Contains(entries, SaltFile) {
		return occupied(dir+" is in the way", ErrSalt, "delete it first")
	}
	return nil
}

func checkParent(dir string) error {
	parent := filepath.Dir(dir)
	if info, err := os.Stat(parent); err != nil {
		return occupied("bundle "+dir, err, "make the folder "+parent+" first")
	} else if !info.IsDir() {
		return occupied("bundle "+dir, fmt.Errorf("%s is not a folder", parent))
	}
	return nil
}

// occupied is the error for a place to which a bundle cannot be written. The remedies come
// before the last resort, to choose another place.
func occupied(place string, err error, remedies ...string) error {
	return &problem.Error{
		Code: problem.Occupied, Place: place, Got: err.Error(), Err: err,
		Remedy: strings.Join(append(remedies, "choose ${another place}"), ", or "),
	}
}

func list(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.Name()
	}
	return out, err
}

// Write writes the bundle to dir, in place of an older one, and returns its manifest.
// If it fails or ctx is cancelled, dir is unchanged and nothing is left beside it.
func Write(ctx context.Context, dir string, c *Contents) (*Manifest, error) {
	if err := CheckTarget(dir); err != nil {
		return nil, err
	}
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		dir = resolved
	}
	m, err := write(ctx, dir, c)
	switch {
	case err == nil:
		return m, nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("bundle %s was not written: %w", dir, ctx.Err())
	}
	return nil, occupied("write bundle "+dir, err, "free some space")
}

func write(ctx context.Context, dir string, c *Contents) (*Manifest, error) {
	partial, err := makeSibling(dir, c.Layout.PrivateModel())
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(partial)
	w := &writer{ctx: ctx, dir: partial, private: c.Layout.PrivateModel()}
	m, err := c.write(w, Name(dir))
	if err != nil {
		return nil, err
	}
	if err := syncFolder(partial); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return m, swap(partial, dir)
}

// write writes all files, the manifest last.
func (c *Contents) write(w *writer, name string) (*Manifest, error) {
	key, err := verifier.NewKey(c.VK, c.Layout, c.about())
	if err != nil {
		return nil, err
	}
	program, err := program.Encode(c.Program)
	if err != nil {
		return nil, err
	}
	parts := map[string]io.WriterTo{
		ProgramFile: bytes.NewReader(program), KeyFile: key, ModelFile: bytes.NewReader(c.Model),
	}
	if c.Layout.PrivateModel() {
		salt, err := encodeSalt(c.Salt, c.Statement().SaltSize())
		if err != nil {
			return nil, err
		}
		parts[SaltFile], parts[ArchitectureFile], parts[ConformanceFile] = bytes.NewReader(salt), c.Architecture,
			c.Conformance
	} else if len(c.Salt) > 0 {
		return nil, errors.New("a public model has no salt")
	}
	m := c.manifest(name, key)
	for _, n := range slices.Sorted(maps.Keys(parts)) {
		if parts[n] == nil {
			continue
		}
		f, err := w.file(n, parts[n])
		if err != nil {
			return nil, err
		}
		m.Files = append(m.Files, f)
	}
	text, err := m.seal()
	if err != nil {
		return nil, err
	}
	_, err = w.file(ManifestFile, bytes.NewReader(text))
	return m, err
}

// about returns what the publishable key says; for a private model, without a digest.
func (c *Contents) about() verifier.About {
	a := verifier.About{
		Tool: c.Tool, Formats: c.Formats,
		SRS: verifier.SRS{Source: c.SRS.Source, Power: c.SRS.Power, SHA256: c.SRS.Digest, Unsafe: c.SRS.Unsafe},
	}
	if !c.Layout.PrivateModel() {
		a.ModelSHA256 = digest(c.Model)
	}
	return a
}

func (c *Contents) manifest(name string, key *verifier.Key) *Manifest {
	return &Manifest{
		Version: Version, Tool: c.Tool, Gnark: GnarkVersion, Name: name,
		ModelSHA256: digest(c.Model), VKSHA256: key.VKSHA256,
		Layout: c.Layout, Formats: c.Formats, Digit: c.Digit,
		Cost: CostOf(c.Cost), SRS: c.SRS, Picture: c.Picture, Agreement: c.Agreement, Keys: c.Keys,
	}
}

// writer writes files into one folder.
type writer struct {
	ctx     context.Context
	dir     string
	private bool
}

// public reports whether others may read a file.
func (w *writer) public(name string) bool {
	return !w.private || name == KeyFile || slices.Contains(optional, name)
}

// file writes one file and flushes it to disk.
func (w *writer) file(name string, from io.WriterTo) (File, error) {
	mode := fs.FileMode(0o600)
	if w.public(name) {
		mode = 0o644
	}
	f, err := os.OpenFile(filepath.Join(w.dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return File{}, err
	}
	sum := sha256.New()
	count := &counter{}
	b := bufio.NewWriterSize(io.MultiWriter(&stoppable{w.ctx, f}, sum, count), 1<<16)
	_, err = from.WriteTo(b)
	if err = errors.Join(err, b.Flush(), f.Sync(), f.Close()); err != nil {
		return File{}, fmt.Errorf("%s: %w", name, err)
	}
	return File{Name: name, Size: count.n, SHA256: hex.EncodeToString(sum.Sum(nil))}, w.ctx.Err()
}

// counter counts bytes.
type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// stoppable fails once its context is done.
type stoppable struct {
	ctx context.Context
	w   io.Writer
}

func (s *stoppable) Write(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.w.Write(p)
}
