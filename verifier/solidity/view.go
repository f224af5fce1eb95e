package solidity

import (
	"bytes"
	"embed"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

//go:embed templates
var templates embed.FS

// view is what the templates see. It holds numbers, hex and identifiers alone:
// no text from a key's file can reach a contract.
type view struct {
	Name, JSON                       string
	Unsafe, Context, Classes, Signed bool
	Hashed                           bool
	OneClass                         bool
	Batch                            int
	VKSHA256, ModelSHA256, SRSSHA256 string
	ProofBytes, Commitments, Words   int
	// Input is nil for a private input, Output for a hidden one.
	Input                   *packing
	InputZero               int64
	InputScale, OutputScale string
	Output                  *output
	InputAt                 int
	OutputAt, ContextAt     int
	ModelAt, SignerAt       int
	// Rejections are the errors that judge a claim, Errors all.
	Rejections, Errors []customError
	// Contracts are the names of all.
	Contracts []string
	// Shared is there where the wrapper calls SharedPlonkVerifier.
	Shared *sharedKey
	// Client tells that a TypeScript client goes along.
	Client bool
	// Fixture is a claim that holds, or nil.
	Fixture    *Fixture
	claim, all []Parameter
}

// output is the format of revealed outputs.
type output struct {
	Count, Bits int
	Zero        int64
}

// customError is an error of the interface; uses names the forms of ports
// of which one must be there for the error to be raised, none for always.
type customError struct {
	Name, Doc string
	uses      []visibility.Form
}

// rejections are the errors that judge a claim.
var rejections = []customError{
	{"WrongInputLength", "The input has another number of bytes.", []visibility.Form{visibility.FormPacked}},
	{"InputOutOfFormat", "An element of the input has a bit above its format.", []visibility.Form{visibility.FormPacked}},
	{"WrongOutputLength", "The output has another number of elements.", []visibility.Form{visibility.FormElements}},
	{"OutputOutOfFormat", "An element of the output is outside its format.", []visibility.Form{visibility.FormElements}},
	{"NotBelowField", "A commitment, the context or the signer's key is not below the field's size.", []visibility.Form{
		visibility.FormCommitment, visibility.FormNumber, visibility.FormPoint}},
	{"MalformedProof", "The proof has a wrong length, a scalar too large or a point off the curve.", nil},
	{"ProofRejected", "The proof does not show this claim.", nil},
}

// undecided is the wrapper's one error that says nothing of a claim.
var undecided = customError{"VerifierOutOfGas", "Nothing was decided: the gas did not suffice.", nil}

// Rejects tells whether the wrapper's error of this name judges a claim.
func Rejects(name string) bool {
	return slices.ContainsFunc(rejections, func(e customError) bool { return e.Name == name })
}

func newView(key *verifier.Key, model string) view {
	l, commitments := key.Layout, len(key.VerifyingKey().Qcp)
	in, out := l.Inputs()[0], l.Outputs()[0]
	v := view{
		Batch: l.Batch, Name: Identifier(model), Unsafe: key.SRS.Unsafe, Context: l.HasContext(), Classes: out.Classes, Signed: len(l.Signers()) > 0, Hashed: l.Hashed(),
		VKSHA256: key.VKSHA256, ModelSHA256: key.ModelSHA256, SRSSHA256: key.SRS.SHA256,
		ProofBytes:  verifier.ProofBytes + commitments*verifier.CommitmentBytes,
		Commitments: commitments, Words: l.Count(),
		InputZero: in.Zero, InputScale: decimal(in.Scale), OutputScale: decimal(out.Scale),
		InputAt: in.Start, OutputAt: out.Start, ContextAt: start(l, "context"),
		ModelAt: start(l, "model_commitment"), SignerAt: start(l, "signer"), Rejections: rejectionsOf(l),
		claim: claimParameters(l), all: parameters(l),
	}
	v.Errors = append(slices.Clone(v.Rejections), undecided)
	if v.Unsafe {
		v.Name = "Unsafe" + v.Name
	}
	v.JSON = strings.ToLower(v.Name) + ".json"
	if in.Is(visibility.FormPacked) {
		v.Input = newPacking(in.Tensor)
	}
	if out.Is(visibility.FormElements) {
		v.Output = &output{Count: out.Count(), Bits: out.Bits, Zero: out.Zero}
		v.OneClass = out.Classes && out.Count() == 1
	}
	return v
}

// start is where the public inputs of a kind begin, if the layout has it.
func start(l visibility.Layout, kind string) int {
	for _, f := range l.Fields() {
		if f.Kind == kind {
			return f.Start
		}
	}
	return 0
}

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
			list = append(list, e)
		}
	}
	return list
}

// decimal writes a scale in the fewest digits that give it back.
func decimal(scale float64) string { return strconv.FormatFloat(scale, 'g', -1, 64) }

// functions are what templates may call beside their view.
var functions = template.FuncMap{
	"params": func(indent string, v view) string { return declaration(indent, v.all) },
	"args":   func(v view) string { return names(v.all) },
	"claim":  func(v view) string { return names(v.claim) },

	"fields":         func(v view) []Parameter { return v.all },
	"claimed":        func(v view) []Parameter { return v.claim },
	"located":        Parameter.located,
	"pass":           func(prefix string, v view) string { return prefix + strings.ReplaceAll(names(v.all), " ", " "+prefix) },
	"types":          func(v view) string { return types(v.all) },
	"title":          func(name string) string { return strings.ToUpper(name[:1]) + name[1:] },
	"arguments":      func(v view) string { return afterSelector(v.Fixture.Calldata) },
	"plonkArguments": func(v view) string { return afterSelector(v.Fixture.PlonkCalldata) },
	"gasBound":       func(v view) int { return gasBase + gasPerWord*v.Words + gasPerByte*v.inputBytes() },
}

// What the exported test allows a call to take, without a transaction's own price: a
// little more than any of our layouts needs with solc 0.8.24 and newer.
const (
	gasBase    = 300_000
	gasPerWord = 1_500
	gasPerByte = 50
)

// InputSlot is where the input's words begin in the array of words, in bytes after its
// length.
func (v view) InputSlot() string { return fmt.Sprintf("%#x", 32*(1+v.InputAt)) }

// inputBytes is the length of a public input.
func (v view) inputBytes() int {
	if v.Input == nil {
		return 0
	}
	return v.Input.Count * v.Input.Size
}

// afterSelector is calldata without the first four bytes, in hex.
func afterSelector(calldata []byte) string { return hex.EncodeToString(calldata[4:]) }

// text is a template as it stands in its file. The files are part of the
// program: one that is missing is a mistake of ours, found by every test.
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
	err = t.Execute(&out, v)
	return out.Bytes(), err
}
