package solc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Origin is what contracts were compiled from: enough to compile them again.
type Origin struct {
	// Compiler is the compiler's version with its commit, as in 0.8.37+commit.f401782d.
	Compiler string
	// Input is the standard JSON that the compiler was given.
	Input []byte
}

// metadata is the part of a contract's metadata that is used here.
type metadata struct {
	Compiler struct {
		Version string `json:"version"`
	} `json:"compiler"`
	Sources map[string]struct{} `json:"sources"`
}

// compilerVersion matches the version of a compiler.
var compilerVersion = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]{0,64}$`)

func readMetadata(text string) (metadata, error) {
	var m metadata
	if err := json.Unmarshal([]byte(text), &m); err != nil || !compilerVersion.MatchString(m.Compiler.Version) {
		return m, errors.New("the compiler does not say which version it is")
	}
	return m, nil
}

func newOrigin(text string, question []byte) (*Origin, error) {
	m, err := readMetadata(text)
	if err != nil {
		return nil, err
	}
	return &Origin{Compiler: m.Compiler.Version, Input: question}, nil
}

// Again compiles standard JSON with the pinned compiler.
func Again(question []byte) (map[string]Artifact, error) { return compile("", question) }

// Settings returns the settings of an origin's standard JSON, without the list of what the
// compiler is to answer.
func (o *Origin) Settings() (json.RawMessage, error) {
	var in input
	if err := json.Unmarshal(o.Input, &in); err != nil {
		return nil, fmt.Errorf("standard JSON: %w", err)
	}
	delete(in.Settings, "outputSelection")
	return json.Marshal(in.Settings)
}

// Closure returns the sources on which a contract depends, itself included. The program is
// as for CompileWith, the contract as in Artifact.
func Closure(program string, sources map[string]string, contract string) (map[string]string, error) {
	in := newInput(sources)
	colon := strings.LastIndex(contract, ":")
	path, name := contract[:colon], contract[colon+1:]
	in.Settings["outputSelection"] = map[string]any{path: map[string]any{name: []string{"metadata"}}}
	question, err := in.text()
	if err != nil {
		return nil, err
	}
	out, err := ask(program, question)
	if err != nil {
		return nil, err
	}
	found, ok := out.Contracts[path][name]
	if !ok {
		return nil, errors.Join(out.complaint(), fmt.Errorf("there is no contract %s", contract))
	}
	m, err := readMetadata(found.Metadata)
	if err != nil {
		return nil, err
	}
	closure := maps.Clone(sources)
	maps.DeleteFunc(closure, func(path, _ string) bool { _, needed := m.Sources[path]; return !needed })
	return closure, nil
}

// text is the standard JSON of an input.
func (in input) text() ([]byte, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	err := e.Encode(in)
	return slices.Clip(text.Bytes()), err
}
