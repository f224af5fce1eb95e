package chain

import (
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

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/rogpeppe/go-internal/lockedfile"

	"github.com/zkml-go/zkml/chain/calldata"
	"github.com/zkml-go/zkml/jsonfile"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

// RecordVersion is the version of a record's file.
const RecordVersion = 1

// Record is deployments/<chain>.json: what was deployed on one chain, the oldest
// first. A call needs only the record and a proof.
type Record struct {
	Version     int          `json:"version"`
	ChainID     *big.Int     `json:"chain_id"`
	Deployments []Deployment `json:"deployments"`
	// Shared is the verifier that models share on the chain; nil where none is known.
	Shared *Contract `json:"shared_verifier,omitempty"`
}

// Deployment is one model on a chain.
type Deployment struct {
	Name      string            `json:"name"`
	VKSHA256  string            `json:"vk_sha256"`
	UnsafeSRS bool              `json:"unsafe_srs"`
	Layout    visibility.Layout `json:"layout"`
	// Contracts are the wrapper, then the contracts that use it.
	Contracts []Contract `json:"contracts"`
	// Verifier is gnark's contract, which the wrapper calls.
	Verifier common.Address `json:"verifier"`
	Deployer common.Address `json:"deployer"`
}

// Contract is a contract that a transaction creates. Its address follows from the
// transaction's signer and nonce.
type Contract struct {
	Name        string          `json:"name"`
	Address     common.Address  `json:"address"`
	Transaction common.Hash     `json:"transaction"`
	Block       *big.Int        `json:"block"`
	GasUsed     uint64          `json:"gas_used"`
	ABI         json.RawMessage `json:"abi"`
	// Compiled is nil in records that are older than it, and Creates is empty there.
	Compiled *Compiled `json:"compiled,omitempty"`
	// Creates are the contracts that its constructor creates.
	Creates []Part `json:"creates,omitempty"`
	// Unconfirmed says that the transaction was signed, but the contract was not seen
	// on the chain; Block and GasUsed are empty then.
	Unconfirmed bool `json:"unconfirmed,omitempty"`
}

// Interface returns the contract's parsed ABI.
func (c *Contract) Interface() (abi.ABI, error) {
	parsed, err := calldata.ReadInterface(c.ABI)
	if err != nil {
		return abi.ABI{}, fmt.Errorf("contract %s: its ABI is unreadable: %w", c.Name, err)
	}
	return parsed, nil
}

// maxRecord bounds a record's file.
const maxRecord = 64 << 20

// RecordPath returns the path of a chain's record in a folder.
func RecordPath(dir string, chainID *big.Int) string {
	return filepath.Join(dir, chainID.String()+".json")
}

// ReadRecord reads the record of a chain from a folder. Without a file it is empty.
func ReadRecord(dir string, chainID *big.Int) (*Record, error) {
	path := RecordPath(dir, chainID)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &Record{Version: RecordVersion, ChainID: chainID}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("deployments: %w", err)
	}
	defer f.Close()
	r := new(Record)
	if err := jsonfile.Read(f, maxRecord, RecordVersion, r); err != nil {
		return nil, fmt.Errorf("deployments: %s: %w; move it away", path, err)
	}
	if err := r.check(chainID); err != nil {
		return nil, fmt.Errorf("deployments: %s: %w", path, err)
	}
	return r, nil
}

// check compares a record with the chain for which it was read.
func (r *Record) check(chainID *big.Int) error {
	if r.ChainID == nil || r.ChainID.Cmp(chainID) != 0 {
		return fmt.Errorf("it is of chain %v, not of %v", r.ChainID, chainID)
	}
	for i, d := range r.Deployments {
		if len(d.Contracts) == 0 {
			return fmt.Errorf("deployment %d has no contracts", i)
		}
		if err := d.Layout.Check(); err != nil {
			return fmt.Errorf("deployment %d: %w", i, err)
		}
	}
	return nil
}

// Of returns the deployments of a verifying key, the newest first. The error is
// ErrUnrecorded if there is none.
func (r *Record) Of(vkSHA256 string) ([]*Deployment, error) {
	var list []*Deployment
	var others []string
	for i := len(r.Deployments) - 1; i >= 0; i-- {
		if d := &r.Deployments[i]; d.VKSHA256 == vkSHA256 {
			list = append(list, d)
		} else {
			others = append(others, d.Name)
		}
	}
	if len(list) > 0 {
		return list, nil
	}
	if len(others) == 0 {
		return nil, &unrecordedError{fmt.Sprintf("nothing is recorded as deployed on chain %s", r.ChainID)}
	}
	return nil, &unrecordedError{fmt.Sprintf("no model with the key %.16s... is recorded as deployed on chain %s; "+
		"there is %s", vkSHA256, r.ChainID, strings.Join(others, ", "))}
}

