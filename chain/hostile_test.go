package chain_test

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/zkml-go/zkml/chain"
)

// liar is a node that tells what is not so. A function that is nil leaves the truth.
type liar struct {
	chain.Client
	id      *big.Int
	receipt func(*types.Receipt)
	code    func([]byte) []byte
	answer  func([]byte) ([]byte, error)
	tip     *big.Int
}

func (l *liar) ChainID(ctx context.Context) (*big.Int, error) {
	if l.id != nil {
		return l.id, nil
	}
	return l.Client.ChainID(ctx)
}

func (l *liar) TransactionReceipt(ctx context.Context, hash common.Hash) (*types.Receipt, error) {
	r, err := l.Client.TransactionReceipt(ctx, hash)
	if err == nil && l.receipt != nil {
		l.receipt(r)
	}
	return r, err
}

func (l *liar) CodeAt(ctx context.Context, at common.Address, block *big.Int) ([]byte, error) {
	code, err := l.Client.CodeAt(ctx, at, block)
	if err == nil && l.code != nil {
		code = l.code(code)
	}
	return code, err
}

func (l *liar) CallContract(ctx context.Context, m ethereum.CallMsg, block *big.Int) ([]byte, error) {
	answer, err := l.Client.CallContract(ctx, m, block)
	if err == nil && l.answer != nil {
		answer, err = l.answer(answer)
	}
	return answer, err
}

func (l *liar) SuggestGasTipCap(ctx context.Context) (*big.Int, error) {
	if l.tip != nil {
		return l.tip, nil
	}
	return l.Client.SuggestGasTipCap(ctx)
}

// once changes the first of several answers.
func once(f func([]byte) []byte) func([]byte) []byte {
	n := 0
	return func(b []byte) []byte {
		if n++; n == 1 {
			return f(b)
		}
		return b
	}
}

// TestCreateHostile believes no node about what stands where, and waits for one that
// lags.
func TestCreateHostile(t *testing.T) {
	nothing := func([]byte) []byte { return nil }
	for _, c := range []struct {
		name string
		lie  liar
		want string
	}{
		{"the truth", liar{}, ""},
		{"another address", liar{receipt: func(r *types.Receipt) { r.ContractAddress[0]++ }}, "another contract"},
		{"another transaction's receipt", liar{receipt: func(r *types.Receipt) { r.TxHash[0]++ }},
			"receipt of another one"},
		{"a failure", liar{receipt: func(r *types.Receipt) { r.Status = types.ReceiptStatusFailed }},
			"the constructor failed"},
		{"other code", liar{code: func(b []byte) []byte { b[0]++; return b }}, "another contract"},
		{"no code", liar{code: nothing}, "0 bytes of code"},
		{"no code yet", liar{code: once(nothing)}, ""},
		{"no answer yet", liar{answer: late()}, ""},
		{"never an answer", liar{answer: func([]byte) ([]byte, error) { return nil, nil }},
			"VK_SHA256 returned 0 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			c.lie.Client = w.client
			w.Client = &c.lie
			made, err := w.signed(t, "Stand")
			if err != nil {
				t.Fatal(err)
			}
			patience := time.Second
			if c.want == "" { // it comes at the next poll, on a busy machine too
				patience = time.Minute
			}
			if err = w.Create(t.Context(), made, patience); err == nil {
				_, err = w.ConfirmWrapper(t.Context(), &made.Contract, standKey, patience)
			} else if !made.Contract.Unconfirmed {
				t.Error("it is confirmed")
			}
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// late answers nothing at first.
func late() func([]byte) ([]byte, error) {
	f := once(func([]byte) []byte { return nil })
	return func(b []byte) ([]byte, error) { return f(b), nil }
}

// TestDeployed passes over what was recorded and never seen on the chain.
func TestDeployed(t *testing.T) {
	w := newWorld(t)
	good := w.deployment(t)
	at := func(address common.Address, unconfirmed bool) chain.Deployment {
		d := *good
		d.Contracts = []chain.Contract{good.Contracts[0]}
		d.Contracts[0].Address, d.Contracts[0].Unconfirmed = address, unconfirmed
		return d
	}
	nobody, there := common.Address{1}, good.Contracts[0].Address
	for _, c := range []struct {
		name string
		list []chain.Deployment
		want common.Address
		err  error
	}{
		{"confirmed", []chain.Deployment{at(there, false)}, there, nil},
		{"there by now", []chain.Deployment{at(there, true)}, there, nil},
		{"not there, and an older one", []chain.Deployment{at(there, false), at(nobody, true)}, there, nil},
		{"not there", []chain.Deployment{at(nobody, true)}, nobody, chain.ErrPending},
		{"gone", []chain.Deployment{at(there, false), at(nobody, false)}, nobody, chain.ErrOtherContract},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := w.Deployed(t.Context(), &chain.Record{ChainID: w.ChainID, Deployments: c.list}, standKey)
			if !errors.Is(err, c.err) || err == nil && d.Contracts[0].Address != c.want {
				t.Errorf("%v, %v", d, err)
			}
		})
	}
	w.Client = &liar{Client: w.client, answer: func([]byte) ([]byte, error) { return nil, errors.New("no time") }}
	if _, err := w.Deployed(t.Context(), &chain.Record{ChainID: w.ChainID,
		Deployments: []chain.Deployment{at(there, true)}}, standKey); err == nil ||
		!strings.Contains(err.Error(), "no time") {
		t.Errorf("a node without time: %v", err)
	}
	w.Client = w.client
	late := at(there, false)
	late.Contracts = append(late.Contracts, chain.Contract{Name: "StandConsumer", Address: nobody, Unconfirmed: true,
		ABI: good.Contracts[1].ABI})
	call, err := chain.NewProofCall(&late, proofOf(1), chain.CallOptions{To: nobody.Hex(), Method: "submit"})
	if err == nil {
		err = call.Try(t.Context(), w.Node, w.From())
	}
	if !errors.Is(err, chain.ErrPending) {
		t.Errorf("a consumer that is not there: %v", err)
	}
}

// TestPut loses no record among several writers.
func TestPut(t *testing.T) {
	dir, id := filepath.Join(t.TempDir(), "deployments"), big.NewInt(5)
	const writers = 8
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			d := &chain.Deployment{Layout: layout,
				Contracts: []chain.Contract{{Transaction: common.Hash{byte(i)}, Unconfirmed: true}}}
			_, err := chain.Put(dir, id, d)
			d.Contracts[0].Unconfirmed = false
			if _, again := chain.Put(dir, id, d); err != nil || again != nil {
				t.Error(err, again)
			}
		})
	}
	all.Wait()
	r, err := chain.ReadRecord(dir, id)
	if err != nil || len(r.Deployments) != writers {
		t.Fatalf("%d deployments, %v", len(r.Deployments), err)
	}
	for i, d := range r.Deployments {
		if d.Contracts[0].Unconfirmed {
			t.Errorf("deployment %d is unconfirmed", i)
		}
	}
}

