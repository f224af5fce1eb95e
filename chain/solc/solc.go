// Package solc owns the Solidity compiler: the pinned one that a script of the
// project installs, or another that speaks standard JSON. It must not know
// proofs, models or chains. chain/evm, the command that deploys, and tests
// may import it.
package solc

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/abi"
)

// ErrNoCompiler says that there is no Solidity compiler, and what to install. A test
// that gets it skips, and prints it.
var ErrNoCompiler = errors.New("no Solidity compiler")

// Artifact is a compiled contract.
type Artifact struct {
	ABI abi.ABI
	// Interface is the ABI as the compiler wrote it.
	Interface json.RawMessage
	// Code creates the contract; Runtime is the code that is then on the chain, with
	// zeros in place of immutables.
	Code, Runtime []byte
	// Contract names the contract by its file and its name, as Digit.sol:Digit.
	Contract   string
	Origin     *Origin
	immutables []span
}

// span is the place of an immutable in code.
type span struct {
	Start  int `json:"start"`
	Length int `json:"length"`
}

// Is reports whether code on a chain is this contract's, whatever its immutables are.
func (a Artifact) Is(code []byte) bool {
	if len(code) != len(a.Runtime) {
		return false
	}
	code = bytes.Clone(code)
	for _, s := range a.immutables {
		clear(code[s.Start : s.Start+s.Length])
	}
	return bytes.Equal(code, a.Runtime)
}

// Compile compiles sources, given by path, with the optimiser set for code that
// is deployed once and called often (a million runs), and no metadata in the
// code, so that the same source gives the same bytes.
// The result is keyed by "path:Contract". Warnings count as errors, except those about
// generated code that only gnark could change: see tolerated. The error is
// ErrNoCompiler if node or the compiler is missing.
func Compile(sources map[string]string) (map[string]Artifact, error) { return CompileWith("", sources) }

// CompileWith is Compile with the caller's compiler: a program that reads standard
// JSON when it is started with --standard-json, as solc does. Without a name it is the
// pinned one.
func CompileWith(program string, sources map[string]string) (map[string]Artifact, error) {
	question, err := newInput(sources).text()
	if err != nil {
		return nil, err
	}
	return compile(program, question)
}

// compile compiles standard JSON.
func compile(program string, question []byte) (map[string]Artifact, error) {
	out, err := ask(program, question)
	if err != nil {
		return nil, err
	}
	return out.artifacts(question)
}

// ask lets a compiler answer standard JSON.
func ask(program string, question []byte) (output, error) {
	var out output
	cmd, err := command(program)
	if err != nil {
		return out, err
	}
	cmd.Stdin = bytes.NewReader(question)
	var answer, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &answer, &complaints
	if err := cmd.Run(); err != nil {
		return out, fmt.Errorf("solc: %w: %s", err, strings.TrimSpace(complaints.String()))
	}
	if err := json.Unmarshal(answer.Bytes(), &out); err != nil {
		return out, fmt.Errorf("solc: the answer is not standard JSON: %w", err)
	}
	return out, nil
}

// command returns the command that reads standard JSON.
func command(program string) (*exec.Cmd, error) {
	if program == "" {
		return pinned()
	}
	path, err := exec.LookPath(program)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoCompiler, err)
	}
	return exec.Command(path, "--standard-json"), nil
}

// CompileDir compiles all .sol files under a folder. The result is keyed by contract
// name, which must be unique there.
func CompileDir(dir string) (map[string]Artifact, error) {
	sources, err := Sources(dir)
	if err != nil {
		return nil, err
	}
	byPath, err := Compile(sources)
	if err != nil {
		return nil, err
	}
	byName := map[string]Artifact{}
	for path, a := range byPath {
		name := path[strings.LastIndex(path, ":")+1:]
		if _, twice := byName[name]; twice {
			return nil, fmt.Errorf("%s: contract %s is in two files; use Compile", dir, name)
		}
		byName[name] = a
	}
	return byName, nil
}

