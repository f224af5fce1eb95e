package input

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/zkml-go/zkml/budget"
)

// ezklMember is the member of EZKL's input files that holds a list with one flat list
// for each input of a model.
const ezklMember = "input_data"

// decodeJSON reads a nested list, bare or as a member of an object, or records: objects
// that hold a sample each, one after another or in a list.
func decodeJSON(c content) (source, error) {
	switch kind, err := jsonKind(c.data); {
	case err != nil:
		return nil, err
	case kind == aRecord:
		return decodeRecords(c)
	case kind == anObject:
		if err := c.tellSurplusMembers(c.data); err != nil {
			return nil, err
		}
		return c.member(c.data)
	}
	if c.part != "" {
		return nil, fmt.Errorf("is a list, not an object with a member %q", c.part)
	}
	if c.exact {
		return nil, errOneArray("JSON with a list")
	}
	shape, data, err := c.list(c.data)
	if err != nil {
		return nil, err
	}
	return newArray(shape, data)
}

// member reads a list of an object: the member that the reference names, or else the one
// named like the model's input, EZKL's, or the only one. If the object has the values of
// several inputs, they are found only by name, or by position in EZKL's list.
func (c content) member(object []byte) (*array, error) {
	members, err := membersOf(object)
	if err != nil {
		return nil, err
	}
	name := c.spec.Name
	if c.spec.Keys != nil && c.part == "" {
		switch text, ok := members[name]; {
		case ok && isObject(text) && !slices.Contains(c.spec.Keys, name):
			if members, err = membersOf(text); err != nil {
				return nil, fmt.Errorf("member %q: %w", name, err)
			}
			return c.keyed(members)
		case !ok && !c.exact && members[ezklMember] == nil:
			return c.keyed(members)
		}
	}
	if _, ok := members[name]; c.exact && !ok {
		if _, ezkl := members[ezklMember]; ezkl {
			return c.element(members[ezklMember])
		}
		return nil, errNoName("member", name, slices.Sorted(maps.Keys(members)))
	}
	if !c.exact {
		if name, err = choose(members, "member", c.part, c.spec.Name, ezklMember); err != nil {
			return nil, err
		}
	}
	shape, data, err := c.list(members[name])
	if err != nil {
		return nil, fmt.Errorf("member %q: %w", name, err)
	}
	// EZKL's calibration data is one list of all samples.
	size := elements(c.spec.Shape)
	if name == ezklMember && len(shape) == 2 && shape[0] == 1 && size > 0 && shape[1]%size == 0 {
		shape = []int{shape[1] / size, size}
	}
	a, err := newArray(shape, data)
	if err == nil {
		a.flat = name == ezklMember
	}
	return a, err
}

// element reads the list of one of several inputs from EZKL's list of lists.
func (c content) element(text []byte) (*array, error) {
	lists, err := listOf(text)
	if err != nil {
		return nil, fmt.Errorf("member %q: %w", ezklMember, err)
	}
	if c.spec.place >= len(lists) {
		return nil, fmt.Errorf("member %q has %d lists; input %q is number %d, counted from 0",
			ezklMember, len(lists), c.spec.Name, c.spec.place)
	}
	shape, data, err := c.list(lists[c.spec.place])
	if err != nil {
		return nil, fmt.Errorf("member %q, list %d: %w", ezklMember, c.spec.place, err)
	}
	if size := elements(c.spec.Shape); len(shape) == 1 && size > 0 && shape[0]%size == 0 {
		shape = []int{shape[0] / size, size}
	}
	a, err := newArray(shape, data)
	if err == nil {
		a.flat = true
	}
	return a, err
}

// listParser collects a nested list without building a tree.
type listParser struct {
	dec   *json.Decoder
	shape []int // -1 for a list whose length is not known yet
	full  bool  // a number was read: the rank is known
	data  []float64
	path  []int
	// integers refuses true and false: they are no integers.
	integers bool
	// missing takes null for a missing value.
	missing bool
	texts   *Texts
}

