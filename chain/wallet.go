package chain

import (
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"strings"

	"github.com/ethereum/go-ethereum/accounts"
	"github.com/ethereum/go-ethereum/accounts/usbwallet"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// brand is a brand of hardware wallets: how to find its devices, and whether they
// sign only legacy transactions.
type brand struct {
	hubs   []func() (*usbwallet.Hub, error)
	legacy bool
}

// brands are the supported hardware wallets, by the scheme of their URLs.
var brands = map[string]brand{
	usbwallet.LedgerScheme: {hubs: []func() (*usbwallet.Hub, error){usbwallet.NewLedgerHub}},
	usbwallet.TrezorScheme: {
		hubs:   []func() (*usbwallet.Hub, error){usbwallet.NewTrezorHubWithWebUSB, usbwallet.NewTrezorHubWithHID},
		legacy: true,
	},
}

// device is a hardware wallet that was opened, with one account of it.
type device struct {
	wallet  accounts.Wallet
	account accounts.Account
	legacy  bool
}

// Address implements Signer.
func (d *device) Address() common.Address { return d.account.Address }

// Sign implements Signer. It waits for the person at the device.
func (d *device) Sign(tx *types.Transaction, chainID *big.Int) (*types.Transaction, error) {
	signed, err := d.wallet.SignTx(d.account, tx, chainID)
	if err != nil {
		return nil, fmt.Errorf("hardware wallet: %w", err)
	}
	return signed, nil
}

// Legacy implements Signer.
func (d *device) Legacy() bool { return d.legacy }

// Close implements Signer.
func (d *device) Close() error { return d.wallet.Close() }

// OpenWallet opens a hardware wallet by URL: ledger: or trezor:, and the account's
// derivation path if it is not the usual m/44'/60'/0'/0/0, as in
// ledger:m/44'/60'/1'/0/0. The device must be unlocked.
func OpenWallet(rawURL string) (Signer, error) {
	scheme, path, err := parseWallet(rawURL)
	if err != nil {
		return nil, err
	}
	found, err := wallets(brands[scheme])
	if err != nil {
		return nil, fmt.Errorf("hardware wallet: %w", err)
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("hardware wallet: %d devices of kind %s are attached, but exactly one is needed; "+
			"unlock it, and on a Ledger open the Ethereum app", len(found), scheme)
	}
	return open(found[0], path, brands[scheme].legacy)
}

// parseWallet splits a wallet's URL.
func parseWallet(rawURL string) (scheme string, path accounts.DerivationPath, err error) {
	scheme, rest, ok := strings.Cut(rawURL, ":")
	if _, known := brands[scheme]; !ok || !known {
		return "", nil, errors.New("hardware wallet: write ledger: or trezor:, and a derivation path if necessary, " +
			"as in ledger:m/44'/60'/1'/0/0")
	}
	rest = strings.TrimPrefix(rest, "//")
	if rest == "" {
		return scheme, accounts.DefaultBaseDerivationPath, nil
	}
	if rest, err = url.PathUnescape(rest); err == nil {
		path, err = accounts.ParseDerivationPath(rest)
	}
	if err != nil {
		return "", nil, fmt.Errorf("hardware wallet: the derivation path: %w", err)
	}
	return scheme, path, nil
}

// wallets lists the devices that are attached.
func wallets(m brand) ([]accounts.Wallet, error) {
	var list []accounts.Wallet
	for _, hub := range m.hubs {
		h, err := hub()
		if err != nil {
			return nil, err
		}
		list = append(list, h.Wallets()...)
	}
	return list, nil
}

func open(w accounts.Wallet, path accounts.DerivationPath, legacy bool) (Signer, error) {
	if err := w.Open(""); err != nil {
		return nil, fmt.Errorf("hardware wallet: %w", err)
	}
	account, err := w.Derive(path, true)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("hardware wallet: %w; unlock it, and on a Ledger open the Ethereum app",
			err), w.Close())
	}
	return &device{w, account, legacy}, nil
}