// TestMaxFee signs nothing whose price, which a node suggests, is above the limit.
func TestMaxFee(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		name string
		tip  int64
		most *big.Int
		want error
	}{
		{"cheap", 1, chain.Wei(0.5), nil},
		{"dear", 1e15, chain.Wei(0.5), chain.ErrFeeCap},
		{"dear, without a limit", 1e15, nil, chain.ErrInsufficientFunds},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.Client, w.MaxFee = &liar{Client: w.client, tip: big.NewInt(c.tip)}, c.most
			if _, err := w.signed(t, "Stand"); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	for ether, want := range map[float64]string{0: "0", 1: "1000000000000000000", 0.5: "500000000000000000",
		-1: "<nil>"} {
		if got := fmt.Sprint(chain.Wei(ether)); got != want {
			t.Errorf("%g ether are %s wei, want %s", ether, got, want)
		}
	}
}

// TestNewNodeRefuses takes no chain that no signature can be for.
func TestNewNodeRefuses(t *testing.T) {
	w := newWorld(t)
	for _, id := range []int64{0, -1} {
		if _, err := chain.NewNode(t.Context(), &liar{Client: w.client, id: big.NewInt(id)}); err == nil ||
			!strings.Contains(err.Error(), "use another node") {
			t.Errorf("chain %d: %v", id, err)
		}
	}
}

// TestDialHidesURL keeps the URL, which may hold a secret, out of errors.
func TestDialHidesURL(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "secret.ipc")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	l.Close()
	for _, url := range []string{
		"http://127.0.0.1:1/secret-key", "ws://127.0.0.1:1/secret-key", "ftp://secret-key", ":secret-key",
		"node.example/v2/secret", "secret", "stdio:secret", "https:secret", "https://node.example:secret",
		"http://secret.invalid/",
		"wss://secret.invalid/", socket,
	} {
		if _, err := chain.Dial(t.Context(), url); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// TestErrorsArePrintable lets no text of a node command a terminal.
func TestErrorsArePrintable(t *testing.T) {
	const text = `"x\u001b[2K\r\u001b[1A accepted\n\u202e"`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":%s}}`, text)
	}))
	defer server.Close()
	_, err := chain.Dial(t.Context(), server.URL)
	if err == nil || !strings.Contains(err.Error(), "accepted") ||
		strings.ContainsFunc(err.Error(), func(c rune) bool { return !unicode.IsPrint(c) }) {
		t.Errorf("%q", err)
	}
	w := newWorld(t)
	w.Client = &liar{Client: w.client, answer: func([]byte) ([]byte, error) { return nil, errors.New("x\x1b[2K") }}
	if _, err := w.Call(t.Context(), w.From(), w.From(), nil); err == nil || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("%q", err)
	}
}
