package chain

import (
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
)

// Signer holds an account's key, or reaches the device that holds it.
type Signer interface {
	// Address is the account.
	Address() common.Address
	// Sign signs a transaction for a chain. It may wait for a person at a device.
	Sign(tx *types.Transaction, chainID *big.Int) (*types.Transaction, error)
	// Legacy reports whether the signer supports only legacy transactions.
	Legacy() bool
	// Close releases a device.
	Close() error
}

// account is a key in memory.
type account struct{ key *ecdsa.PrivateKey }

// Address implements Signer.
func (a *account) Address() common.Address { return crypto.PubkeyToAddress(a.key.PublicKey) }

// Sign implements Signer.
func (a *account) Sign(tx *types.Transaction, chainID *big.Int) (*types.Transaction, error) {
	return types.SignTx(tx, types.LatestSignerForChainID(chainID), a.key)
}

// Legacy implements Signer.
func (a *account) Legacy() bool { return false }

// Close implements Signer.
func (a *account) Close() error { return nil }

// Format hides the key under every verb.
func (*account) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("(key)")) }

// variable matches the names of environment variables. A key does not match: a hex
// digit may come first, but 64 of them are too many.
var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,62}$`)

// KeyFromEnv reads a key, 64 hex digits with or without 0x, from the environment
// variable with this name. Errors never repeat the value, nor a name that cannot be
// that of a variable, since it may be a key.
func KeyFromEnv(name string) (Signer, error) {
	if !variable.MatchString(name) {
		return nil, errors.New("key: give the name of an environment variable, only letters, digits and _; " +
			"if it was the key itself, treat the key as compromised: shells keep what was typed")
	}
	text, there := os.LookupEnv(name)
	if !there {
		return nil, fmt.Errorf("key: there is no environment variable %s; export it first", name)
	}
	key, err := crypto.HexToECDSA(strings.TrimPrefix(strings.TrimSpace(text), "0x"))
	if err != nil {
		return nil, fmt.Errorf("key: the environment variable %s does not hold a key; a key is 64 hex digits", name)
	}
	return &account{key}, nil
}

// maxKeystore bounds the size of a keystore file; real ones are far smaller.
const maxKeystore = 64 << 10

// KeyFromKeystore decrypts a keystore file (version 3, as geth and Foundry write
// it) with the password that ask returns, which is called after the file was read.
func KeyFromKeystore(path string, ask func() (string, error)) (Signer, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("keystore: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxKeystore {
		return nil, fmt.Errorf("keystore %s: not a keystore file", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("keystore: %w", err)
	}
	password, err := ask()
	if err != nil {
		return nil, err
	}
	key, err := decrypt(text, password)
	if errors.Is(err, keystore.ErrDecrypt) {
		return nil, fmt.Errorf("keystore %s: the password is wrong", filepath.Base(path))
	}
	if err != nil {
		return nil, fmt.Errorf("keystore %s: %w", filepath.Base(path), err)
	}
	return &account{key}, nil
}

// errKeystore stands for go-ethereum's many errors about a file.
var errKeystore = errors.New("not a keystore file of version 3")

// decrypt returns the key in a keystore's text. If the text names an account, the key
// must belong to it. go-ethereum panics if a length in the text is wrong.
func decrypt(text []byte, password string) (key *ecdsa.PrivateKey, err error) {
	defer func() {
		if recover() != nil {
			key, err = nil, errKeystore
		}
	}()
	var file struct {
		Address string `json:"address"`
	}
	if json.Unmarshal(text, &file) != nil {
		return nil, errKeystore
	}
	decrypted, err := keystore.DecryptKey(text, password)
	if errors.Is(err, keystore.ErrDecrypt) {
		return nil, err
	}
	if err != nil {
		return nil, errKeystore
	}
	if file.Address != "" && !strings.EqualFold(strings.TrimPrefix(file.Address, "0x"), decrypted.Address.Hex()[2:]) {
		return nil, fmt.Errorf("its key belongs to the account %s, but the file names another address; "+
			"copy the original file again", decrypted.Address)
	}
	return decrypted.PrivateKey, nil
}
