package solidity

import (
	"bytes"
	"embed"
	"encoding/hex"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

//go:embed templates
var templates embed.FS

// view is what the templates see. It contains only numbers, hex and identifiers: no text
// from a key's file can reach a contract, except the letters and digits of the names of
// ports.
type view struct {
	Name, JSON                       string
	Unsafe, Context                  bool
	Signed, Hashed                   bool
	Batch                            int
	VKSHA256, ModelSHA256, SRSSHA256 string
	// Tool is the version of zkml that made the key; empty if there is none.
	Tool                           string
	ProofBytes, Commitments, Words int
	// Claim lists what a proof is about. Struct says that the calls take it as one
	// argument.
	Claim  []argument
	Struct bool
	// Rejections are the errors that judge a claim; Errors are all errors.
	Rejections, Errors []customError
	// Contracts are the names of all contracts.
	Contracts []string
	// Shared is set if the wrapper calls SharedPlonkVerifier.
	Shared *sharedKey
	// Client says that a TypeScript client is written too.
	Client bool
	// Fixture is a valid claim, or nil.
	Fixture *Fixture
	// calls are the arguments of both calls; layout is the key's.
	calls  []Parameter
	layout visibility.Layout
	// model is what the model is called, and calledAs its name for the contracts.
	model, calledAs string
	force           bool
}

// customError is an error of the interface. It is declared only if the layout has a port of
// one of the forms in uses, or if uses is empty.
type customError struct {
	Name, Doc string
	uses      []visibility.Form
}

// rejections are the errors that judge a claim.
var rejections = []customError{
	{"WrongInputLength", "The input has another number of bytes.", []visibility.Form{visibility.FormPacked}},
	{"InputOutOfFormat", "An element of the input has a bit above its format.",
		[]visibility.Form{visibility.FormPacked}},
	{"WrongOutputLength", "The output has another number of elements.", []visibility.Form{visibility.FormElements}},
	{"OutputOutOfFormat", "An element of the output is outside its format.",
		[]visibility.Form{visibility.FormElements}},
	{"NotBelowField", "A commitment, the context or the signer's key is not below the field's size.", []visibility.Form{
		visibility.FormCommitment, visibility.FormNumber, visibility.FormPoint}},
	{"MalformedProof", "The proof has a wrong length, a scalar too large or a point off the curve.", nil},
	{"ProofRejected", "The proof does not show this claim.", nil},
}

// undecided is the only error of a call of the wrapper that does not judge its claim.
var undecided = customError{"VerifierOutOfGas", "Nothing was decided: the gas did not suffice.", nil}

// Rejects reports whether the wrapper's error with this name judges a claim.
func Rejects(name string) bool {
	return slices.ContainsFunc(rejections, func(e customError) bool { return e.Name == name })
}

// version is what a version of zkml looks like; a key's file may say anything.
var version = regexp.MustCompile(`^[0-9]+(\.[0-9]+)*(-[0-9a-z]+)?$`)

func newView(key *verifier.Key, model string) view {
	l, commitments := key.Layout, len(key.VerifyingKey().Qcp)
	v := view{
		Batch: l.Batch, Name: Identifier(model), calledAs: model, Unsafe: key.SRS.Unsafe,
		Context: l.HasContext(), Signed: len(l.Signers()) > 0, Hashed: l.Hashed(),
		VKSHA256: key.VKSHA256, ModelSHA256: key.ModelSHA256, SRSSHA256: key.SRS.SHA256,
		ProofBytes:  verifier.ProofBytes + commitments*verifier.CommitmentBytes,
		Commitments: commitments, Words: l.Count(),
		Claim: claimArguments(l), Struct: inStruct(l), Rejections: rejectionsOf(l), layout: l,
	}
	v.Errors = append(slices.Clone(v.Rejections), undecided, unknownPort)
	if version.MatchString(key.Tool) {
		v.Tool = key.Tool
	}
	if v.Unsafe {
		v.Name = "Unsafe" + v.Name
	}
	v.JSON = strings.ToLower(v.Name) + ".json"
	v.calls = parameters(v.Name, l)
	return v
}

// Compiler returns the version of the Solidity compiler.
func (v view) Compiler() string { return CompilerVersion }

// Inputs, Outputs and Signers return the arguments of the ports of a role.
func (v view) Inputs() []argument  { return v.of(visibility.RoleInput) }
func (v view) Outputs() []argument { return v.of(visibility.RoleOutput) }
func (v view) Signers() []argument { return v.of(visibility.RoleSigner) }

func (v view) of(role visibility.Role) []argument {
	var list []argument
	for _, a := range v.Claim {
		if a.Port.Role == role {
			list = append(list, a)
		}
	}
	return list
}

// oneOfSeveral turns a text about the only input or output into one about several.
var oneOfSeveral = strings.NewReplacer("The input", "An input", "The output", "An output",
	"of the input", "of an input", "of the output", "of an output", "the signer's", "a signer's")

func rejectionsOf(l visibility.Layout) []customError {
	present := map[visibility.Form]bool{}
	for _, p := range shown(l) {
		present[p.Kind().Form] = true
	}
	var list []customError
	for _, e := range rejections {
		needed := len(e.uses) == 0
		for _, form := range e.uses {
			needed = needed || present[form]
		}
		if needed {
			if len(l.Inputs()) > 1 || len(l.Outputs()) > 1 {
				e.Doc = oneOfSeveral.Replace(e.Doc)
			}
			list = append(list, e)
		}
	}
	return list
}

// functions are the functions that templates may call.
var functions = template.FuncMap{
	"params": func(indent string, v view) string { return declaration(indent, v.calls) },
	"args":   func(v view) string { return names(v.calls) },
	"claim":  func(v view) string { return names(v.calls[:len(v.calls)-1]) },

	"calls":   func(v view) []Parameter { return v.calls },
	"located": Parameter.located,
	"pass": func(prefix string, v view) string {
		return prefix + strings.ReplaceAll(names(v.calls), " ", " "+prefix)
	},
	"count":          count,
	"inRows":         inRows,
	"types":          func(v view) string { return types(v.calls) },
	"title":          func(name string) string { return strings.ToUpper(name[:1]) + name[1:] },
	"arguments":      func(v view) string { return hex.EncodeToString(number(32)) + afterSelector(v.Fixture.Calldata) },
	"plonkArguments": func(v view) string { return afterSelector(v.Fixture.PlonkCalldata) },
	"gasBound":       func(v view) int { return gasBase + gasPerWord*v.Words + gasPerByte*v.inputBytes() },
	"about":          view.about,
	"exchanges":      view.exchanges,
}

// The gas that the exported test allows for a call, without the base cost of a transaction:
// a little more than any of our layouts needs with solc 0.8.24 and newer.
const (
	gasBase    = 300_000
	gasPerWord = 1_500
	gasPerByte = 50
)

// exchange is a pair of arguments of the same type whose values differ in the fixture.
type exchange struct{ First, Second argument }

// exchanges returns all such pairs.
func (v view) exchanges() []exchange {
	var list []exchange
	for i, a := range v.Claim {
		for _, b := range v.Claim[i+1:] {
			if a.Type == b.Type && !reflect.DeepEqual(v.Fixture.Arguments[a.Name], v.Fixture.Arguments[b.Name]) {
				list = append(list, exchange{a, b})
			}
		}
	}
	return list
}

// inputBytes returns the length of the public inputs in bytes.
func (v view) inputBytes() int {
	n := 0
	for _, a := range v.Claim {
		if a.Input != nil {
			n += a.Input.Bytes()
		}
	}
	return n
}

// afterSelector returns calldata without the first four bytes, in hex.
func afterSelector(calldata []byte) string { return hex.EncodeToString(calldata[4:]) }

// text returns the text of a template. It panics if the file is missing: templates are
// embedded in the program, so every test would find that.
func text(name string) string {
	raw, err := templates.ReadFile("templates/" + name)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func render(name string, v view) ([]byte, error) {
	t, err := template.New(name).Funcs(functions).Parse(text(name))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, v); err != nil {
		return nil, err
	}
	if strings.HasSuffix(name, ".sol.tmpl") {
		return formatted(out.Bytes()), nil
	}
	return out.Bytes(), nil
}
