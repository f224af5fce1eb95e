// Package explorertest is an explorer for tests: it speaks Sourcify's protocol and
// Etherscan's, compiles what it is told with the pinned compiler, and compares the code with
// that of a chain. It must not know how zkml sends sources. Only tests import it.
package explorertest

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/zkml-go/zkml/chain/solc"
)

// Chain is what an explorer sees of a chain. Addresses are 0x and hex digits in lower case.
type Chain interface {
	// Code returns the code at an address.
	Code(address string) ([]byte, error)
	// Creations returns the data of all transactions that created a contract, by its
	// address.
	Creations() (map[string][]byte, error)
}

// Explorer is the explorer, as a handler of both protocols: Sourcify's below /v2, Etherscan's
// at /api.
type Explorer struct {
	Chain Chain
	// Pending is how often a job is said to be waiting.
	Pending int
	// Key is the key that Etherscan's protocol wants; empty for none.
	Key string

	mutex    sync.Mutex
	jobs     []job
	verified map[string]bool
}

// compiled keeps what was compiled, by standard JSON, for all explorers: it takes seconds.
var compiled = struct {
	sync.Mutex
	by map[string]map[string]solc.Artifact
}{by: map[string]map[string]solc.Artifact{}}

func compile(input []byte) (map[string]solc.Artifact, error) {
	compiled.Lock()
	defer compiled.Unlock()
	if all, ok := compiled.by[string(input)]; ok {
		return all, nil
	}
	all, err := solc.Again(input)
	if err == nil {
		compiled.by[string(input)] = all
	}
	return all, err
}

// job is a verdict that is waiting to be asked for.
type job struct {
	address string
	pending int
	fault   string
}

// claim is what somebody says that a contract was compiled from. arguments is nil where the
// protocol has none.
type claim struct {
	address, contract, compiler string
	input, arguments            []byte
}

// Verified tells whether the sources of a contract are known.
func (e *Explorer) Verified(address string) bool {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return e.verified[strings.ToLower(address)]
}

// ServeHTTP implements http.Handler.
func (e *Explorer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case r.URL.Path == "/api":
		e.etherscan(w, r)
	case r.Method == http.MethodGet && len(parts) == 4 && parts[1] == "contract":
		e.lookup(w, parts[2], parts[3])
	case r.Method == http.MethodPost && len(parts) == 4 && parts[1] == "verify":
		e.submit(w, r, parts[3])
	case r.Method == http.MethodGet && len(parts) == 3 && parts[1] == "verify":
		e.job(w, parts[2])
	default:
		http.NotFound(w, r)
	}
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func problem(code, message string) map[string]any {
	return map[string]any{"customCode": code, "message": message, "errorId": "00000000-0000-0000-0000-000000000000"}
}

// lookup answers whether a contract's sources are known.
func (e *Explorer) lookup(w http.ResponseWriter, chainID, address string) {
	about := map[string]any{"match": nil, "creationMatch": nil, "runtimeMatch": nil, "chainId": chainID,
		"address": address}
	if !e.verified[strings.ToLower(address)] {
		reply(w, http.StatusNotFound, about)
		return
	}
	about["match"], about["creationMatch"], about["runtimeMatch"] = "match", "match", "match"
	about["verifiedAt"], about["matchId"] = "2026-01-01T00:00:00Z", "1"
	reply(w, http.StatusOK, about)
}

func (e *Explorer) submit(w http.ResponseWriter, r *http.Request, address string) {
	var question struct {
		Input    json.RawMessage `json:"stdJsonInput"`
		Compiler string          `json:"compilerVersion"`
		Contract string          `json:"contractIdentifier"`
	}
	if err := json.NewDecoder(r.Body).Decode(&question); err != nil {
		reply(w, http.StatusBadRequest, problem("invalid_parameter", err.Error()))
		return
	}
	if e.verified[strings.ToLower(address)] {
		reply(w, http.StatusConflict, problem("already_verified", "it is verified"))
		return
	}
	id := e.begin(claim{address: address, contract: question.Contract, compiler: question.Compiler,
		input: question.Input})
	reply(w, http.StatusAccepted, map[string]any{"verificationId": id})
}

