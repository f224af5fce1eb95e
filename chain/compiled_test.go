package chain_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/chain/explorer"
	"github.com/zkml-go/zkml/testkit/explorertest"
	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
)

type export func(*verifier.Key, *verifier.Proof, string, string, ...solidity.Option) (solidity.Result, error)

// exported writes and compiles the contracts of a model whose consumer's constructor takes
// two arguments. Beside them is a contract that nothing uses.
func exported(t *testing.T, write export) *chain.Project {
	t.Helper()
	s := toy.Find("hashed model, input 3 bits, class, context")
	made, err := toy.New(s.Layout, toy.About(), 0)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if _, err := write(made.Key, nil, "net", dir); err != nil {
		t.Fatal(err)
	}
	own := "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.24;\n\ncontract Own {}\n"
	if err := os.WriteFile(filepath.Join(dir, "Own.sol"), []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := chain.OpenProject(dir)
	if err == nil {
		err = p.Compile("", true)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// put creates all contracts of a project and records them.
func (w *world) put(t *testing.T, dir string, p *chain.Project) {
	t.Helper()
	w.project = p
	var args []any
	if p.Shared() {
		shared := w.create(t, solidity.SharedName)
		w.checkShared(t, p, *shared)
		if _, err := chain.PutShared(dir, w.ChainID, shared); err != nil {
			t.Fatal(err)
		}
		args = append(args, shared.Address)
	}
	about := p.Description
	wrapper := w.create(t, about.Name, args...)
	d := &chain.Deployment{Name: about.Name, VKSHA256: about.VKSHA256, Layout: about.Layout,
		Contracts: []chain.Contract{*wrapper, *w.create(t, about.Name+"Consumer", wrapper.Address, [32]byte{7})}}
	var err error
	if d.Verifier, err = w.ConfirmWrapper(t.Context(), wrapper, about.VKSHA256, time.Minute); err != nil {
		t.Fatal(err)
	}
	if _, err := chain.Put(dir, w.ChainID, d); err != nil {
		t.Fatal(err)
	}
}

// checkShared tells a shared verifier from another contract, names the versions of the
// compiler where they differ, and says what an older record does not.
func (w *world) checkShared(t *testing.T, p *chain.Project, c chain.Contract) {
	t.Helper()
	c.Compiled = nil
	if err := p.CheckShared(t.Context(), w.Node, &c); err != nil || c.Compiled == nil {
		t.Errorf("%v, compiled from %v", err, c.Compiled)
	}
	c.Address, c.Compiled = common.Address{1}, &chain.Compiled{Compiler: "0.8.24+commit.e11b9ed9"}
	err := p.CheckShared(t.Context(), w.Node, &c)
	for _, want := range []string{"solc " + solidity.CompilerVersion, "solc 0.8.24"} {
		if !errors.Is(err, chain.ErrOtherContract) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// ledger is what an explorer sees of the chain.
type ledger struct{ *world }

// Code implements explorertest.Chain.
func (l ledger) Code(address string) ([]byte, error) {
	return l.client.CodeAt(context.Background(), common.HexToAddress(address), nil)
}

// Creations implements explorertest.Chain.
func (l ledger) Creations() (map[string][]byte, error) {
	ctx := context.Background()
	head, err := l.client.BlockNumber(ctx)
	created := map[string][]byte{}
	for n := uint64(1); n <= head && err == nil; n++ {
		var block *types.Block
		if block, err = l.client.BlockByNumber(ctx, new(big.Int).SetUint64(n)); err != nil {
			break
		}
		for _, tx := range block.Transactions() {
			var r *types.Receipt
			if r, err = l.client.TransactionReceipt(ctx, tx.Hash()); err == nil && tx.To() == nil {
				created[strings.ToLower(r.ContractAddress.Hex())] = tx.Data()
			}
		}
	}
	return created, err
}

// explorers are one for each protocol, of a chain. They have one compiler.
func (w *world) explorers(t *testing.T) map[string]*explorer.Explorer {
	t.Helper()
	list := map[string]*explorer.Explorer{}
	for kind, path := range map[string]string{"sourcify": "", "etherscan-compatible": "/api"} {
		key := map[string]string{"etherscan-compatible": "s3cret"}[kind]
		s := httptest.NewServer(&explorertest.Explorer{Chain: ledger{w}, Pending: 2, Key: key})
		t.Cleanup(s.Close)
		e, err := explorer.New(kind, s.URL+path, key)
		if err != nil {
			t.Fatal(err)
		}
		e.Pause = time.Millisecond
		list[kind] = e
	}
	return list
}

// TestRecordVerifies lets explorers compile what a record says of each contract, and compare
// it with the code that is on the chain and the code that created it.
func TestRecordVerifies(t *testing.T) {
	for name, c := range map[string]struct {
		write export
		want  []string
	}{
		"gnark's": {solidity.Export, []string{"Net", "PlonkVerifier", "NetConsumer"}},
		"shared":  {solidity.ExportShared, []string{"SharedPlonkVerifier", "Net", "NetKey", "NetConsumer"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			dir := t.TempDir()
			w.put(t, dir, exported(t, c.write))
			r, err := chain.ReadRecord(dir, w.ChainID)
			if err != nil {
				t.Fatal(err)
			}
			sources, err := r.Sources(dir, &r.Deployments[0])
			if err != nil {
				t.Fatal(err)
			}
			explorers := w.explorers(t)
			var got []string
			for _, s := range sources {
				got = append(got, s.Name)
				checkSource(t, s)
				for kind, e := range explorers {
					w.verifies(t, kind, e, s)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("the record tells of %v, want %v", got, c.want)
			}
			files, err := os.ReadDir(filepath.Join(dir, "sources"))
			if err != nil || len(files) != 2 {
				t.Errorf("%d files of sources, want one for the export and one for its consumer: %v", len(files), err)
			}
		})
	}
}

// verifies takes an explorer's verdict on a source, on the same again, and on a lie.
func (w *world) verifies(t *testing.T, kind string, e *explorer.Explorer, s chain.Source) {
	t.Helper()
	lie := s
	compiled := *s.Compiled
	lie.Compiled = &compiled
	compiled.Contract = strings.Replace(compiled.Contract, ":", ":I", 1)
	if kind == "etherscan-compatible" && len(compiled.Arguments) > 0 {
		compiled.Contract, compiled.Arguments = s.Compiled.Contract, make([]byte, len(compiled.Arguments))
	}
	if _, err := e.Verify(t.Context(), w.ChainID, lie); !errors.Is(err, explorer.ErrRefused) {
		t.Errorf("%s: %s, of other sources: %v", kind, s.Name, err)
	}
	for _, before := range []bool{false, true} {
		if v, err := e.Verify(t.Context(), w.ChainID, s); err != nil || v.Before != before {
			t.Errorf("%s: %s: %+v, %v", kind, s.Name, v, err)
		}
	}
}

// checkSource checks what is sent of a contract.
func checkSource(t *testing.T, s chain.Source) {
	t.Helper()
	if bytes.Contains(s.Input, []byte("contract Own")) {
		t.Errorf("%s: its sources hold a contract that it does not use", s.Name)
	}
	if !strings.HasPrefix(s.Compiled.Compiler, solidity.CompilerVersion+"+commit.") {
		t.Errorf("%s was compiled by %q, but the project's compiler is %s", s.Name, s.Compiled.Compiler,
			solidity.CompilerVersion)
	}
	var settings, whole map[string]any
	if err := json.Unmarshal(s.Compiled.Settings, &settings); err != nil || settings["evmVersion"] != "cancun" {
		t.Errorf("%s: settings %s, %v", s.Name, s.Compiled.Settings, err)
	}
	if err := json.Unmarshal(s.Input, &whole); err != nil || whole["language"] != "Solidity" {
		t.Errorf("%s: its standard JSON is of %v, %v", s.Name, whole["language"], err)
	}
	// Sourcify takes this transaction for the one that created the contract itself.
	if none := s.Transaction == (common.Hash{}); none != (s.Name == solidity.VerifierName) {
		t.Errorf("%s: transaction %s", s.Name, s.Transaction)
	}
}

// TestSourcesRefuse names what a record lacks, and files that are not what it says.
func TestSourcesRefuse(t *testing.T) {
	w := newWorld(t)
	dir := t.TempDir()
	d := w.deployment(t)
	if _, err := chain.Put(dir, w.ChainID, d); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, d.Contracts[0].Compiled.Input)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(c *chain.Contract)
		text   string
		want   string
	}{
		{"as it is", func(*chain.Contract) {}, string(whole), ""},
		{"an older record", func(c *chain.Contract) { c.Compiled = nil }, string(whole),
			"does not say what Stand was compiled from"},
		{"unconfirmed", func(c *chain.Contract) { c.Unconfirmed = true }, string(whole), ""},
		{"a part of nothing", func(c *chain.Contract) { c.Creates = []chain.Part{{Name: "Part"}} }, string(whole),
			"what Part was compiled from"},
		{"another file", func(c *chain.Contract) { c.Compiled.Input = "../31337.json" }, string(whole),
			"in place of sources/DIGEST.json"},
		{"a changed file", func(*chain.Contract) {}, string(whole) + " ", "was changed"},
		{"no file", func(c *chain.Contract) {
			c.Compiled.Input = "sources/" + strings.Repeat("0", 64) + ".json"
		}, string(whole), "is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			r, err := chain.ReadRecord(dir, w.ChainID)
			if err != nil {
				t.Fatal(err)
			}
			c.change(&r.Deployments[0].Contracts[0])
			_, err = r.Sources(dir, &r.Deployments[0])
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestSourcesAreFiles puts a device without an end where sources should be: it is replaced
// when sources are kept, and refused when they are read.
func TestSourcesAreFiles(t *testing.T) {
	w := newWorld(t)
	dir := t.TempDir()
	d := w.deployment(t)
	file := filepath.Join(dir, d.Contracts[0].Compiled.Input)
	endless := func() {
		if err := os.Symlink("/dev/zero", file); err != nil {
			t.Skip(err)
		}
	}
	if err := os.Mkdir(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	endless()
	if _, err := chain.Put(dir, w.ChainID, d); err != nil {
		t.Fatal(err)
	}
	r, err := chain.ReadRecord(dir, w.ChainID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Sources(dir, &r.Deployments[0]); err != nil {
		t.Errorf("the device was not replaced: %v", err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	endless()
	if _, err := r.Sources(dir, &r.Deployments[0]); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("got %v", err)
	}
}