// list reads a nested list of the input's numbers.
func (c content) list(text []byte) (shape []int, data []float64, err error) {
	p := &listParser{
		dec: json.NewDecoder(bytes.NewReader(text)), integers: c.spec.Integers, missing: c.spec.Missing != nil,
		texts: c.spec.Texts,
	}
	p.dec.UseNumber()
	if err := p.value(); err != nil {
		return nil, nil, err
	}
	if _, err := p.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, nil, errMore(p.dec)
	}
	return p.shape, p.data, nil
}

func (p *listParser) value() error {
	token, err := p.dec.Token()
	if err != nil {
		return jsonFault(err, p.dec.InputOffset())
	}
	switch t := token.(type) {
	case nil:
		if p.missing {
			return p.number("NaN")
		}
		return p.fault("expected a number or a list; null says that a value is missing, and none may be")
	case string:
		if p.texts != nil {
			return p.text(t)
		}
		if p.missing {
			return p.fault("expected a number or a list, and not a text; a missing value is written null")
		}
		return p.fault("expected a number or a list, and not a text")
	case json.Number:
		if p.texts != nil {
			return p.fault("a number, and the input is of texts: write it between quotes")
		}
		return p.number(string(t))
	case bool:
		if p.texts != nil {
			return p.fault("true or false, and the input is of texts: write it between quotes")
		}
		if p.integers {
			return p.fault("true or false, and the input is of integers")
		}
		return p.number(map[bool]string{false: "0", true: "1"}[t])
	case json.Delim:
		if t == '[' {
			return p.list()
		}
	}
	return p.fault("expected a number or a list")
}

func (p *listParser) number(text string) error {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return p.fault("a number too large for a double")
	}
	return p.add(v)
}

// text reads a text as its number.
func (p *listParser) text(text string) error {
	v, err := p.texts.Number(text)
	if err != nil {
		return p.fault(err.Error())
	}
	return p.add(v)
}

func (p *listParser) add(v float64) error {
	if len(p.path) != len(p.shape) {
		return p.fault("a number where a list is expected")
	}
	if err := budget.SampleElements.Check("", int64(len(p.data)+1)); err != nil {
		return err
	}
	p.full = true
	p.data = append(p.data, v)
	return nil
}

func (p *listParser) list() error {
	depth := len(p.path)
	if depth == len(p.shape) {
		if p.full {
			return p.fault("a list where a number is expected")
		}
		if depth == maxRank {
			return p.fault("too many nested lists")
		}
		p.shape = append(p.shape, -1)
	}
	n := 0
	for ; p.dec.More(); n++ {
		p.path = append(p.path, n)
		if err := p.value(); err != nil {
			return err
		}
		p.path = p.path[:depth]
	}
	if _, err := p.dec.Token(); err != nil {
		return jsonFault(err, p.dec.InputOffset())
	}
	if n == 0 {
		return p.fault("an empty list")
	}
	if p.shape[depth] >= 0 && p.shape[depth] != n {
		return p.fault(fmt.Sprintf("a list of length %d where others have %d", n, p.shape[depth]))
	}
	p.shape[depth] = n
	return nil
}

// fault is an error at the position that is being read.
func (p *listParser) fault(what string) error {
	var place strings.Builder
	for _, i := range p.path {
		fmt.Fprintf(&place, "[%d]", i)
	}
	if place.Len() == 0 {
		place.WriteString("the top")
	}
	return fmt.Errorf("at %s: %s", place.String(), what)
}

// jsonFault keeps the position of a syntax error and drops its text, which quotes
// the input.
func jsonFault(err error, offset int64) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		offset = syntax.Offset
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("byte %d: the JSON text is cut short", offset)
	}
	return fmt.Errorf("byte %d: not valid JSON (NaN and Infinity are not numbers in it; a missing value is null)",
		offset)
}
