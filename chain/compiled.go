package chain

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"regexp"

	"github.com/ethereum/go-ethereum/common"

	"github.com/zkml-go/zkml/chain/solc"
	"github.com/zkml-go/zkml/verifier"
)

// Compiled says what a contract was compiled from: enough to get its code again.
type Compiled struct {
	// Contract is its file and its name, as in Digit.sol:Digit.
	Contract string `json:"contract"`
	// Compiler is the compiler's version and commit, Settings are its settings.
	Compiler string          `json:"compiler"`
	Settings json.RawMessage `json:"settings"`
	// Input is the file with the standard JSON that was compiled, below the record's
	// folder. It is named by its digest, so that contracts that were compiled together
	// share it.
	Input string `json:"standard_json_input"`
	// Arguments are those of the constructor, encoded.
	Arguments verifier.Hex `json:"constructor_arguments"`
	input     []byte
}

// Part is a contract that the constructor of another one creates.
type Part struct {
	Name     string         `json:"name"`
	Address  common.Address `json:"address"`
	Compiled *Compiled      `json:"compiled"`
	// Data tells that its code is data that its own constructor returns: only the code
	// that creates it is the compiled one.
	Data bool `json:"data,omitempty"`
}

// sourceFolder is the folder with standard JSON, below that of the records.
const sourceFolder = "sources"

// sourceFile matches the files that a record may name.
var sourceFile = regexp.MustCompile(`^` + sourceFolder + `/([0-9a-f]{64})\.json$`)

// maxSource bounds standard JSON.
const maxSource = 16 << 20

func newCompiled(a solc.Artifact, arguments []byte) (*Compiled, error) {
	settings, err := a.Origin.Settings()
	return &Compiled{
		Contract: a.Contract, Compiler: a.Origin.Compiler, Settings: settings, Arguments: arguments,
		Input: fmt.Sprintf("%s/%x.json", sourceFolder, sha256.Sum256(a.Origin.Input)), input: a.Origin.Input,
	}, err
}

// keep writes what a contract and its parts were compiled from, if that is new.
func (c *Contract) keep(dir string) error {
	err := c.Compiled.keep(dir)
	for _, p := range c.Creates {
		err = errors.Join(err, p.Compiled.keep(dir))
	}
	return err
}

func (c *Compiled) keep(dir string) error {
	if c == nil || c.input == nil {
		return nil
	}
	path := filepath.Join(dir, filepath.FromSlash(c.Input))
	if text, err := readSource(path); err == nil && string(text) == string(c.input) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("deployments: %w", err)
	}
	return replaceFile(path, func(w io.Writer) error {
		_, err := w.Write(c.input)
		return err
	})
}

// readSource reads standard JSON. A folder of records may be another's: a pipe in it would
// wait for ever, and a device never end.
func readSource(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxSource {
		return nil, fmt.Errorf("%s is not a regular file of at most %d bytes; put the old one back", path, maxSource)
	}
	return os.ReadFile(path)
}

// read returns the standard JSON from below a folder.
func (c *Compiled) read(dir string) ([]byte, error) {
	name := sourceFile.FindStringSubmatch(c.Input)
	if name == nil {
		return nil, fmt.Errorf("the record names %q in place of %s/DIGEST.json", c.Input, sourceFolder)
	}
	path := filepath.Join(dir, filepath.FromSlash(c.Input))
	text, err := readSource(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is missing: it belongs to the record; put it back", path)
	}
	if err != nil {
		return nil, err
	}
	if fmt.Sprintf("%x", sha256.Sum256(text)) != name[1] {
		return nil, fmt.Errorf("%s was changed: its name is no longer its digest; put the old file back", path)
	}
	return text, nil
}

// Source is what an explorer needs to know of a contract.
type Source struct {
	Name     string
	Address  Address
	Compiled *Compiled
	// Input is the standard JSON.
	Input []byte
	// Transaction is the one that created the contract. It is the zero hash for a contract
	// that another one's constructor created, and whose code tells what it is.
	Transaction common.Hash
}

// Sources lists the contracts of a deployment, and the shared verifier that it uses, with
// what they were compiled from: the record's folder has it. The errors name what is
// missing. A contract that was not seen on the chain may be there all the same.
func (r *Record) Sources(dir string, d *Deployment) ([]Source, error) {
	list := d.Contracts
	if r.Shared != nil && r.Shared.Address == d.Verifier {
		list = append([]Contract{*r.Shared}, list...)
	}
	var sources []Source
	for i := range list {
		c := &list[i]
		sources = append(sources, Source{Name: c.Name, Address: c.Address, Compiled: c.Compiled,
			Transaction: c.Transaction})
		for _, p := range c.Creates {
			s := Source{Name: p.Name, Address: p.Address, Compiled: p.Compiled}
			if p.Data {
				s.Transaction = c.Transaction
			}
			sources = append(sources, s)
		}
	}
	return sources, readSources(dir, r.ChainID, sources)
}

func readSources(dir string, chainID *big.Int, sources []Source) (err error) {
	for i := range sources {
		s := &sources[i]
		if s.Compiled == nil {
			return fmt.Errorf("%s does not say what %s was compiled from: an earlier zkml recorded it; deploy it again",
				RecordPath(dir, chainID), s.Name)
		}
		if s.Input, err = s.Compiled.read(dir); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	return nil
}
