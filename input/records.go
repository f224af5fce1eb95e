package input

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/tensor"
)

// The kinds of JSON text.
const (
	aList    = iota // a nested list, or anything else
	anObject        // one object
	aRecord         // several objects, one after another, or in a list
)

// jsonKind determines the kind of a text by its first tokens, and by whether anything
// follows an object.
func jsonKind(data []byte) (int, error) {
	text := bytes.TrimLeft(data, jsonBlank)
	switch {
	case bytes.HasPrefix(text, []byte("{")):
		var skipped skip
		d := json.NewDecoder(bytes.NewReader(data))
		if err := d.Decode(&skipped); err != nil {
			return 0, jsonFault(err, int64(len(data)))
		}
		if d.More() {
			return aRecord, nil
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return 0, errMore(d)
		}
		return anObject, nil
	case bytes.HasPrefix(text, []byte("[")) && bytes.HasPrefix(bytes.TrimLeft(text[1:], jsonBlank), []byte("{")):
		return aRecord, nil
	}
	return aList, nil
}

const jsonBlank = " \t\r\n"

// skip is a JSON value that is not kept.
type skip struct{}

// UnmarshalJSON implements json.Unmarshaler.
func (*skip) UnmarshalJSON([]byte) error { return nil }

// records are JSON objects, each with one sample of every input.
type records struct {
	content
	objects []json.RawMessage
}

func decodeRecords(c content) (source, error) {
	objects, err := listOf(c.data)
	if err != nil {
		return nil, err
	}
	if err := c.tellSurplusMembers(objects...); err != nil {
		return nil, err
	}
	return &records{c, objects}, nil
}

// listOf splits a JSON list, or values that follow one another, into elements.
func listOf(data []byte) ([]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	list := bytes.HasPrefix(bytes.TrimLeft(data, jsonBlank), []byte("["))
	if list {
		_, _ = d.Token() // the opening bracket
	}
	var out []json.RawMessage
	for d.More() {
		var one json.RawMessage
		if err := d.Decode(&one); err != nil {
			return nil, jsonFault(err, d.InputOffset())
		}
		if err := budget.Samples.Check("", int64(len(out)+1)); err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	if list {
		if _, err := d.Token(); err != nil {
			return nil, jsonFault(err, d.InputOffset())
		}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errMore(d)
	}
	return out, nil
}

func errMore(d *json.Decoder) error {
	return fmt.Errorf("byte %d: more text after the end of the JSON value", d.InputOffset())
}

func (r *records) count(Spec) (int, error) { return len(r.objects), nil }

func (r *records) sample(i int, spec Spec) (*tensor.Float, error) {
	a, err := r.member(r.objects[i])
	if err != nil {
		return nil, fmt.Errorf("record %d: %w", i, err)
	}
	n, err := a.count(spec)
	if err == nil && n != 1 {
		err = fmt.Errorf("holds %d samples; a record has one", n)
	}
	if err != nil {
		return nil, fmt.Errorf("record %d: %w", i, err)
	}
	return a.sample(0, spec)
}

// membersOf lists the members of an object. Names that are equal, or differ only in case,
// are refused: readers disagree on which one counts.
func membersOf(object []byte) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(object))
	token, err := d.Token()
	if err != nil {
		return nil, jsonFault(err, d.InputOffset())
	}
	if token != json.Delim('{') {
		return nil, errors.New("is not a JSON object")
	}
	members, folded := map[string]json.RawMessage{}, map[string]string{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, jsonFault(err, d.InputOffset())
		}
		name, _ := token.(string) // the decoder accepts only strings as names
		other, twice := folded[strings.ToLower(name)]
		switch {
		case twice && other == name:
			return nil, fmt.Errorf("holds the member %q twice", name)
		case twice:
			return nil, fmt.Errorf("holds the members %q and %q, which differ only in case; "+
				"other readers treat them as one",
				other, name)
		}
		folded[strings.ToLower(name)] = name
		if err := budget.Members.Check("", int64(len(members)+1)); err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, jsonFault(err, d.InputOffset())
		}
		members[name] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, jsonFault(err, d.InputOffset())
	}
	return members, nil
}
