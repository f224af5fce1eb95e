package zkml

import (
	"fmt"
	"strconv"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

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
	return fmt.Sprintf("the outputs are %q", portNames(l.Outputs()))
}

func errLabelCount(labels, samples int) error {
	return &problem.Error{
		Code: problem.Count, Option: "${Labels}", Got: fmt.Sprintf("%d labels for %d samples", labels, samples),
		Remedy: "give one label for each",
	}
}

// inputNames lists a layout's inputs for messages.
func inputNames(l visibility.Layout) string {
	return fmt.Sprintf("the model's inputs are %q", portNames(l.Inputs()))
}

func portNames(ports []*visibility.Port) []string {
	names := make([]string, len(ports))
	for i, p := range ports {
		names[i] = p.Name
	}
	return names
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

// checkCommitment checks an earlier commitment to an input against a bundle. The
// commitment fixes the input's format, so a model with another format cannot use it.
func checkCommitment(b *artifact.Bundle, s verifier.Secrets) error {
	layout := b.Manifest.Layout
	private := layout.Private()
	if !private.Hidden() {
		return errPublicInput(b.Dir)
	}
	for _, p := range layout.Commitments() {
		x, ok := s.OfInputs(layout, p)
		if !ok || p.Role != visibility.RoleInput || x.Formats == layout.Format(p) {
			continue
		}
		return &problem.Error{
			Code: problem.Format, Option: "${Commitment}",
			Got:    fmt.Sprintf("it commits to an input of %s; %s takes %s", x.Formats, b.Dir, layout.Format(p)),
			Remedy: "compile one of the models again with the other's ${InputFormats}",
		}
	}
	return nil
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
