package chain

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

func TestParseWallet(t *testing.T) {
	for _, c := range []struct{ url, scheme, path, want string }{
		{"ledger:", "ledger", "m/44'/60'/0'/0/0", ""},
		{"ledger://", "ledger", "m/44'/60'/0'/0/0", ""},
		{"trezor:m/44'/60'/1'/0/3", "trezor", "m/44'/60'/1'/0/3", ""},
		{"ledger://m/44%27/60%27/1%27/0/3", "ledger", "m/44'/60'/1'/0/3", ""},
		{"ledger:m/x", "", "", "derivation path"},
		{"ledger", "", "", "write ledger: or trezor:"},
		{"yubikey:", "", "", "write ledger: or trezor:"},
		{"", "", "", "write ledger: or trezor:"},
	} {
		t.Run(c.url, func(t *testing.T) {
			scheme, path, err := parseWallet(c.url)
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %q", err, c.want)
				}
				return
			}
			if err != nil || scheme != c.scheme || path.String() != c.path {
				t.Errorf("%s %s, %v", scheme, path, err)
			}
		})
	}
}

// TestNoWallet says what is missing where no device is attached.
func TestNoWallet(t *testing.T) {
	for _, url := range []string{"ledger:", "trezor:"} {
		if _, err := OpenWallet(url); err == nil || !strings.HasPrefix(err.Error(), "hardware wallet: ") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// locked is a device whose owner may say no.
type locked struct {
	accounts.Wallet
	derive, sign error
	open         bool
}

func (l *locked) Open(string) error { l.open = true; return nil }
func (l *locked) Close() error      { l.open = false; return nil }
func (l *locked) Derive(accounts.DerivationPath, bool) (accounts.Account, error) {
	return accounts.Account{Address: common.Address{7}}, l.derive
}
func (l *locked) SignTx(_ accounts.Account, tx *types.Transaction, _ *big.Int) (*types.Transaction, error) {
	return tx, l.sign
}

func TestDevice(t *testing.T) {
	no := errors.New("no")
	w := &locked{derive: no}
	if _, err := open(w, nil, true); !errors.Is(err, no) || w.open {
		t.Errorf("a locked device: %v, open %t", err, w.open)
	}
	w = &locked{sign: no}
	s, err := open(w, nil, true)
	if err != nil || !s.Legacy() || s.Address() != (common.Address{7}) {
		t.Fatalf("%v, %v", s, err)
	}
	if _, err := s.Sign(types.NewTx(&types.LegacyTx{}), big.NewInt(1)); !errors.Is(err, no) {
		t.Errorf("refused at the device: %v", err)
	}
	if err := s.Close(); err != nil || w.open {
		t.Error("the device stays open")
	}
	p := &Plan{FeeCap: big.NewInt(3), Limit: 5}
	if tx := types.NewTx(p.transaction(big.NewInt(1), 0)); tx.Type() != types.LegacyTxType ||
		tx.GasPrice().Int64() != 3 {
		t.Errorf("type %d", tx.Type())
	}
}
