package solidity

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// DescriptionVersion is the version of the exported JSON file.
const DescriptionVersion = 2

// Description is the exported JSON file: what a program needs to call the
// wrapper and to know what it checks.
type Description struct {
	Version   int      `json:"version"`
	Tool      string   `json:"tool"`
	Name      string   `json:"name"`
	Contracts []string `json:"contracts"`
	// Sources are digests of the wrapper's source and of those that it depends on, by
	// file name: with another model's verifier, a wrapper would accept that model's
	// proofs.
	Sources map[string]string `json:"sources_sha256"`
	// Files are digests of all files as they were written, except this one: a file that
	// differs was edited since.
	Files map[string]string `json:"files_sha256"`
	// Model is the model's default name, and CalledAs the name that it was given for the
	// contracts.
	Model    string `json:"model,omitempty"`
	CalledAs string `json:"called_as,omitempty"`
	// ABI is the wrapper's ABI.
	ABI []Entry `json:"abi"`
	// Layout holds formats and scales; Words says what each public input of
	// PlonkVerifier is.
	Layout visibility.Layout  `json:"layout"`
	Words  []visibility.Field `json:"words"`
	// Arguments are the fields of the struct that the calls take, with the ports that
	// each is about; empty if the calls do not take a struct.
	Arguments []Argument `json:"arguments,omitempty"`
	// InputEncoding is set if there is only one input and it is public.
	InputEncoding *Encoding `json:"input_encoding,omitempty"`
	ProofBytes    int       `json:"proof_bytes"`
	// KeyData is the code of the key's contract, if the verifier is the shared one.
	KeyData     verifier.Hex `json:"key_data,omitempty"`
	VKSHA256    string       `json:"vk_sha256"`
	ModelSHA256 string       `json:"model_sha256,omitempty"`
	SRS         verifier.SRS `json:"srs"`
	UnsafeSRS   bool         `json:"unsafe_srs"`
	Formats     string       `json:"formats,omitempty"`
	// Client says that a TypeScript client was written too.
	Client  bool     `json:"client,omitempty"`
	Fixture *Fixture `json:"fixture,omitempty"`
}

// Argument is a field of the struct that the calls take.
type Argument struct {
	Name string `json:"name"`
	Type string `json:"type"`
	// Kind says what it is, and Ports lists the model's inputs and outputs that it is
	// about.
	Kind  string   `json:"kind"`
	Ports []string `json:"ports"`
	// Encoding is set for a public input.
	Encoding *Encoding `json:"encoding,omitempty"`
}

// described returns the arguments of a claim in the form of the JSON file.
func (v view) described() []Argument {
	list := make([]Argument, len(v.Claim))
	for i, a := range v.Claim {
		names := []string{a.Port.Name}
		switch a.Port.Role {
		case visibility.RoleInput:
			names = verifier.CoveredNames(v.layout, a.Port)
		case visibility.RoleSigner:
			names = []string{a.Port.Of}
		}
		list[i] = Argument{Name: a.Name, Type: a.Type, Kind: a.Kind(), Ports: names, Encoding: a.encoding()}
	}
	return list
}

// encoding returns the form of a public input's bytes; nil for other arguments.
func (a argument) encoding() *Encoding {
	if a.Input == nil {
		return nil
	}
	return &Encoding{Elements: a.Input.Count, ElementBytes: a.Input.Size, Bits: a.Input.Bits, Zero: a.Port.Zero,
		Words: len(a.Input.Used)}
}

// Encoding is the form of a public input's argument: Elements elements of ElementBytes
// bytes each, big-endian, each holding v+Zero below 2^Bits. If Words is not 0, the elements
// have formats of their own, and the form is that of so many packed words of 32 bytes each
// (visibility.Tensor.Places).
type Encoding struct {
	Elements     int   `json:"elements"`
	ElementBytes int   `json:"element_bytes"`
	Bits         int   `json:"bits"`
	Zero         int64 `json:"zero"`
	Words        int   `json:"words,omitempty"`
}

// Fixture is a valid proof, as arguments by name and as calldata.
type Fixture struct {
	Arguments map[string]any `json:"arguments"`
	// PublicInputs are the words that PlonkVerifier takes.
	PublicInputs []verifier.Word `json:"public_inputs"`
	// Calldata is for the wrapper's verify, PlonkCalldata for PlonkVerifier.Verify;
	// a shared verifier's would name the key's address, which nobody knows yet.
	Calldata      verifier.Hex `json:"calldata"`
	PlonkCalldata verifier.Hex `json:"plonk_calldata,omitempty"`
}

// Entry is one item of a contract's ABI, as Solidity's documentation defines it.
type Entry struct {
	Type            string       `json:"type"`
	Name            string       `json:"name,omitempty"`
	Inputs          []Parameter  `json:"inputs"`
	Outputs         *[]Parameter `json:"outputs,omitempty"`
	StateMutability string       `json:"stateMutability,omitempty"`
}

