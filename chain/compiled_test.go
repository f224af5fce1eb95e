package chain_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/chain/solc"
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
func (w *world) put(t *testing.T, dir string, p *chain.Project) *chain.Deployment {
	t.Helper()
	w.project = p
	var args []any
	if p.Shared() {
		shared := w.create(t, solidity.SharedName)
		if err := p.CheckShared(t.Context(), w.Node, shared); err != nil {
			t.Error(err)
		}
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
	return d
}

// created returns the code that created a contract: all that was sent to create one, or,
// for what a constructor created, all that was sent to create that one.
func (w *world) created(t *testing.T, at common.Hash) []byte {
	t.Helper()
	tx, _, err := w.client.TransactionByHash(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	return tx.Data()
}

var compiledAgain = map[string]map[string]solc.Artifact{}

// again compiles each standard JSON once.
func again(t *testing.T, input []byte) map[string]solc.Artifact {
	t.Helper()
	if compiledAgain[string(input)] == nil {
		all, err := solc.Again(input)
		if err != nil {
			t.Fatal(err)
		}
		compiledAgain[string(input)] = all
	}
	return compiledAgain[string(input)]
}

// TestRecordCompilesAgain takes what a record says of each contract, compiles it, and finds
// the code that is on the chain and the code that created it.
func TestRecordCompilesAgain(t *testing.T) {
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
			d := w.put(t, dir, exported(t, c.write))
			r, err := chain.ReadRecord(dir, w.ChainID)
			if err != nil {
				t.Fatal(err)
			}
			sources, err := r.Sources(dir, &r.Deployments[0])
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range sources {
				got = append(got, s.Name)
				w.checkSource(t, d, s)
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

// checkSource compiles a source and compares it with the chain.
func (w *world) checkSource(t *testing.T, d *chain.Deployment, s chain.Source) {
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
	a, ok := again(t, s.Input)[s.Compiled.Contract]
	if !ok {
		t.Fatalf("%s: there is no contract %s", s.Name, s.Compiled.Contract)
	}
	code, err := w.client.CodeAt(t.Context(), s.Address, nil)
	if err != nil {
		t.Fatal(err)
	}
	isData := s.Name == "NetKey"
	if a.Is(code) == isData || len(code) == 0 {
		t.Errorf("%s: its code is the compiled one: %t", s.Name, a.Is(code))
	}
	creation := append(bytes.Clone(a.Code), s.Compiled.Arguments...)
	inside := s.Name == "NetKey" || s.Name == "PlonkVerifier"
	if inside && !bytes.Contains(w.created(t, d.Contracts[0].Transaction), creation) {
		t.Errorf("%s: another code created it", s.Name)
	}
	if !inside && !bytes.Equal(w.created(t, s.Transaction), creation) {
		t.Errorf("%s: another code created it", s.Name)
	}
	if none := s.Transaction == (common.Hash{}); none != (s.Name == "PlonkVerifier") {
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
		{"unconfirmed", func(c *chain.Contract) { c.Unconfirmed = true }, string(whole), "not mined yet"},
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
