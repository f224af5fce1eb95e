package explorer

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"strings"

	"github.com/zkml-go/zkml/chain"
)

// etherscan speaks the protocol of Etherscan's explorers, which Blockscout speaks too.
type etherscan struct{ *client }

func (p etherscan) submit(ctx context.Context, chainID *big.Int, s chain.Source) (answer, error) {
	arguments := hex.EncodeToString(s.Compiled.Arguments)
	form := url.Values{
		"codeformat": {"solidity-standard-json-input"}, "sourceCode": {string(s.Input)},
		"contractaddress": {s.Address.Hex()}, "contractname": {s.Compiled.Contract},
		"compilerversion": {"v" + s.Compiled.Compiler},
		// The name was misspelt for years, and explorers differ in which of the two they read.
		"constructorArguements": {arguments}, "constructorArguments": {arguments},
	}
	ok, said, err := p.call(ctx, chainID, "verifysourcecode", nil, form)
	switch a, decided := p.common(said); {
	case err != nil:
		return answer{}, err
	case decided:
		return a, nil
	case ok && said != "":
		return answer{state: taken, id: said}, nil
	}
	return answer{state: refused, text: p.said(said)}, nil
}

func (p etherscan) check(ctx context.Context, chainID *big.Int, id string) (answer, error) {
	_, said, err := p.call(ctx, chainID, "checkverifystatus", url.Values{"guid": {id}}, nil)
	switch a, decided := p.common(said); {
	case err != nil:
		return answer{}, err
	case decided:
		return a, nil
	case strings.HasPrefix(said, "Pending"), strings.HasPrefix(said, "In progress"):
		return answer{text: p.said(said)}, nil
	case strings.HasPrefix(said, "Pass"):
		return answer{state: verified}, nil
	}
	return answer{state: refused, text: p.said(said)}, nil
}

// common reads what both questions may be answered by. Explorers tell their reasons apart by
// words alone.
func (p etherscan) common(said string) (a answer, decided bool) {
	lower := strings.ToLower(said)
	for _, c := range []struct {
		words string
		state state
	}{
		{"already verified", before},
		{"rate limit", waiting},
		{"unable to locate contractcode", anew},
		{"not a smart contract", anew},
	} {
		if strings.Contains(lower, c.words) {
			return answer{state: c.state, text: p.said(said)}, true
		}
	}
	return answer{}, false
}

// call asks one question: with a form where there is one. It returns the status and the
// result of the answer.
func (p etherscan) call(ctx context.Context, chainID *big.Int, action string, query, form url.Values) (
	ok bool, result string, err error,
) {
	at := *p.base
	values := at.Query()
	for name, v := range query {
		values[name] = v
	}
	values.Set("module", "contract")
	values.Set("action", action)
	values.Set("chainid", chainID.String())
	if p.key != "" {
		values.Set("apikey", p.key)
	}
	at.RawQuery = values.Encode()
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(ctx, method, at.String(), body)
	if err != nil {
		return false, "", err
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	status, text, err := p.ask(r)
	if err != nil {
		return false, "", err
	}
	var said struct{ Status, Result *string }
	if json.Unmarshal(text, &said) != nil || said.Status == nil || said.Result == nil {
		if status == http.StatusTooManyRequests {
			return false, "rate limit", nil
		}
		return false, "", p.foreign("Etherscan", status, text)
	}
	return *said.Status == "1", *said.Result, nil
}
