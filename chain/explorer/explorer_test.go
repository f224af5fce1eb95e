package explorer_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/chain/explorer"
)

const (
	kindSourcify  = "sourcify"
	kindEtherscan = "etherscan-compatible"
	// secret is a key that no error may repeat.
	secret = "K3Y+OF/SOMEBODY"
)

// source is a contract's, and what explorers are told of it.
var source = chain.Source{
	Name: "Digit", Address: chain.Address{0xaa}, Input: []byte(`{"language":"Solidity","sources":{}}`),
	Compiled: &chain.Compiled{Contract: "Digit.sol:Digit", Compiler: "0.8.37+commit.f401782d", Arguments: []byte{1, 2}},
}

// turn is one answer of an explorer: to whom hands sources in, or asks what became of them.
type turn struct {
	status int
	body   string
}

// played is an explorer that answers what it is told, the last answer for ever. Its requests
// are kept.
type played struct {
	turns    []turn
	requests []string
}

// ServeHTTP implements http.Handler.
func (p *played) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	p.requests = append(p.requests, r.Method+" "+r.URL.String()+"\n"+string(body))
	next := p.turns[0]
	if len(p.turns) > 1 {
		p.turns = p.turns[1:]
	}
	if next.status/100 == 3 {
		at := "https://elsewhere.example/"
		if next.status == http.StatusSeeOther {
			at = "https://%/"
		}
		w.Header().Set("Location", at+"?"+r.URL.RawQuery)
	}
	w.WriteHeader(next.status)
	_, _ = io.WriteString(w, next.body)
}

// play asks an explorer that answers so.
func play(t *testing.T, kind string, turns ...turn) (*played, explorer.Verdict, error) {
	t.Helper()
	p := &played{turns: turns}
	s := httptest.NewServer(p)
	defer s.Close()
	at, key := s.URL+"/server/", ""
	if kind == kindEtherscan {
		at, key = s.URL+"/api?tenant=x", secret
	}
	e, err := explorer.New(kind, at, key)
	if err != nil {
		t.Fatal(err)
	}
	e.Pause, e.Questions = 0, 8
	v, err := e.Verify(t.Context(), big.NewInt(31337), source)
	if err != nil && (strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), url.QueryEscape(secret))) {
		t.Errorf("the error repeats the key: %v", err)
	}
	return p, v, err
}

func job(done bool, rest string) turn {
	text := fmt.Sprintf(`{"isJobCompleted":%t,"verificationId":"j/1","contract":{"match":null}%s}`, done, rest)
	return turn{200, text}
}

func problem(status int, code, message string) turn {
	text, err := json.Marshal(map[string]string{"customCode": code, "message": message, "errorId": "1"})
	if err != nil {
		panic(err)
	}
	return turn{status, string(text)}
}

func said(status, result string) turn {
	return turn{200, fmt.Sprintf(`{"status":%q,"message":"","result":%q}`, status, result)}
}

// Answers of explorers.
var (
	accepted  = turn{202, `{"verificationId":"j/1"}`}
	matched   = turn{200, `{"isJobCompleted":true,"contract":{"match":"exact_match"}}`}
	different = job(true, `,"error":{"customCode":"no_match","message":"The bytecodes do not match"}`)
	unseenJob = job(true, `,"error":{"customCode":"contract_not_deployed","message":"not there"}`)
	knownJob  = job(true, `,"error":{"customCode":"already_verified","message":"known"}`)
	gone      = problem(404, "job_not_found", "no job")
	given     = said("1", "guid-1")
	pending   = said("0", "Pending in queue")
	passed    = said("1", "Pass - Verified")
	busy      = turn{503, "<html>"}
	long      = turn{200, strings.Repeat("x", 5<<20)}
)

