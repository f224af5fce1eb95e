package solidity

import (
	"bytes"
	"encoding/json"
	"fmt"
	"text/template"

	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// client is what the TypeScript template sees.
type client struct {
	view
	ABI    string
	Fields []clientField
	// Commits tells that a field is a single word.
	Commits      bool
	ProofVersion int
}

// clientField is a part of the claim in TypeScript: its type there, and the
// expression that reads it from the public inputs.
type clientField struct {
	Name, Doc, TypeScript, Read string
}

// inTypeScript is how viem passes a type of Solidity, and how it is read from the
// words from the first to before the last.
var inTypeScript = map[string]struct {
	name string
	read func(from, to int) string
}{
	"bytes":    {"Hex", func(from, to int) string { return fmt.Sprintf("unpack(words.slice(%d, %d))", from, to) }},
	"int256[]": {"readonly bigint[]", func(from, to int) string { return fmt.Sprintf("words.slice(%d, %d).map(signed)", from, to) }},
	"bytes32":  {"Hex", func(from, _ int) string { return fmt.Sprintf("bytes32(words[%d]!)", from) }},
	"uint256":  {"bigint", func(from, _ int) string { return fmt.Sprintf("words[%d]!", from) }},
	pair:       {"readonly [bigint, bigint]", func(from, _ int) string { return fmt.Sprintf("[words[%d]!, words[%d]!]", from, from+1) }},
}

func newClient(v view, l visibility.Layout) (client, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetIndent("", "  ")
	if err := e.Encode(contractABI(v)); err != nil {
		return client{}, err
	}
	c := client{view: v, ABI: string(bytes.TrimSpace(text.Bytes())), ProofVersion: verifier.ProofVersion}
	for _, port := range shown(l) {
		p := byKind[port.Kind().Name]
		t, known := inTypeScript[p.Type]
		if !known {
			return client{}, fmt.Errorf("a client cannot pass %s, of type %q", port.Name, p.Type)
		}
		c.Fields = append(c.Fields, clientField{p.Name, p.doc, t.name, t.read(port.Start, port.Start+port.Words)})
		c.Commits = c.Commits || p.Type == "bytes32"
	}
	return c, nil
}

// clientSuffix ends the name of a client's file.
const clientSuffix = ".ts"

// renderClient makes the TypeScript client of a contract.
func renderClient(v view, key *verifier.Key) ([]byte, error) {
	c, err := newClient(v, key.Layout)
	if err != nil {
		return nil, err
	}
	const source = "client.ts.tmpl"
	t, err := template.New(source).Parse(text(source))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, c)
	return out.Bytes(), err
}
