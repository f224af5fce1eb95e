package conformance

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/jsonfile"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/visibility"
)

// ArchitectureVersion is the version of the architecture's file.
const ArchitectureVersion = 2

// Architecture is architecture.json: a private model without its weights, which
// is all that is public of it. It determines every gate of the model's circuit,
// except the constants that weights go into.
type Architecture struct {
	Version int               `json:"version"`
	Layout  visibility.Layout `json:"layout"`
	// Digit is the width in bits of range-check digits.
	Digit int `json:"digit"`
	// Formats are the integer formats, as in the bundle's manifest.
	Formats string `json:"formats"`
	// Steps describes Program in words.
	Steps []string `json:"steps"`
	// Program is the encoded integer program (program.Encode), each secret weight
	// and bias replaced by zero.
	Program []byte `json:"program"`

	program *program.Program
}

// NewArchitecture removes the weights from a private model's statement.
func NewArchitecture(s *circuits.Statement, formats string) (*Architecture, error) {
	p, ok := s.Model.(*program.Program)
	if !ok || !s.Layout.PrivateModel() {
		return nil, errors.New("only a private model has an architecture to publish without the model")
	}
	if s.Layout.Hashed() {
		return nil, errHashed
	}
	a := &Architecture{Version: ArchitectureVersion, Layout: s.Layout, Digit: s.Digit, Formats: formats,
		program: p.Filled(0)}
	a.Steps = a.program.Words()
	var err error
	a.Program, err = program.Encode(a.program)
	return a, err
}

// errHashed says that the key of a hashed model needs no proof of what it is.
var errHashed error = &problem.Error{
	Code: problem.Visibility, Place: "the model is bound by its hash",
	Got:    "its key has no weights in it, and is the same for every model compiled with its formats",
	Remedy: "compile another with ${BindModel} hash, and compare the two",
}

// ReadArchitecture reads architecture.json. It refuses one that holds weights,
// whose words are not those of its program, or that is not in the form that
// WriteTo writes, so that an architecture has only one digest.
func ReadArchitecture(r io.Reader) (*Architecture, error) {
	var text bytes.Buffer
	a := new(Architecture)
	err := jsonfile.Read(io.TeeReader(r, &text), budget.ArchitectureBytes.Most, ArchitectureVersion, a)
	if err == nil {
		err = a.load()
	}
	if err == nil && !bytes.Equal(a.bytes(), text.Bytes()) {
		err = errors.New("it is not in the form that zkml writes")
	}
	if err != nil {
		return nil, fmt.Errorf("architecture: %w", err)
	}
	return a, nil
}

func (a *Architecture) load() error {
	p, err := program.Decode(a.Program)
	if err != nil {
		return err
	}
	if err := a.Layout.Check(); err != nil {
		return err
	}
	if !a.Layout.PrivateModel() {
		return errors.New("its layout is that of a public model")
	}
	if a.Layout.Hashed() {
		return errHashed
	}
	blank, err := program.Encode(p.Filled(0))
	if err != nil {
		return err
	}
	if !bytes.Equal(blank, a.Program) {
		return errors.New("its program holds weights")
	}
	a.program = p
	if !slices.Equal(a.Steps, a.program.Words()) {
		return errors.New("its steps are not those of its program")
	}
	return nil
}

// WriteTo writes architecture.json: always the same bytes for an architecture.
func (a *Architecture) WriteTo(w io.Writer) (int64, error) { return jsonfile.Write(w, a) }

func (a *Architecture) bytes() []byte {
	var out bytes.Buffer
	_, _ = a.WriteTo(&out) // writing to a buffer does not fail
	return out.Bytes()
}

// SHA256 is the digest of architecture.json, in hex.
func (a *Architecture) SHA256() string { return digest(a.bytes()) }

// blank returns a statement of the architecture with zeros for weights and salt.
func (a *Architecture) blank() *circuits.Statement {
	s := &circuits.Statement{Layout: a.Layout, Model: a.program, Digit: a.Digit}
	s.Salt = make([]*big.Int, s.SaltSize())
	return s
}

// statement returns a statement of the architecture, with w for every weight and the
// numbers from salt on for the salt.
func (a *Architecture) statement(w, salt int64) *circuits.Statement {
	s := a.blank()
	s.Model = a.program.Filled(w)
	for i := range s.Salt {
		s.Salt[i] = big.NewInt(salt + int64(i))
	}
	return s
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
