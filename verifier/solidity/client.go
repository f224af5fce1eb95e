package solidity

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"text/template"
	"unicode"
	"unicode/utf16"

	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// client is what the TypeScript template sees.
type client struct {
	view
	// ABI and ConsumerABI are JSON.
	ABI, ConsumerABI string
	Fields           []clientField
	// Commits says that some field is a single word, Packs that some field holds
	// elements as bytes, and Signs that some field holds integers. Scores and Classes
	// say that some of these integers are scores or classes, and Integers that some of
	// the scores are integers of the model.
	Commits, Packs, Signs, Scores, Classes, Integers bool
	// Computes says that the client can compute commitments.
	Computes bool
	// Only and OnlyOutput are the quoted names of the only input and output; empty
	// if there are several, or if it is not shown.
	Only, OnlyOutput string
	ProofVersion     int
}

// clientField is a part of the claim in TypeScript: its type there, and the
// expression that reads it from the public inputs.
type clientField struct {
	Name, Doc, TypeScript, Read string
}

// clientPort is an input or an output in TypeScript. Key is its name as an object key.
type clientPort struct {
	Key, Shown, Argument string
	Integer              bool
	Count, Bytes, Bits   int
	Zero                 int64
	Scale                string
	Texts                []clientText
	Elements             []clientElement
}

// clientText is a number as an object key, and the quoted text that it stands for.
type clientText struct{ Key, Quoted string }

// clientElement is the format of an element in TypeScript; Missing is empty if no integer
// stands for a missing value.
type clientElement struct {
	Bits           int
	Zero           int64
	Scale, Missing string
}

// inTypeScript maps types of Solidity to those that viem passes, and to the expression that
// reads a value of a port (its quoted name) from the words from..to-1.
var inTypeScript = map[string]struct {
	name string
	read func(port string, from, to int) string
}{
	bytesType: {"Hex", func(port string, from, to int) string {
		return fmt.Sprintf("unpack(%s, words.slice(%d, %d))", port, from, to)
	}},
	integersType: {"readonly bigint[]", func(port string, from, to int) string {
		return fmt.Sprintf("integers(%s, words.slice(%d, %d))", port, from, to)
	}},
	wordType:   {"Hex", func(_ string, from, _ int) string { return fmt.Sprintf("bytes32(words[%d]!)", from) }},
	numberType: {"bigint", func(_ string, from, _ int) string { return fmt.Sprintf("words[%d]!", from) }},
	pair: {"readonly [bigint, bigint]", func(_ string, from, _ int) string {
		return fmt.Sprintf("[words[%d]!, words[%d]!]", from, from+1)
	}},
}

func newClient(v view, l visibility.Layout) (client, error) {
	c := client{view: v, ProofVersion: verifier.ProofVersion}
	var err error
	if c.ABI, err = indented(contractABI(v)); err != nil {
		return client{}, err
	}
	if c.ConsumerABI, err = indented(consumerABI(v)); err != nil {
		return client{}, err
	}
	for _, a := range v.Claim {
		t, known := inTypeScript[a.Type]
		if !known {
			return client{}, fmt.Errorf("a client cannot pass %s, of type %q", a.Name, a.Type)
		}
		name := quoted(a.Port.Name)
		read := t.read(name, a.Port.Start, a.Port.Start+a.Port.Words)
		if a.OneNumber() {
			read = inTypeScript[integersType].read(name, a.Port.Start, a.Port.Start+1) + "[0]!"
		}
		c.Fields = append(c.Fields, clientField{a.Name, a.Doc, t.name, read})
		c.Commits = c.Commits || a.Type == wordType
		c.Computes = c.Computes || a.Port.Salted()
		c.Packs = c.Packs || a.Input != nil
		c.Signs = c.Signs || a.Output != nil
		c.Classes = c.Classes || a.Output != nil && a.Port.Classes
		whole := a.Port.Type != visibility.Real
		c.Scores = c.Scores || a.Output != nil && !a.Port.Classes && !whole
		c.Integers = c.Integers || a.Output != nil && whole
	}
	if len(l.Inputs()) == 1 && c.Packs {
		c.Only = quoted(l.Inputs()[0].Name)
	}
	if len(l.Outputs()) == 1 && c.Signs {
		c.OnlyOutput = quoted(l.Outputs()[0].Name)
	}
	return c, nil
}

// indented returns an ABI as JSON.
func indented(abi []Entry) (string, error) {
	text, err := json.MarshalIndent(abi, "", "  ")
	return string(text), err
}

// Ports lists the ports of a role.
func (c client) Ports(role visibility.Role) []clientPort {
	var list []clientPort
	for i := range c.layout.Ports {
		p := &c.layout.Ports[i]
		if p.Role != role {
			continue
		}
		out := clientPort{
			Key: quoted(p.Name), Shown: string(p.Visibility), Integer: p.Type != visibility.Real,
			Count: p.Count(), Bits: p.Bits, Zero: p.Zero, Scale: strconv.FormatFloat(p.Scale, 'g', -1, 64),
		}
		for _, x := range p.Texts {
			out.Texts = append(out.Texts, clientText{"[" + strconv.FormatInt(x.Number, 10) + "]", quoted(x.Text)})
		}
		if out.Key == `"__proto__"` {
			out.Key = "[" + out.Key + "]" // the plain key would set the object's prototype
		}
		for _, a := range c.Claim {
			if a.Port == p {
				out.Argument = a.Name
			}
		}
		for _, e := range p.Elements {
			x := clientElement{Bits: e.Bits, Zero: e.Zero, Scale: strconv.FormatFloat(e.Scale, 'g', -1, 64)}
			if e.Missing != nil {
				x.Missing = strconv.FormatInt(*e.Missing, 10)
			}
			out.Elements = append(out.Elements, x)
		}
		if p.Is(visibility.FormPacked) && len(p.Elements) == 0 {
			out.Bytes = elementBytes(p.Tensor)
		}
		list = append(list, out)
	}
	return list
}

// quoted returns a text as a TypeScript literal in ASCII, so that none of its characters
// can change how the source around it is read.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, unit := range utf16.Encode([]rune(text)) {
		if unit < 0x7f && plain(rune(unit)) {
			b.WriteByte(byte(unit))
		} else {
			fmt.Fprintf(&b, "\\u%04x", unit)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// plain reports whether an ASCII character needs no escape in a literal.
func plain(c rune) bool {
	return unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune(" _-./:,()[]@+#", c)
}

// clientSuffix is the suffix of a client's file.
const clientSuffix = ".ts"

// clientParts are the parts of a client's file, before what computes commitments: calls,
// formats with what is written and read in them, and the file of a proof.
var clientParts = []string{"client.ts.tmpl", "formats.ts.tmpl", "prooffile.ts.tmpl"}

// renderClient returns the TypeScript client of a contract.
func renderClient(v view, key *verifier.Key) ([]byte, error) {
	c, err := newClient(v, key.Layout)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for _, source := range clientParts {
		t, err := template.New(source).Parse(text(source))
		if err != nil {
			return nil, err
		}
		if err = t.Execute(&out, c); err != nil {
			return nil, err
		}
	}
	more, err := renderCommitments(v)
	return append(out.Bytes(), more...), err
}