// Sources reads all .sol files under a folder, keyed by their slash-separated path in
// it. It skips tests, which end in .t.sol and need a test runner.
func Sources(dir string) (map[string]string, error) {
	sources := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".sol" || strings.HasSuffix(path, ".t.sol") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		sources[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err == nil && len(sources) == 0 {
		err = fmt.Errorf("%s: no .sol files", dir)
	}
	return sources, err
}

// input and output are the parts of solc's standard JSON that are used here.
type input struct {
	Language string            `json:"language"`
	Sources  map[string]source `json:"sources"`
	Settings map[string]any    `json:"settings"`
}

type source struct {
	Content string `json:"content"`
}

func newInput(sources map[string]string) input {
	in := input{
		Language: "Solidity",
		Sources:  map[string]source{},
		Settings: map[string]any{
			"evmVersion": "cancun",
			"optimizer":  map[string]any{"enabled": true, "runs": 1_000_000},
			"metadata":   map[string]any{"appendCBOR": false, "bytecodeHash": "none"},
			"outputSelection": map[string]any{"*": map[string]any{
				"*": []string{"abi", "metadata", "evm.bytecode.object", "evm.deployedBytecode.object",
					"evm.deployedBytecode.immutableReferences"},
			}},
		},
	}
	for path, text := range sources {
		in.Sources[path] = source{text}
	}
	return in
}

type output struct {
	Errors []struct {
		Severity         string `json:"severity"`
		FormattedMessage string `json:"formattedMessage"`
		SourceLocation   struct {
			File string `json:"file"`
		} `json:"sourceLocation"`
	} `json:"errors"`
	Contracts map[string]map[string]struct {
		ABI      json.RawMessage `json:"abi"`
		Metadata string          `json:"metadata"`
		EVM      struct {
			Bytecode         bytecode `json:"bytecode"`
			DeployedBytecode bytecode `json:"deployedBytecode"`
		} `json:"evm"`
	} `json:"contracts"`
}

type bytecode struct {
	Object string `json:"object"`
	// Immutables are the places of each immutable in deployed code.
	Immutables map[string][]span `json:"immutableReferences"`
}

// tolerated is the one file whose warnings are ignored: it is gnark's, and exported
// unchanged.
const tolerated = "PlonkVerifier.sol"

// complaint is an error of everything that the compiler complains about.
func (o output) complaint() error {
	var complaints []string
	for _, e := range o.Errors {
		if e.Severity == "error" || !strings.HasSuffix(e.SourceLocation.File, tolerated) {
			complaints = append(complaints, strings.TrimSpace(e.FormattedMessage))
		}
	}
	if len(complaints) > 0 {
		sort.Strings(complaints)
		return fmt.Errorf("solc: %s", strings.Join(complaints, "\n"))
	}
	return nil
}

// artifacts are the compiled contracts of an answer to standard JSON.
func (o output) artifacts(question []byte) (map[string]Artifact, error) {
	if err := o.complaint(); err != nil {
		return nil, err
	}
	artifacts := map[string]Artifact{}
	for path, contracts := range o.Contracts {
		for name, c := range contracts {
			a, err := newArtifact(c.ABI, c.EVM.Bytecode.Object, c.EVM.DeployedBytecode)
			if err == nil {
				a.Contract = path + ":" + name
				a.Origin, err = newOrigin(c.Metadata, question)
			}
			if err != nil {
				return nil, fmt.Errorf("solc: %s:%s: %w", path, name, err)
			}
			artifacts[a.Contract] = a
		}
	}
	return artifacts, nil
}

func newArtifact(contract json.RawMessage, code string, deployed bytecode) (Artifact, error) {
	parsed, err := abi.JSON(bytes.NewReader(contract))
	if err != nil {
		return Artifact{}, err
	}
	a := Artifact{ABI: parsed, Interface: contract}
	if a.Code, err = hex.DecodeString(code); err != nil {
		return Artifact{}, err
	}
	if a.Runtime, err = hex.DecodeString(deployed.Object); err != nil {
		return Artifact{}, err
	}
	for _, places := range deployed.Immutables {
		for _, s := range places {
			if s.Start < 0 || s.Length < 0 || s.Start > len(a.Runtime) || s.Length > len(a.Runtime)-s.Start {
				return Artifact{}, errors.New("an immutable is outside the code")
			}
			a.immutables = append(a.immutables, s)
		}
	}
	return a, nil
}

// pinned returns the command that reads standard JSON: the pinned compiler in the
// project, which the project's script installs the first time it is needed.
func pinned() (*exec.Cmd, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, fmt.Errorf("%w: node is not installed; get Node 18 or newer with npm", ErrNoCompiler)
	}
	root, err := findRoot()
	if err != nil {
		return nil, err
	}
	script := filepath.Join(root, "scripts", "solc.sh")
	if text, err := exec.Command("sh", script).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: scripts/solc.sh: %w: %s", ErrNoCompiler, err, strings.TrimSpace(string(text)))
	}
	return exec.Command(node, filepath.Join(root, "scripts", "solc", "solc.js"), "--standard-json"), nil
}

// findRoot looks for the project's folder from the working directory upwards.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "scripts", "solc", "solc.js")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("%w: no folder above the working directory has scripts/solc; "+
				"run inside the project", ErrNoCompiler)
		}
		dir = parent
	}
}