// newFixture returns the fixture for a proof, or nil without one.
func newFixture(v view, key *verifier.Key, proof *verifier.Proof) (*Fixture, error) {
	if proof == nil {
		return nil, nil
	}
	values, fields, err := arguments(key.Layout, proof)
	if err != nil {
		return nil, err
	}
	f := &Fixture{
		Arguments:    readable(append(fields, value{Parameter: proofParameter, data: proof.Proof})),
		PublicInputs: proof.PublicInputs,
		Calldata:     encodeCall(string(MethodVerify), values),
	}
	if v.Shared == nil {
		f.PlonkCalldata = PlonkCalldata(proof)
	}
	return f, nil
}

// digests returns the digests of the contracts among the files, without the example, which
// is meant to be changed.
func digests(list []file) map[string]string {
	out := map[string]string{}
	for _, f := range list {
		if strings.HasSuffix(f.name, ".sol") && !strings.Contains(f.name, "/") {
			out[f.name] = digest(f.data)
		}
	}
	return out
}

// allDigests returns the digests of all files.
func allDigests(list []file) map[string]string {
	out := map[string]string{}
	for _, f := range list {
		out[f.name] = digest(f.data)
	}
	return out
}

func digest(source []byte) string { return fmt.Sprintf("%x", sha256.Sum256(source)) }

// CheckSources requires that contracts, given by file name, are those that were exported
// with the description.
func (d *Description) CheckSources(sources map[string]string) error {
	if len(d.Sources) == 0 {
		return fmt.Errorf("the description of %s has no digests of its sources; export the contracts again", d.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(d.Sources)) {
		text, ok := sources[name]
		if !ok {
			return fmt.Errorf("there is no %s, which belongs to %s; export the contracts again", name, d.Name)
		}
		if digest([]byte(text)) != d.Sources[name] {
			return fmt.Errorf("%s is not the one that was exported with %s: it was edited or formatted, or it is "+
				"another model's, whose proofs %s would then accept; export the contracts again, into another folder",
				name, d.Name, d.Name)
		}
	}
	return nil
}

func describe(v view, key *verifier.Key, list []file) ([]byte, error) {
	d := Description{
		Version: DescriptionVersion, Tool: key.Tool, Name: v.Name,
		Contracts: v.Contracts, Sources: digests(list), Files: allDigests(list), Model: v.model, CalledAs: v.calledAs,
		ABI: contractABI(v), Layout: key.Layout, Words: key.Layout.Fields(), ProofBytes: v.ProofBytes,
		VKSHA256: key.VKSHA256, ModelSHA256: key.ModelSHA256, SRS: key.SRS, UnsafeSRS: v.Unsafe, Formats: key.Formats,
		Client: v.Client, Fixture: v.Fixture,
	}
	if v.Shared != nil {
		d.KeyData = v.Shared.data
	}
	if v.Struct {
		d.Arguments = v.described()
	} else {
		d.InputEncoding = v.Claim[0].encoding()
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetIndent("", "  ")
	err := e.Encode(d)
	return text.Bytes(), err
}

// readable lists arguments by name.
func readable(values []value) map[string]any {
	list := map[string]any{}
	for _, v := range values {
		list[v.Name] = v.text()
	}
	return list
}

// signed reads the low 64 bits of a word in two's complement, which every output fits.
func signed(word []byte) string {
	var v int64
	for _, b := range word[24:] {
		v = v<<8 | int64(b)
	}
	return strconv.FormatInt(v, 10)
}

// Interface is the ABI of the wrapper of a key.
func Interface(key *verifier.Key) []Entry { return contractABI(newView(key, "Model")) }

func contractABI(v view) []Entry {
	list := []Entry{
		{Type: "constructor", Inputs: v.construction(), StateMutability: "nonpayable"},
		getter("verifier", nil, Parameter{Type: "address"}),
		getter(string(MethodVerify), v.calls, Parameter{Type: "bool"}),
		getter(string(MethodVerifyOrRevert), v.calls),
	}
	if v.Shared != nil {
		list = append(list, getter("key", nil, Parameter{Type: "address"}))
	}
	list = append(list, statements()...)
	return append(list, v.errorEntries()...)
}

// errorEntries are the wrapper's errors.
func (v view) errorEntries() []Entry {
	list := make([]Entry, len(v.Errors))
	for i, e := range v.Errors {
		list[i] = errorEntry(e.Name)
	}
	return list
}

func errorEntry(name string, inputs ...Parameter) Entry {
	return Entry{Type: "error", Name: name, Inputs: append([]Parameter{}, inputs...)}
}

// getter is a function that changes nothing.
func getter(name string, inputs []Parameter, outputs ...Parameter) Entry {
	out := append([]Parameter{}, outputs...)
	return Entry{
		Type: "function", Name: name, Inputs: append([]Parameter{}, inputs...), Outputs: &out, StateMutability: "view",
	}
}
