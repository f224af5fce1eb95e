package chain_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/verifier"
)

// TestTry tells proofs that a contract refuses from calls that decide nothing.
func TestTry(t *testing.T) {
	w := newWorld(t)
	d := w.deployment(t)
	silent := w.create(t, "Silent").Address.Hex()
	for _, c := range []struct {
		name, method, to string
		first            byte
		rejected         bool
		want             string
	}{
		{"good", "verifyOrRevert", "", 1, false, ""},
		{"good, by address", "verifyOrRevert", d.Contracts[0].Address.Hex(), 1, false, ""},
		{"good, in words", "verify", "", 1, false, ""},
		{"refused", "verifyOrRevert", "", 0, true, "ProofRejected()"},
		{"refused with false", "verify", "", 0, true, "answered false"},
		{"refused on the way", "submit", "", 0, true, "ProofRejected()"},
		{"good, by its signature", "submit(bytes32, int256[], bytes)", "", 1, false, ""},
		{"undecided", "verifyOrRevert", "", 2, false, "VerifierOutOfGas()"},
		{"a reason in words", "verifyOrRevert", "", 3, false, "in words\ufffd[1m"},
		{"no such method there", "other", d.Contracts[1].Address.Hex(), 1, false, "gave no reason"},
		{"no such method", "other", "", 1, false, "no contract among Stand, StandConsumer has a method other"},
		{"accepted, by who was asked", "other", silent, 1, false, ""},
		{"refused, whatever who was asked says", "other", silent, 0, true, "verify answered false"},
		{"silence, for a verdict", "verify", silent, 1, false, "another contract than the model's wrapper"},
		{"silence, for want of a reason", "verifyOrRevert", silent, 1, false,
			"another contract than the model's wrapper"},
		{"neither yes nor no", "verify", w.create(t, "Mumbler").Address.Hex(), 1, false, "neither true nor false"},
		{"no contract", "verify", "0x00000000000000000000000000000000000000AA", 1, false, "no contract is at"},
		{"no address", "verify", "0xAA", 1, false, "40 hex digits"},
	} {
		t.Run(c.name, func(t *testing.T) {
			call, err := chain.NewProofCall(d, proofOf(c.first), chain.CallOptions{To: c.to, Method: c.method})
			if err == nil {
				err = call.Try(t.Context(), w.Node, w.From())
			}
			if errors.Is(err, verifier.ErrRejected) != c.rejected {
				t.Errorf("rejected is not %t: %v", c.rejected, err)
			}
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	strange := proofOf(1)
	strange.PublicInputs = strange.PublicInputs[1:]
	_, err := chain.NewProofCall(d, strange, chain.CallOptions{Method: "verify"})
	if !errors.Is(err, verifier.ErrRejected) {
		t.Errorf("a public input too few: %v", err)
	}
}

// TestGas estimates calls, of which a contract refuses one.
func TestGas(t *testing.T) {
	w := newWorld(t)
	d := w.deployment(t)
	for first, accepted := range []bool{false, true} {
		call, err := chain.NewProofCall(d, proofOf(byte(first)), chain.CallOptions{Method: "verifyOrRevert"})
		if err != nil {
			t.Fatal(err)
		}
		gas, err := call.Gas(t.Context(), w.Node, w.From())
		if (err == nil) != accepted || errors.Is(err, verifier.ErrRejected) == accepted || (gas > 21_000) != accepted {
			t.Errorf("accepted %t: %d gas, %v", accepted, gas, err)
		}
	}
}

// TestSend sends a proof twice, which a consumer refuses.
func TestSend(t *testing.T) {
	w := newWorld(t)
	d := w.deployment(t)
	call, err := chain.NewProofCall(d, proofOf(1), chain.CallOptions{Method: "submit"})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := w.Plan(t.Context(), &call.To, call.Data)
	if err != nil {
		t.Fatal(err)
	}
	r, err := call.Send(t.Context(), w.Node, plan, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	want := "Accepted(sender = " + w.From().Hex() + ", first = -3)"
	if got := chain.Events(r, call.Known...); len(got) != 1 || got[0] != want {
		t.Errorf("events %q, want %q", got, want)
	}
	again := "AlreadyUsed(sender = " + w.From().Hex() + ", times = 2)"
	var revert *chain.Revert
	if _, err := w.Plan(t.Context(), &call.To, call.Data, call.Known...); !errors.As(err, &revert) ||
		revert.Name != "AlreadyUsed" || revert.Text != again {
		t.Errorf("planned again: %v", err)
	}
	if _, err := call.Send(t.Context(), w.Node, plan, time.Minute); !errors.As(err, &revert) || revert.Text != again {
		t.Errorf("sent again: %v", err)
	}
}

func TestRecord(t *testing.T) {
	w := newWorld(t)
	d := w.deployment(t)
	dir := t.TempDir() + "/deployments"
	empty, err := chain.ReadRecord(dir, w.ChainID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := empty.Of(standKey); err == nil {
		t.Error("an empty record has the key")
	}
	older := *d
	older.Name, older.Contracts = "Older", []chain.Contract{{Name: "Stand", Transaction: common.Hash{1}}}
	var path string
	for _, put := range []*chain.Deployment{&older, {Contracts: d.Contracts[:1], Layout: layout}, d} {
		if path, err = chain.Put(dir, w.ChainID, put); err != nil || path != chain.RecordPath(dir, w.ChainID) {
			t.Fatal(path, err)
		}
	}
	back, err := chain.ReadRecord(dir, w.ChainID)
	if err != nil {
		t.Fatal(err)
	}
	list, err := back.Of(standKey)
	if err != nil || len(list) != 2 || len(back.Deployments) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	found := list[0]
	if found.Name != "Stand" || len(found.Contracts) != 2 || found.Contracts[0].Address != d.Contracts[0].Address {
		t.Errorf("%+v", found)
	}
	if _, err := back.Of(strings.Repeat("22", 32)); err == nil ||
		!strings.Contains(err.Error(), "there is Stand, Older") {
		t.Errorf("another key: %v", err)
	}
	call, err := chain.NewProofCall(found, proofOf(1), chain.CallOptions{Method: "submit"})
	if err != nil {
		t.Fatal(err)
	}
	if err := call.Try(t.Context(), w.Node, common.Address{}); err != nil {
		t.Error(err)
	}
}

// TestRecordRefuses reads no record that was damaged, or is of another chain.
func TestRecordRefuses(t *testing.T) {
	id := big.NewInt(1337)
	good := func() *chain.Record {
		return &chain.Record{Version: chain.RecordVersion, ChainID: id, Deployments: []chain.Deployment{
			{Name: "Stand", Layout: layout, Contracts: []chain.Contract{{Name: "Stand"}}},
		}}
	}
	for _, c := range []struct {
		name   string
		change func(*chain.Record)
		want   string
	}{
		{"good", func(*chain.Record) {}, ""},
		{"another chain", func(r *chain.Record) { r.ChainID = big.NewInt(5) }, "of chain 5"},
		{"no chain", func(r *chain.Record) { r.ChainID = nil }, "of chain"},
		{"another version", func(r *chain.Record) { r.Version++ }, "version 2"},
		{"no contracts", func(r *chain.Record) { r.Deployments[0].Contracts = nil }, "no contracts"},
		{"a broken layout", func(r *chain.Record) {
			l := &r.Deployments[0].Layout
			*l = l.Clone()
			l.Inputs()[0].Bits = 0
		}, "0 bits"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, r := t.TempDir(), good()
			c.change(r)
			writeAs(t, dir, id, r)
			if _, err := chain.ReadRecord(dir, id); (err == nil) != (c.want == "") ||
				err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