var conversations = []struct {
	name, kind string
	turns      []turn
	asked      int
	before     bool
	want       string // of the error; empty for a contract that is verified
}{
	{"at once", kindSourcify, []turn{accepted, matched}, 2, false, ""},
	{"later", kindSourcify, []turn{accepted, job(false, ""), job(false, ""), matched}, 4, false, ""},
	{"known", kindSourcify, []turn{problem(409, "already_verified", "known")}, 1, true, ""},
	{"known by the job", kindSourcify, []turn{accepted, knownJob}, 2, true, ""},
	{"a conflict of something else", kindSourcify, []turn{{409, "<html>"}}, 1, false,
		"HTTP 409, and not as Sourcify does"},
	{"a second job", kindSourcify, []turn{problem(429, "duplicate_verification_request", "wait"), accepted, matched},
		3, false, ""},
	{"not seen yet", kindSourcify, []turn{accepted, unseenJob, accepted, matched}, 4, false, ""},
	{"busy for a while", kindSourcify, []turn{busy, busy, busy, accepted, busy, matched}, 6, false, ""},
	{"no match", kindSourcify, []turn{accepted, different}, 2, false, "refuses it: The bytecodes do not match"},
	{"no such chain", kindSourcify, []turn{problem(404, "unsupported_chain", "chain 31337\x1b[1m\nis not supported")},
		1, false, `refuses it: chain 31337\u001b[1m\nis not supported`},
	{"a lost job", kindSourcify, []turn{accepted, gone}, 2, false, "no job"},
	{"never", kindSourcify, []turn{accepted, job(false, "")}, 8, false, "not decided after 8 questions"},
	{"never seen", kindSourcify, []turn{accepted, unseenJob, accepted, unseenJob, accepted, unseenJob, accepted,
		unseenJob}, 8, false, "it said last: not there"},
	{"busy", kindSourcify, []turn{busy}, 4, false, "HTTP 503 Service Unavailable"},
	{"a job without a name", kindSourcify, []turn{{202, `{}`}}, 1, false, "not as Sourcify does: {}"},
	{"a match of nothing", kindSourcify, []turn{accepted, job(true, "")}, 2, false, "not as Sourcify does"},
	{"something else", kindSourcify, []turn{{404, "<h1>404</h1>"}}, 1, false, "HTTP 404, and not as Sourcify does"},
	{"half an answer", kindSourcify, []turn{accepted, {200, `{"isJobCompleted":`}}, 2, false, "not as Sourcify does"},
	{"a huge answer", kindSourcify, []turn{long}, 1, false, "longer than 4194304 bytes"},
	{"another place", kindSourcify, []turn{{301, ""}}, 1, false, "redirects to https://elsewhere.example: give"},

	{"at once", kindEtherscan, []turn{given, passed}, 2, false, ""},
	{"later", kindEtherscan, []turn{given, pending, pending, passed}, 4, false, ""},
	{"known", kindEtherscan, []turn{said("0", "Contract source code already verified")}, 1, true, ""},
	{"known to Blockscout", kindEtherscan, []turn{said("0", "Smart-contract already verified.")}, 1, true, ""},
	{"known by the job", kindEtherscan, []turn{given, said("0", "Already Verified")}, 2, true, ""},
	{"not seen yet", kindEtherscan, []turn{said("0", "Unable to locate ContractCode at 0xaa"), given, passed}, 3, false,
		""},
	{"too many questions", kindEtherscan, []turn{said("0", "Max rate limit reached"), given, {429, "slow"}, passed},
		4, false, ""},
	{"no match", kindEtherscan, []turn{given, said("0", "Fail - Unable to verify")}, 2, false,
		"refuses it: Fail - Unable to verify"},
	{"a wrong key", kindEtherscan, []turn{said("0", "Invalid API Key (#err2)|"+secret)}, 1, false,
		"Invalid API Key (#err2)|(the key)"},
	{"a page with the key as it was sent", kindEtherscan, []turn{{403, url.QueryEscape(secret)}}, 1, false,
		"not as Etherscan does: (the key)"},
	{"a redirection that is none", kindEtherscan, []turn{{303, ""}}, 1, false, "apikey=(the key)"},
	{"a page with the key", kindEtherscan, []turn{{403, "<p>" + secret}}, 1, false,
		"not as Etherscan does: <p>(the key)"},
	{"no reason", kindEtherscan, []turn{said("0", "")}, 1, false, "(no reason)"},
	{"never", kindEtherscan, []turn{given, pending}, 8, false, "it said last: Pending in queue"},
	{"busy", kindEtherscan, []turn{given, busy}, 5, false, "HTTP 503"},
	{"something else", kindEtherscan, []turn{{200, `{"status":1,"result":{}}`}}, 1, false, "not as Etherscan does"},
	{"a huge answer", kindEtherscan, []turn{long}, 1, false, "longer than"},
	{"a long reason", kindEtherscan, []turn{said("0", strings.Repeat("é", 400))}, 1, false, "é..."},
	{"another place", kindEtherscan, []turn{{302, ""}}, 1, false, "redirects to https://elsewhere.example: give"},
}

