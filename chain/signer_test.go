package chain_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/zkml-go/zkml/chain"
)

// writeAs writes a record under the name that a chain's record has.
func writeAs(t *testing.T, dir string, chainID *big.Int, r *chain.Record) {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(chain.RecordPath(dir, chainID), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestKeyFromEnv(t *testing.T) {
	key := strings.Repeat("a7", 32)
	t.Setenv("GOOD_KEY", "0x"+key+"\n")
	s, err := chain.KeyFromEnv("GOOD_KEY")
	if err != nil {
		t.Fatal(err)
	}
	tx, err := s.Sign(types.NewTx(&types.LegacyTx{}), big.NewInt(5))
	if err != nil {
		t.Fatal(err)
	}
	if from, err := types.Sender(types.LatestSignerForChainID(big.NewInt(5)), tx); err != nil || from != s.Address() {
		t.Errorf("signed by %s, %v", from, err)
	}
	if text := fmt.Sprintf("%v %+v %#v %x", s, s, s, s); strings.Contains(strings.ToLower(text), "a7a7") {
		t.Error("the key is printed")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	t.Setenv("BAD_KEY", key+"00")
	for _, c := range []struct{ name, variable, want string }{
		{"the key itself", key, "treat the key as compromised"},
		{"the key itself with 0x", "0x" + key, "treat the key as compromised"},
		{"none", "NO_SUCH_KEY", "no environment variable NO_SUCH_KEY"},
		{"no key", "BAD_KEY", "does not hold a key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := chain.KeyFromEnv(c.variable)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "a7a7") {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestKeyFromKeystore(t *testing.T) {
	key := newKey(t)
	dir := t.TempDir()
	store := keystore.NewKeyStore(dir, keystore.LightScryptN, keystore.LightScryptP)
	account, err := store.ImportECDSA(key, "open sesame")
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "other.json")
	if err := os.WriteFile(other, []byte(`{"version":3}`), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(account.URL.Path)
	if err != nil {
		t.Fatal(err)
	}
	// The file's MAC does not cover what is changed here.
	changed := func(pattern, to string) string {
		path := filepath.Join(t.TempDir(), "changed.json")
		if err := os.WriteFile(path, regexp.MustCompile(pattern).ReplaceAll(text, []byte(to)), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const iv, address = `"iv":"[0-9a-f]*"`, `"address":"([0-9a-f]*)"`
	nobody := errors.New("nobody is there")
	for _, c := range []struct {
		name, path, password string
		ask                  error
		want                 string
	}{
		{"good", account.URL.Path, "open sesame", nil, ""},
		{"a wrong password", account.URL.Path, "guess", nil, "the password is wrong"},
		{"no password", account.URL.Path, "", nobody, "nobody is there"},
		{"another file", other, "open sesame", nil, "not a keystore file"},
		{"without an address", changed(address, `"note":""`), "open sesame", nil, ""},
		{"an address with 0x", changed(address, `"address":"0x$1"`), "open sesame", nil, ""},
		{"another address", changed(address, `"address":"01"`), "open sesame", nil, "file names another address"},
		{"the key of another account", changed(iv, `"iv":"`+strings.Repeat("01", 16)+`"`), "open sesame", nil,
			"file names another address"},
		{"a short iv", changed(iv, `"iv":"00"`), "open sesame", nil, "not a keystore file"},
		{"a folder", dir, "open sesame", nil, "not a keystore file"},
		{"nothing", filepath.Join(dir, "none"), "open sesame", nil, "no such file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := chain.KeyFromKeystore(c.path, func() (string, error) { return c.password, c.ask })
			if c.want == "" {
				if err != nil || s.Address() != crypto.PubkeyToAddress(key.PublicKey) {
					t.Errorf("%v, %v", s, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) ||
				c.password != "" && strings.Contains(err.Error(), c.password) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestParseAddress(t *testing.T) {
	const good = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
	for _, c := range []struct {
		text string
		ok   bool
	}{
		{good, true},
		{strings.ToLower(good), true},
		{strings.Replace(good, "5Fb", "5fb", 1), false},
		{good[2:], false},
		{good + "0", false},
		{"0x", false},
		{"", false},
	} {
		if _, err := chain.ParseAddress(c.text); (err == nil) != c.ok {
			t.Errorf("%q: %v", c.text, err)
		}
	}
}
