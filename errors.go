package zkml

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// errTexts refuses a file of texts for an input of numbers.
var errTexts = errors.New("holds texts, and the input is of numbers")

// errNoClass refuses labels for a model without a single class per sample.
var errNoClass error = &problem.Error{
	Code: problem.Conflict, Option: "${Labels}", Got: "the model has no single class for a sample",
	Remedy: "leave them out",
}

// errLabelledOutput refuses an output that labels cannot apply to.
func errLabelledOutput(l visibility.Layout, name string) error {
	return &problem.Error{
		Code: problem.Choice, Option: "${Output}", Place: strconv.Quote(name),
		Got: "no output of this name has a single class for a sample", Supported: outputNames(l),
	}
}

func errWhichLabelled(l visibility.Layout) error {
	return &problem.Error{
		Code: problem.Choice, Option: "${Labels}", Got: "several outputs have a class", Supported: outputNames(l),
		Remedy: "say which one they are for with ${Output}",
	}
}

// outputNames lists a layout's outputs for messages.
func outputNames(l visibility.Layout) string {
	return "the outputs are " + printable.Names(visibility.Names(l.Outputs()))
}

func errLabelCount(labels, samples int) error {
	return &problem.Error{
		Code: problem.Count, Option: "${Labels}", Got: fmt.Sprintf("%d labels for %d samples", labels, samples),
		Remedy: "give one label for each",
	}
}

// errUnfilled refuses samples that do not fill whole proofs.
func errUnfilled(samples, items int) error {
	return &problem.Error{
		Code: problem.Count, Place: "samples", Got: fmt.Sprintf("there are %d", samples),
		Supported: fmt.Sprintf("a proof of this model is about %d", items), Remedy: "give a multiple of that",
	}
}

// inputNames lists a layout's inputs for messages.
func inputNames(l visibility.Layout) string {
	return "the model's inputs are " + printable.Names(visibility.Names(l.Inputs()))
}

func errInputCount(n int, l visibility.Layout) error {
	return &problem.Error{Code: problem.Count, Place: "sample", Got: fmt.Sprintf("%d inputs", n),
		Supported: inputNames(l)}
}

func errElementCount(in *visibility.Port, n int) error {
	return &problem.Error{
		Code: problem.Count, Place: fmt.Sprintf("input %q", in.Name), Got: fmt.Sprintf("%d elements", n),
		Supported: fmt.Sprintf("its shape is %v, which holds %d", in.Shape, in.Count()),
	}
}

func errNoInput(l visibility.Layout, name string) error {
	got := "no input is named"
	if name != "" {
		got = fmt.Sprintf("there is no input %q", name)
	}
	return &problem.Error{Code: problem.Choice, Got: got, Supported: inputNames(l), Remedy: "name one of them"}
}

// errPurpose refuses to sign for a purpose that is not the model's.
func errPurpose(signer *visibility.Port) error {
	got, remedy := "the model requires a signature without a purpose", "leave it out"
	if signer.Purpose != "" {
		got = fmt.Sprintf("the model requires a signature for the purpose %q", signer.Purpose)
		remedy = "sign for that purpose"
	}
	return &problem.Error{Code: problem.Conflict, Option: "${Purpose}", Got: got, Remedy: remedy}
}

// errUnasked refuses to sign an input whose signature no proof of the model would have.
func errUnasked(l visibility.Layout, in *visibility.Port) error {
	got := "the model requires no signature"
	for _, s := range l.Signers() {
		got = fmt.Sprintf("the model requires a signature of input %q only", s.Of)
	}
	return &problem.Error{
		Code: problem.Conflict, Place: fmt.Sprintf("input %q", in.Name), Got: got,
		Remedy: "sign with the key of a model that was compiled with ${InputSignedBy} for this input",
	}
}

// errPublicInput refuses to commit to a public input.
func errPublicInput(place string) error {
	return &problem.Error{
		Code: problem.Visibility, Place: place, Got: "its input is public, so its proofs have no commitment",
		Remedy: "compile with ${Private} input",
	}
}

// errBoundByKey refuses to commit to a model that its key fixes.
func errBoundByKey(place string) error {
	return &problem.Error{
		Code: problem.Visibility, Place: place, Got: "its proofs have no commitment to the model, which its key fixes",
		Remedy: "compile with ${Private} model and ${BindModel} hash",
	}
}

// errOtherFormat refuses an earlier commitment to an input of another format. The
// commitment fixes the input's format, so a model with another format cannot use it.
func errOtherFormat(b *artifact.Bundle, x verifier.Opening, format string, names []string) error {
	return &problem.Error{
		Code: problem.Format, Option: "${Commitment}",
		Got: fmt.Sprintf("it commits to an input of %s; %s takes %s as %s", x.Formats, b.Dir, format,
			printable.Names(names)),
		Remedy: "compile one of the models again with the other's ${InputFormats}",
	}
}

// errOtherCommitments refuses earlier commitments to other inputs, or other groups of them.
func errOtherCommitments(b *artifact.Bundle, have, wanted [][]string) error {
	got := "it opens no commitment to inputs"
	if len(have) > 0 {
		got = "it opens commitments to " + groups(have)
	}
	return &problem.Error{
		Code: problem.Choice, Option: "${Commitment}", Got: got,
		Supported: fmt.Sprintf("the proofs of %s have commitments to %s", b.Dir, groups(wanted)),
		Remedy:    "commit to the same inputs together, or ${say which input it is of}",
	}
}

// groups lists the inputs of commitments.
func groups(names [][]string) string {
	words := make([]string, len(names))
	for i, group := range names {
		words[i] = printable.Names(group)
	}
	return strings.Join(words, " and to ")
}

var (
	errPublicModel error = &problem.Error{
		Code: problem.Visibility, Got: "the key is a public model's, which has no separate architecture",
		Remedy: "derive the key again from the ONNX file, with ${Model}",
	}
	errSaltOfPublic error = &problem.Error{
		Code: problem.Conflict, Option: "${Salt}",
		Got:    "it belongs to a private model, but the key is a public model's",
		Remedy: "leave it out",
	}
	errNoSalt error = &problem.Error{
		Code: problem.Missing, Got: "the key of a private model has a salt", Remedy: "give it with ${Salt}",
	}
)