// TestConversations plays what explorers may answer: honest ones, slow ones, and others.
func TestConversations(t *testing.T) {
	for _, c := range conversations {
		t.Run(c.kind+" "+c.name, func(t *testing.T) {
			p, v, err := play(t, c.kind, c.turns...)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if err != nil && len(err.Error()) > 600 {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
			if len(p.requests) != c.asked || v.Before != c.before {
				t.Errorf("%d questions, want %d; known before: %t", len(p.requests), c.asked, v.Before)
			}
		})
	}
}

// TestRequests is what goes to an explorer, and nothing else does.
func TestRequests(t *testing.T) {
	at := source.Address.Hex()
	p, _, _ := play(t, kindSourcify, accepted, matched)
	want := "POST /server/v2/verify/31337/" + at + "\n" + `{"compilerVersion":"0.8.37+commit.f401782d",` +
		`"contractIdentifier":"Digit.sol:Digit","stdJsonInput":{"language":"Solidity","sources":{}}}`
	if p.requests[0] != want {
		t.Errorf("Sourcify gets %s, want %s", p.requests[0], want)
	}
	if p.requests[1] != "GET /server/v2/verify/j%2F1\n" {
		t.Errorf("Sourcify is asked %s", p.requests[1])
	}
	p, _, _ = play(t, kindEtherscan, given, passed)
	line, body, _ := strings.Cut(p.requests[0], "\n")
	form, err := url.ParseQuery(body)
	if err != nil {
		t.Fatal(err)
	}
	want = "POST /api?action=verifysourcecode&apikey=" + url.QueryEscape(secret) + "&chainid=31337&module=contract" +
		"&tenant=x"
	if line != want {
		t.Errorf("it is asked %s, want %s", line, want)
	}
	for name, want := range map[string]string{
		"codeformat": "solidity-standard-json-input", "sourceCode": string(source.Input), "contractaddress": at,
		"contractname": "Digit.sol:Digit", "compilerversion": "v0.8.37+commit.f401782d",
		"constructorArguements": "0102", "constructorArguments": "0102",
	} {
		if form.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, form.Get(name), want)
		}
		form.Del(name)
	}
	if len(form) > 0 {
		t.Errorf("it also gets %v", form)
	}
	want = "GET /api?action=checkverifystatus&apikey=" + url.QueryEscape(secret) + "&chainid=31337&guid=guid-1" +
		"&module=contract&tenant=x\n"
	if p.requests[1] != want {
		t.Errorf("it is asked %s, want %s", p.requests[1], want)
	}
}

// TestNew refuses what is no explorer, without a word of a URL's secret.
func TestNew(t *testing.T) {
	for _, c := range []struct{ kind, url, key, want string }{
		{"etherscan", "https://explorer.example", "", "kinds sourcify, etherscan-compatible"},
		{kindSourcify, "explorer.example/" + secret, "", "begins with http"},
		{kindSourcify, "ftp://explorer.example/" + secret, "", "begins with http"},
		{kindSourcify, "https://%/" + secret, "", "begins with http"},
		{kindSourcify, "https://explorer.example", secret, "Sourcify wants none"},
	} {
		_, err := explorer.New(c.kind, c.url, c.key)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: got %v, want %q", c.url, err, c.want)
		}
	}
}

// TestUnreachable says that nobody answers, and ends when it is told to.
func TestUnreachable(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	e, err := explorer.New(kindEtherscan, s.URL+"/api", secret)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Verify(t.Context(), big.NewInt(1), source); err == nil || strings.Contains(err.Error(), secret) ||
		!strings.Contains(err.Error(), "does not answer") {
		t.Errorf("got %v", err)
	}
	p := httptest.NewServer(&played{turns: []turn{given, pending}})
	defer p.Close()
	if e, err = explorer.New(kindEtherscan, p.URL, ""); err != nil {
		t.Fatal(err)
	}
	e.Pause = time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	if _, err := e.Verify(ctx, big.NewInt(1), source); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}
