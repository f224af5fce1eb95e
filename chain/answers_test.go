package chain_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/chain"
)

// TestEndlessAnswer: a node whose answer does not end is given up, with a reason.
func TestEndlessAnswer(t *testing.T) {
	sent := 0
	node := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		part := bytes.Repeat([]byte("0"), 1<<20)
		for _, err := w.Write([]byte(`{"jsonrpc":"2.0","id":1,"result":"0x1`)); err == nil && sent < 200; sent++ {
			_, err = w.Write(part)
		}
	}))
	defer node.Close()
	_, err := chain.Dial(t.Context(), node.URL)
	if err == nil || !strings.Contains(err.Error(), "longer than 32 MiB") {
		t.Errorf("got %v", err)
	}
	if sent >= 200 {
		t.Error("the whole answer was read")
	}
}