// unrecordedError is an ErrUnrecorded in words of its own.
type unrecordedError struct{ text string }

func (e *unrecordedError) Error() string        { return e.text }
func (e *unrecordedError) Is(target error) bool { return target == ErrUnrecorded }

// Method returns the first contract of a deployment that has a method, named by its name
// or its signature.
func (d *Deployment) Method(name string) (*Contract, error) {
	var have []string
	for i := range d.Contracts {
		parsed, err := d.Contracts[i].Interface()
		if err != nil {
			return nil, err
		}
		is := func(m calldata.Method) bool { return calldata.Named(m, name) }
		if slices.ContainsFunc(slices.Collect(maps.Values(parsed.Methods)), is) {
			return &d.Contracts[i], nil
		}
		have = append(have, d.Contracts[i].Name)
	}
	return nil, fmt.Errorf("no contract among %s has a method %s", strings.Join(have, ", "), name)
}

// Unrecorded reports whether a deployment says only what a key says, and not where its
// contracts are.
func (d *Deployment) Unrecorded() bool { return d.Contracts[0].Address == common.Address{} }

// OfKey is the deployment of a key whose contracts are not recorded: enough to call a
// contract at an address.
func OfKey(key *verifier.Key) (*Deployment, error) {
	wrapper, err := json.Marshal(solidity.Interface(key))
	if err != nil {
		return nil, err
	}
	return &Deployment{
		VKSHA256: key.VKSHA256, UnsafeSRS: key.SRS.Unsafe, Layout: key.Layout,
		Contracts: []Contract{{Name: "the wrapper", ABI: wrapper}},
	}, nil
}

// ErrUnrecorded tells that a key is not recorded as deployed on a chain.
var ErrUnrecorded = errors.New("not recorded as deployed")

// at returns the contract at an address. If it is not in the record, only the address is
// set.
func (d *Deployment) at(address common.Address) *Contract {
	for i := range d.Contracts {
		if d.Contracts[i].Address == address {
			return &d.Contracts[i]
		}
	}
	return &Contract{Address: address}
}

// Put writes a deployment into the record of its chain in a folder, which is created if
// necessary. It replaces the deployment that the same transaction began, or else becomes
// the newest one. Several processes may do so at once. The file is written as a whole or
// not at all.
func Put(dir string, chainID *big.Int, d *Deployment) (path string, err error) {
	return change(dir, chainID, func(r *Record) { r.put(d) }, d.Contracts...)
}

// PutShared writes the verifier that models share into the record of its chain, as Put
// writes a deployment.
func PutShared(dir string, chainID *big.Int, c *Contract) (path string, err error) {
	return change(dir, chainID, func(r *Record) { r.Shared = c }, *c)
}

// change reads a record, changes it and writes it, after what its new contracts were
// compiled from.
func change(dir string, chainID *big.Int, f func(*Record), added ...Contract) (path string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("deployments: %w", err)
	}
	unlock, err := lockedfile.MutexAt(filepath.Join(dir, ".lock")).Lock()
	if err != nil {
		return "", fmt.Errorf("deployments: %w", err)
	}
	defer unlock()
	r, err := ReadRecord(dir, chainID)
	if err != nil {
		return "", err
	}
	for i := range added {
		if err := added[i].keep(dir); err != nil {
			return "", err
		}
	}
	f(r)
	return RecordPath(dir, chainID), r.write(dir)
}

// put replaces a deployment or appends it.
func (r *Record) put(d *Deployment) {
	for i := range r.Deployments {
		if r.Deployments[i].Contracts[0].Transaction == d.Contracts[0].Transaction {
			r.Deployments[i] = *d
			return
		}
	}
	r.Deployments = append(r.Deployments, *d)
}

func (r *Record) write(dir string) error {
	return replaceFile(RecordPath(dir, r.ChainID), func(w io.Writer) error {
		_, err := jsonfile.Write(w, r)
		return err
	})
}

// replaceFile writes a file as a whole or not at all.
func replaceFile(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".deployments-*")
	if err != nil {
		return fmt.Errorf("deployments: %w", err)
	}
	defer os.Remove(f.Name())
	err = write(f)
	if err := errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("deployments: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("deployments: %w", err)
	}
	return nil
}
