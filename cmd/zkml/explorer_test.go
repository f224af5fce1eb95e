package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/zkml-go/zkml/testkit/explorertest"
)

// ledger is what an explorer sees of the chain at a node's URL.
type ledger string

// ask asks the node.
func (l ledger) ask(to any, method string, params ...any) error {
	question, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
	if err != nil {
		return err
	}
	answer, err := http.Post(string(l), "application/json", bytes.NewReader(question))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	result := struct{ Result any }{to}
	return json.NewDecoder(answer.Body).Decode(&result)
}

// Code implements explorertest.Chain.
func (l ledger) Code(address string) ([]byte, error) {
	var code string
	if err := l.ask(&code, "eth_getCode", address, "latest"); err != nil {
		return nil, err
	}
	return hex.DecodeString(strings.TrimPrefix(code, "0x"))
}

// Creations implements explorertest.Chain.
func (l ledger) Creations() (map[string][]byte, error) {
	created := map[string][]byte{}
	for n := 1; ; n++ {
		var block *struct {
			Transactions []struct {
				Hash, Input string
				To          *string
			}
		}
		err := l.ask(&block, "eth_getBlockByNumber", fmt.Sprintf("0x%x", n), true)
		if err != nil || block == nil {
			return created, err
		}
		for _, tx := range block.Transactions {
			if tx.To != nil {
				continue
			}
			var receipt struct{ ContractAddress string }
			if err := l.ask(&receipt, "eth_getTransactionReceipt", tx.Hash); err != nil {
				return nil, err
			}
			data, err := hex.DecodeString(strings.TrimPrefix(tx.Input, "0x"))
			if err != nil {
				return nil, err
			}
			created[receipt.ContractAddress] = data
		}
	}
}

// explorer [KEY]: starts an explorer of the chain at ETH_RPC_URL, whose URL goes into
// EXPLORER. Etherscan's protocol is spoken below it, at /api, and wants the key.
func explorer(ts *testscript.TestScript, _ bool, args []string) {
	e := &explorertest.Explorer{Chain: ledger(ts.Getenv("ETH_RPC_URL")), Pending: 1}
	if len(args) > 0 {
		e.Key = args[0]
	}
	s := httptest.NewServer(e)
	ts.Defer(s.Close)
	ts.Setenv("EXPLORER", s.URL)
}