func (e *Explorer) job(w http.ResponseWriter, id string) {
	j := e.find(id)
	if j == nil {
		reply(w, http.StatusNotFound, problem("job_not_found", "no such job"))
		return
	}
	waits := e.waits(j)
	contract := map[string]any{"match": nil, "creationMatch": nil, "runtimeMatch": nil, "chainId": "1",
		"address": j.address}
	answer := map[string]any{"isJobCompleted": !waits, "verificationId": id, "jobStartTime": "2026-01-01T00:00:00Z",
		"contract": contract}
	switch {
	case waits:
	case j.fault != "":
		answer["error"] = problem("no_match", j.fault)
	default:
		contract["match"], contract["creationMatch"], contract["runtimeMatch"] = "match", "match", "match"
		e.verified[j.address] = true
	}
	reply(w, http.StatusOK, answer)
}

func (e *Explorer) etherscan(w http.ResponseWriter, r *http.Request) {
	say := func(ok bool, result string) {
		status, message := "0", "NOTOK"
		if ok {
			status, message = "1", "OK"
		}
		reply(w, http.StatusOK, map[string]string{"status": status, "message": message, "result": result})
	}
	if err := r.ParseForm(); err != nil {
		say(false, err.Error())
		return
	}
	if e.Key != "" && r.Form.Get("apikey") != e.Key {
		say(false, "Invalid API Key (#err2)|"+r.Form.Get("apikey"))
		return
	}
	switch r.Form.Get("action") {
	case "verifysourcecode":
		arguments, err := hex.DecodeString(r.Form.Get("constructorArguements"))
		version, ok := strings.CutPrefix(r.Form.Get("compilerversion"), "v")
		if err != nil || !ok || r.Form.Get("codeformat") != "solidity-standard-json-input" {
			say(false, "Missing or unsupported parameters")
			return
		}
		if e.verified[strings.ToLower(r.Form.Get("contractaddress"))] {
			say(false, "Contract source code already verified")
			return
		}
		say(true, e.begin(claim{
			address: r.Form.Get("contractaddress"), contract: r.Form.Get("contractname"), compiler: version,
			input: []byte(r.Form.Get("sourceCode")), arguments: append([]byte{}, arguments...),
		}))
	case "checkverifystatus":
		e.status(say, e.find(r.Form.Get("guid")))
	default:
		say(false, "Missing Or invalid Action name")
	}
}

func (e *Explorer) status(say func(bool, string), j *job) {
	switch {
	case j == nil:
		say(false, "Unknown UID")
	case e.waits(j):
		say(false, "Pending in queue")
	case j.fault != "":
		say(false, "Fail - Unable to verify. "+j.fault)
	default:
		e.verified[j.address] = true
		say(true, "Pass - Verified")
	}
}

// begin starts a job and returns its name.
func (e *Explorer) begin(c claim) string {
	if e.verified == nil {
		e.verified = map[string]bool{}
	}
	c.address = strings.ToLower(c.address)
	j := job{address: c.address, pending: e.Pending}
	if err := e.examine(c); err != nil {
		j.fault = err.Error()
	}
	e.jobs = append(e.jobs, j)
	return fmt.Sprintf("job-%d", len(e.jobs)-1)
}

func (e *Explorer) find(id string) *job {
	for i := range e.jobs {
		if id == fmt.Sprintf("job-%d", i) {
			return &e.jobs[i]
		}
	}
	return nil
}

func (e *Explorer) waits(j *job) bool {
	j.pending--
	return j.pending >= 0
}

// examine compiles a claim and compares the code with the chain's.
func (e *Explorer) examine(c claim) error {
	all, err := compile(c.input)
	if err != nil {
		return err
	}
	a, ok := all[c.contract]
	if !ok {
		return fmt.Errorf("there is no contract %s", c.contract)
	}
	if c.compiler != a.Origin.Compiler {
		return fmt.Errorf("the compiler %s is not here", c.compiler)
	}
	code, err := e.Chain.Code(c.address)
	if err != nil {
		return err
	}
	created, err := e.Chain.Creations()
	if err != nil {
		return err
	}
	if !matches(a, c, code, created) {
		return fmt.Errorf("the code at %s is another one", c.address)
	}
	return nil
}

// matches compares code: that of a contract that a transaction created, and the code that
// created it; or that of a contract that another one created, or what created that one.
func matches(a solc.Artifact, c claim, code []byte, created map[string][]byte) bool {
	if len(code) == 0 {
		return false
	}
	if data, directly := created[c.address]; directly {
		if c.arguments == nil {
			return a.Is(code) && bytes.HasPrefix(data, a.Code)
		}
		return a.Is(code) && bytes.Equal(data, append(bytes.Clone(a.Code), c.arguments...))
	}
	for _, data := range created {
		if bytes.Contains(data, append(bytes.Clone(a.Code), c.arguments...)) {
			return true
		}
	}
	return a.Is(code)
}
