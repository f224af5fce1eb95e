package verifier

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/zkml-go/zkml/jsonfile"
	"github.com/zkml-go/zkml/visibility"
)

// SecretsVersion is the version of proof.private.json.
const SecretsVersion = 2

// Secrets is proof.private.json: what opens a proof's commitments. A verifier never
// needs it. Printing it shows no secret, so that none gets into a log.
type Secrets struct{ Openings []Opening }

// Opening is a salt and the commitment that it opens: to the inputs, or to the output,
// with the given names, in a format (visibility.Layout.Format). Another proof can have
// the same commitment if its format is the same.
type Opening struct {
	Role       visibility.Role
	Names      []string
	Salt       Hex
	Commitment Word
	Formats    string
}

// openingFile is the form on disk. It is a type of its own so that only the functions
// below can turn a salt into text.
type openingFile struct {
	Role       visibility.Role `json:"role"`
	Names      []string        `json:"names"`
	Salt       Hex             `json:"salt"`
	Commitment Word            `json:"commitment"`
	Formats    string          `json:"format"`
}

type secretsFile struct {
	Version  int           `json:"version"`
	Openings []openingFile `json:"openings"`
}

// Format hides the salts under every verb.
func (Secrets) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "(secrets)") }

// Format hides the salt under every verb.
func (Opening) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "(secrets)") }

// errMarshal names the only functions that turn secrets into text.
var errMarshal = errors.New("secrets are written only by WriteSecrets and NewSecrets")

// MarshalJSON returns an error: only WriteSecrets and NewSecrets write secrets.
func (Secrets) MarshalJSON() ([]byte, error) { return nil, errMarshal }

// MarshalJSON returns an error, as that of Secrets does.
func (Opening) MarshalJSON() ([]byte, error) { return nil, errMarshal }

// WriteSecrets writes the file at path, readable only by its owner. An older file is
// replaced.
func WriteSecrets(path string, s Secrets) error {
	return jsonfile.WritePrivate(path, s.file())
}

func (s Secrets) file() secretsFile {
	f := secretsFile{Version: SecretsVersion, Openings: []openingFile{}}
	for _, o := range s.Openings {
		f.Openings = append(f.Openings, openingFile(o))
	}
	return f
}

// NewSecrets is like WriteSecrets, but if the file exists, it leaves it as it is and
// returns an error (os.ErrExist).
func NewSecrets(path string, s Secrets) error { return jsonfile.NewPrivate(path, s.file()) }

// ReadSecrets reads the file back.
func ReadSecrets(path string) (Secrets, error) {
	var f secretsFile
	if err := jsonfile.ReadPrivate(path, SecretsVersion, &f); err != nil {
		return Secrets{}, err
	}
	var s Secrets
	for _, o := range f.Openings {
		if len(o.Salt) == 0 || len(o.Names) == 0 {
			return Secrets{}, fmt.Errorf("private file %s: an opening has no salt or no names; make it again "+
				"with zkml commit", filepath.Base(path))
		}
		s.Openings = append(s.Openings, Opening(o))
	}
	return s, nil
}

// Of returns the opening of a port's commitment: the one with its role and names. The
// secrets of one proof have at most one.
func (s Secrets) Of(l visibility.Layout, p *visibility.Port) (Opening, bool) {
	names := CoveredNames(l, p)
	for _, o := range s.Openings {
		if o.Role == p.Role && slices.Equal(o.Names, names) {
			return o, true
		}
	}
	return Opening{}, false
}

// OfInputs returns the opening for a commitment to inputs: the one with their names. If
// the layout has only one input, and the secrets have only one opening to inputs, which is
// to a single one, it is that opening, whatever the two inputs are called.
func (s Secrets) OfInputs(l visibility.Layout, p *visibility.Port) (Opening, bool) {
	if x, ok := s.Of(l, p); ok {
		return x, true
	}
	if found := s.inputs(); len(found) == 1 && len(found[0].Names) == 1 && len(l.Inputs()) == 1 &&
		p.Role == visibility.RoleInput {
		return found[0], true
	}
	return Opening{}, false
}

// inputs are the openings to inputs.
func (s Secrets) inputs() []Opening {
	var found []Opening
	for _, x := range s.Openings {
		if x.Role == visibility.RoleInput {
			found = append(found, x)
		}
	}
	return found
}

// Inputs names the inputs of each commitment to inputs that the secrets open.
func (s Secrets) Inputs() [][]string {
	var names [][]string
	for _, x := range s.inputs() {
		names = append(names, x.Names)
	}
	return names
}

// Renamed are the secrets with their only opening to an input as one to the input of
// another model that is called name. The error says that there is no such opening.
func (s Secrets) Renamed(name string) (Secrets, error) {
	found := s.inputs()
	if len(found) != 1 || len(found[0].Names) != 1 {
		return Secrets{}, fmt.Errorf("they open commitments to %q, and not to one input alone", s.Inputs())
	}
	found[0].Names = []string{name}
	return Secrets{Openings: found}, nil
}
