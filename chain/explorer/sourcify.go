package explorer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/url"
	"slices"

	"github.com/zkml-go/zkml/chain"
)

// sourcify speaks version 2 of Sourcify's protocol.
type sourcify struct{ *client }

func newSourcify(c *client) (protocol, error) {
	if c.key != "" {
		return nil, errors.New("a key is given, and Sourcify wants none")
	}
	return sourcify{c}, nil
}

// problem is how Sourcify says that something is wrong.
type problem struct {
	Code    string `json:"customCode"`
	Message string `json:"message"`
}

// unseen are the codes for contracts that Sourcify's own nodes may not show yet.
var unseen = []string{"contract_not_deployed", "cannot_fetch_bytecode"}

// knownBefore is the code for a contract whose sources Sourcify has.
const knownBefore = "already_verified"

func (p sourcify) submit(ctx context.Context, chainID *big.Int, s chain.Source) (answer, error) {
	question := map[string]any{
		"stdJsonInput": json.RawMessage(s.Input), "compilerVersion": s.Compiled.Compiler,
		"contractIdentifier": s.Compiled.Contract,
	}
	if s.Transaction.Big().Sign() != 0 {
		question["creationTransactionHash"] = s.Transaction.Hex()
	}
	text, err := json.Marshal(question)
	if err != nil {
		return answer{}, err
	}
	at := p.base.JoinPath("v2", "verify", chainID.String(), s.Address.Hex())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, at.String(), bytes.NewReader(text))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	status, body, err := p.ask(r)
	if err != nil {
		return answer{}, err
	}
	var said struct {
		problem
		ID string `json:"verificationId"`
	}
	err = json.Unmarshal(body, &said)
	switch {
	case status == http.StatusTooManyRequests:
		return answer{text: p.said(said.Message)}, nil
	case err == nil && status < 300 && said.ID != "":
		return answer{state: taken, id: said.ID}, nil
	case err == nil && status >= 400 && said.Code != "":
		return p.judge(said.problem), nil
	}
	return answer{}, p.foreign("Sourcify", status, body)
}

func (p sourcify) check(ctx context.Context, _ *big.Int, id string) (answer, error) {
	at := p.base.JoinPath("v2", "verify", url.PathEscape(id))
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return answer{}, err
	}
	status, body, err := p.ask(r)
	if err != nil {
		return answer{}, err
	}
	var said struct {
		problem
		Done     *bool `json:"isJobCompleted"`
		Contract struct {
			Match string `json:"match"`
		} `json:"contract"`
		Error *problem `json:"error"`
	}
	err = json.Unmarshal(body, &said)
	switch {
	case status == http.StatusTooManyRequests, err == nil && said.Done != nil && !*said.Done:
		return answer{}, nil
	case err == nil && said.Done != nil && said.Error != nil:
		return p.judge(*said.Error), nil
	case err == nil && said.Done != nil && said.Contract.Match != "":
		return answer{state: verified, text: p.said(said.Contract.Match)}, nil
	case err == nil && status >= 400 && said.Code != "":
		return p.judge(said.problem), nil
	}
	return answer{}, p.foreign("Sourcify", status, body)
}

// judge says what a problem means for the sources.
func (p sourcify) judge(what problem) answer {
	switch {
	case what.Code == knownBefore:
		return answer{state: before}
	case slices.Contains(unseen, what.Code):
		return answer{state: anew, text: p.said(what.Message)}
	}
	return answer{state: refused, text: p.said(what.Message)}
}
