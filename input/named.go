package input

import (
	"fmt"
	"io"
	"strings"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/tensor"
)

// ReadInputs reads what one proof is about: for each of the inputs that specs describe,
// the elements of so many items, one item after the other. A reference NAME=REFERENCE
// is for the input of that name. One without a name is for all inputs that no other
// names: for the only one, or for several, which are found in the file by their names.
// Of each input there is a reference for each item, or one to a file that holds all
// items. stdin is read for "-" only, once, and may be nil.
func ReadInputs(refs []string, stdin io.Reader, specs []Spec, items int) ([][]float64, error) {
	parts, err := assign(refs, specs)
	if err != nil {
		return nil, err
	}
	out, m := make([][]float64, len(specs)), budget.NewMeter("")
	for _, p := range parts {
		sets, err := p.items(stdin, items, m)
		if err != nil {
			return nil, p.name(specs, err)
		}
		for j, k := range p.inputs {
			for _, t := range sets[j] {
				out[k] = append(out[k], t.Data...)
			}
		}
	}
	return out, nil
}

// ReadSamples reads a data set of all inputs: the elements of input k of sample i are
// out[i][k]. References are those of ReadInputs, one for each input or for all, to files
// with a leading sample axis. limit caps the number of samples; 0 or less means all.
func ReadSamples(refs []string, stdin io.Reader, specs []Spec, limit int) ([][][]float64, error) {
	parts, err := assign(refs, specs)
	if err != nil {
		return nil, err
	}
	sets, m := make([][]*tensor.Float, len(specs)), budget.NewMeter("")
	for _, p := range parts {
		if len(p.refs) != 1 {
			return nil, p.name(specs, &problem.Error{
				Code: problem.Count, Got: fmt.Sprintf("%d files of samples", len(p.refs)),
				Remedy: "give one file that holds them all",
			})
		}
		read, err := readSets(parseReference(p.refs[0]), stdin, p.specs, limit, m)
		if err != nil {
			return nil, p.name(specs, err)
		}
		for j, k := range p.inputs {
			sets[k] = read[j]
		}
	}
	for k, set := range sets {
		if len(set) != len(sets[0]) {
			return nil, errCounts(specs[0].Name, len(sets[0]), specs[k].Name, len(set))
		}
	}
	out := make([][][]float64, len(sets[0]))
	for i := range out {
		for _, set := range sets {
			out[i] = append(out[i], set[i].Data)
		}
	}
	return out, nil
}

// part is what is read for the one input that references name, or for all inputs that
// none names.
type part struct {
	inputs []int // their places among all
	specs  []Spec
	refs   []string
}

// name says which of several inputs an error is about.
func (p *part) name(specs []Spec, err error) error {
	if len(p.inputs) == 1 {
		return of(specs, p.inputs[0], err)
	}
	return err
}

// assign says what is read for which inputs. Every input gets something.
func assign(refs []string, specs []Spec) ([]*part, error) {
	named, rest := make([]*part, len(specs)), &part{}
	stdins := 0
	for _, ref := range refs {
		k, file, err := splitNamed(ref, specs)
		if err != nil {
			return nil, err
		}
		if parseReference(file).path == "-" {
			stdins++
		}
		if len(specs) == 1 {
			k = 0
		}
		if k < 0 {
			rest.refs = append(rest.refs, file)
			continue
		}
		if named[k] == nil {
			named[k] = &part{inputs: []int{k}, specs: specs[k : k+1]}
		}
		named[k].refs = append(named[k].refs, file)
	}
	if stdins > 1 {
		return nil, &problem.Error{
			Code: problem.Conflict, Option: "${Input}",
			Got:    fmt.Sprintf("standard input is named %d times, and can be read once", stdins),
			Remedy: "name files",
		}
	}
	for k, spec := range specs {
		if err := spec.check(); err != nil {
			return nil, err
		}
		if named[k] == nil {
			rest.inputs, rest.specs = append(rest.inputs, k), append(rest.specs, spec)
		}
	}
	return parted(named, rest)
}

// parted lists the parts. What has no name is for the inputs that none names, and there
// must be both or neither.
func parted(named []*part, rest *part) ([]*part, error) {
	var parts []*part
	for _, p := range named {
		if p != nil {
			parts = append(parts, p)
		}
	}
	switch {
	case len(rest.inputs) > 0 && len(rest.refs) > 0:
		return append(parts, rest), nil
	case len(rest.refs) > 0:
		return nil, &problem.Error{
			Code: problem.Conflict, Option: "${Input}", Place: rest.refs[0],
			Got: "every input has a file of its own beside this one", Remedy: "leave it out",
		}
	case len(rest.inputs) > 0:
		return nil, &problem.Error{
			Code: problem.Missing, Option: "${Input}", Got: fmt.Sprintf("nothing is given for input %q", rest.specs[0].Name),
			Remedy: fmt.Sprintf("add ${Input} %s=FILE", rest.specs[0].Name),
		}
	}
	return parts, nil
}

// splitNamed parts an input's name from the reference after it. A path that exists as
// written has none; the place of an input without a name is -1.
func splitNamed(ref string, specs []Spec) (k int, file string, err error) {
	if exists(parseReference(ref).path) {
		return -1, ref, nil
	}
	k = -1
	for i, spec := range specs {
		if rest, ok := strings.CutPrefix(ref, spec.Name+"="); ok && (k < 0 || len(spec.Name) > len(specs[k].Name)) {
			k, file = i, rest
		}
	}
	if k >= 0 {
		return k, file, nil
	}
	name, after, ok := strings.Cut(ref, "=")
	if path := parseReference(after).path; ok && (path == "-" || exists(path)) {
		return 0, "", &problem.Error{
			Code: problem.Choice, Option: "${Input}", Place: fmt.Sprintf("%q", name), Got: "the model has no input of this name",
			Supported: fmt.Sprintf("its inputs are %q", names(specs)),
		}
	}
	return -1, ref, nil
}

func names(specs []Spec) []string {
	out := make([]string, len(specs))
	for i, s := range specs {
		out[i] = s.Name
	}
	return out
}

// items reads so many items of each of the part's inputs.
func (p *part) items(stdin io.Reader, items int, m *budget.Meter) ([][]*tensor.Float, error) {
	if len(p.refs) == 1 && items > 1 {
		sets, err := readSets(parseReference(p.refs[0]), stdin, p.specs, items+1, m)
		if err == nil && len(sets[0]) != items {
			err = &problem.Error{
				Code: problem.Count, Place: p.refs[0], Got: "holds " + counted(len(sets[0]), items),
				Supported: fmt.Sprintf("a proof of this model is about %d", items),
				Remedy:    fmt.Sprintf("give a file of %d samples, or ${Input} once for each", items),
			}
		}
		return sets, err
	}
	if len(p.refs) != items {
		return nil, &problem.Error{
			Code: problem.Count, Option: "${Input}", Got: plural(len(p.refs), "file"),
			Supported: fmt.Sprintf("a proof of this model is about %s", plural(items, "sample")),
			Remedy:    "give one file for each, or one that holds all of a batch",
		}
	}
	sets := make([][]*tensor.Float, len(p.specs))
	for _, ref := range p.refs {
		r := parseReference(ref)
		one, err := r.readOne(stdin, p.specs, m)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.place(), err)
		}
		for j, t := range one {
			sets[j] = append(sets[j], t)
		}
	}
	return sets, nil
}

// counted says how many were read of a set that is cut after one too many.
func counted(read, wanted int) string {
	if read > wanted {
		return fmt.Sprintf("more than %d samples", wanted)
	}
	return plural(read, "sample")
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
