package input

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/tensor"
)

// ReadInputs reads the inputs of one proof: for each input that specs describe, the
// elements of its items, one item after the other, or nil if it is Unread. items is the
// size of the batch. A reference NAME=REFERENCE is for the input of that name. One without
// a name is for all inputs that no other reference names; if the model has several inputs,
// they are found in the file by name. Each input has one reference per item, or one to a
// file that holds all items. stdin is read only for "-", once, and may be nil.
func ReadInputs(refs []string, stdin io.Reader, specs []Spec, items int) ([][]float64, error) {
	parts, err := assign(refs, specs)
	if err != nil {
		return nil, err
	}
	out, m := make([][]float64, len(specs)), budget.NewMeter("")
	for _, p := range parts {
		sets, err := p.items(stdin, items, m)
		if err != nil {
			return nil, p.of(err)
		}
		for j, k := range p.inputs {
			for _, t := range sets[j] {
				out[k] = append(out[k], t.Data...)
			}
		}
	}
	return out, nil
}

// ReadSamples reads a data set for all inputs: the elements of input k of sample i are
// out[i][k]. References are as in ReadInputs, one per input or one for all, to files
// with a leading sample axis. limit caps the number of samples; 0 or less means all.
func ReadSamples(refs []string, stdin io.Reader, specs []Spec, limit int) ([][][]float64, error) {
	parts, err := assign(refs, specs)
	if err != nil {
		return nil, err
	}
	sets, m := make([][]*tensor.Float, len(specs)), budget.NewMeter("")
	for _, p := range parts {
		if len(p.refs) != 1 {
			return nil, p.of(&problem.Error{
				Code: problem.Count, Got: fmt.Sprintf("%d files of samples", len(p.refs)),
				Remedy: "give one file that holds them all",
			})
		}
		read, err := readSets(p.reference(p.refs[0]), stdin, p.specs, limit, m)
		if err != nil {
			return nil, p.of(err)
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

// part is what to read for one input, or for all inputs that no reference names.
type part struct {
	inputs []int // their indices in the model
	specs  []Spec
	refs   []string
	byName bool // the inputs are found in files by their names
	one    bool // it is one of several inputs, and a reference names it
}

// of adds the name of the input that an error is about, if it is one of several.
func (p *part) of(err error) error {
	if p.one {
		return fmt.Errorf("input %q: %w", p.specs[0].Name, err)
	}
	return err
}

func (p *part) reference(ref string) reference {
	r := parseReference(ref)
	r.byName = p.byName
	return r
}

// assign decides what is read for which inputs. Every input that is needed gets a reference.
func assign(refs []string, specs []Spec) ([]*part, error) {
	several := len(specs) > 1
	named, rest := make([]*part, len(specs)), &part{byName: several}
	stdins := 0
	for _, ref := range refs {
		k, file, err := splitNamed(ref, specs)
		if err != nil {
			return nil, err
		}
		if parseReference(file).path == "-" {
			stdins++
		}
		if k < 0 {
			rest.refs = append(rest.refs, file)
			continue
		}
		if named[k] == nil {
			named[k] = &part{inputs: []int{k}, specs: specs[k : k+1], one: several}
		}
		named[k].refs = append(named[k].refs, file)
	}
	if stdins > 1 {
		return nil, &problem.Error{
			Code:   problem.Conflict,
			Got:    fmt.Sprintf("standard input is named %d times, but can be read only once", stdins),
			Remedy: "name files",
		}
	}
	var parts []*part
	for k, spec := range specs {
		if err := spec.check(); err != nil {
			return nil, err
		}
		spec.place = k
		switch {
		case named[k] == nil && !spec.Unread:
			rest.inputs, rest.specs = append(rest.inputs, k), append(rest.specs, spec)
		case named[k] != nil && !spec.Unread:
			parts = append(parts, named[k])
		}
	}
	return withRest(parts, rest, specs)
}

// withRest adds the references without a name. They are for the inputs that no reference
// names, and there must be both or neither.
func withRest(parts []*part, rest *part, specs []Spec) ([]*part, error) {
	switch unread := slices.ContainsFunc(specs, func(s Spec) bool { return s.Unread }); {
	case len(rest.inputs) > 0 && len(rest.refs) > 0:
		return append(parts, rest), nil
	case len(specs) == 0 && len(rest.refs) > 0:
		return nil, &problem.Error{
			Code: problem.Conflict, Place: rest.refs[0], Got: "the model has no input: its outputs are constants",
			Remedy: "leave this out",
		}
	case len(rest.refs) > 0 && !unread:
		return nil, &problem.Error{
			Code: problem.Conflict, Place: rest.refs[0],
			Got: "every input already has its own file", Remedy: "leave this one out",
		}
	case len(rest.inputs) > 0:
		return nil, &problem.Error{
			Code: problem.Missing, Got: fmt.Sprintf("nothing is given for input %q", rest.specs[0].Name),
			Remedy: fmt.Sprintf("add %s=FILE, or give one file that has the names of all inputs", rest.specs[0].Name),
		}
	}
	return parts, nil
}

// NameOf returns the input's name before a reference, or "" if there is none.
func NameOf(ref string, specs []Spec) string {
	if exists(parseReference(ref).path) {
		return ""
	}
	name := ""
	for _, spec := range specs {
		if strings.HasPrefix(ref, spec.Name+"=") && len(spec.Name) > len(name) {
			name = spec.Name
		}
	}
	return name
}

// splitNamed separates an input's name from the reference after it. A path that exists as
// written has no name. k is then the only input, or -1 if there are several.
func splitNamed(ref string, specs []Spec) (k int, file string, err error) {
	k, file = -1, ref
	if len(specs) == 1 {
		k = 0
	}
	if name := NameOf(ref, specs); name != "" {
		k = slices.IndexFunc(specs, func(s Spec) bool { return s.Name == name })
		return k, strings.TrimPrefix(ref, name+"="), nil
	}
	name, after, ok := strings.Cut(ref, "=")
	if path := parseReference(after).path; ok && !exists(parseReference(ref).path) && (path == "-" || exists(path)) {
		return 0, "", &problem.Error{
			Code: problem.Choice, Place: fmt.Sprintf("%q", name), Got: "the model has no input with this name",
			Supported: fmt.Sprintf("its inputs are %q", names(specs)),
		}
	}
	return k, file, nil
}

func names(specs []Spec) []string {
	out := make([]string, len(specs))
	for i, s := range specs {
		out[i] = s.Name
	}
	return out
}

// items reads the given number of items of each of the part's inputs.
func (p *part) items(stdin io.Reader, items int, m *budget.Meter) ([][]*tensor.Float, error) {
	if len(p.refs) == 1 && items > 1 {
		sets, err := readSets(p.reference(p.refs[0]), stdin, p.specs, items+1, m)
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
			Remedy:    "give one file for each, or one that holds the whole batch",
		}
	}
	sets := make([][]*tensor.Float, len(p.specs))
	for _, ref := range p.refs {
		r := p.reference(ref)
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

// counted describes the size of a set of which at most wanted+1 samples are read.
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
