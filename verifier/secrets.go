package verifier

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/zkml-go/zkml/jsonfile"
)

// SecretsVersion is the version of proof.private.json.
const SecretsVersion = 1

// Secrets is proof.private.json: the salts behind a proof's commitments, which
// open them. A verifier never needs it. It prints as nothing, so that no log
// shows it.
type Secrets struct {
	InputSalt  Hex
	OutputSalt Hex
	// InputCommitment and InputFormat (visibility.Tensor.Format) say what
	// InputSalt opens, so that another proof can carry the same commitment.
	InputCommitment *Word
	InputFormat     string
}

// secretsFile is the form on disk, apart from Secrets so that only the writer
// below can bring a salt into text.
type secretsFile struct {
	Version         int    `json:"version"`
	InputSalt       Hex    `json:"input_salt,omitempty"`
	InputCommitment *Word  `json:"input_commitment,omitempty"`
	InputFormat     string `json:"input_format,omitempty"`
	OutputSalt      Hex    `json:"output_salt,omitempty"`
}

// Format hides the salts under every verb.
func (Secrets) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "(secrets)") }

// MarshalJSON refuses: WriteSecrets and NewSecrets are the only ways out.
func (Secrets) MarshalJSON() ([]byte, error) {
	return nil, errors.New("secrets are written by WriteSecrets and NewSecrets alone")
}

// WriteSecrets writes the file at path for its owner alone; an older one is
// replaced.
func WriteSecrets(path string, s Secrets) error {
	return jsonfile.WritePrivate(path, s.file())
}

func (s Secrets) file() secretsFile {
	return secretsFile{SecretsVersion, s.InputSalt, s.InputCommitment, s.InputFormat, s.OutputSalt}
}

// NewSecrets is WriteSecrets where no file is: one that is there stays, and is an
// error (os.ErrExist).
func NewSecrets(path string, s Secrets) error { return jsonfile.NewPrivate(path, s.file()) }

// ReadSecrets reads the file back.
func ReadSecrets(path string) (Secrets, error) {
	var s secretsFile
	if err := jsonfile.ReadPrivate(path, SecretsVersion, &s); err != nil {
		return Secrets{}, err
	}
	if len(s.InputSalt) > 0 && s.InputCommitment == nil {
		return Secrets{}, fmt.Errorf("private file %s: a salt without its commitment; make it again with zkml commit", filepath.Base(path))
	}
	return Secrets{s.InputSalt, s.OutputSalt, s.InputCommitment, s.InputFormat}, nil
}
