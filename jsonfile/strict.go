package jsonfile

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/printable"
)

// Decode reads text, one JSON value, into v, as strictly as people read it: every
// name of an object occurs once, in the exact spelling and case of v's type; no name
// is unknown, nothing follows the value, and all of it is UTF-8 whose strings are
// printable. encoding/json by
// itself merges names that differ in case and takes the last of several, so that two
// readers of one file could see different content.
func Decode(text []byte, v any) error {
	if err := checkNames(text, reflect.TypeOf(v)); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// checkNames reads one value and nothing after it, for its names only.
func checkNames(text []byte, t reflect.Type) error {
	if !utf8.Valid(text) {
		return errors.New("it is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := walk(d, t, 0); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON object")
	}
	return nil
}

// walk reads the next value, which is decoded into type t; a nil t accepts any names.
func walk(d *json.Decoder, t reflect.Type, depth int64) error {
	if err := budget.Nesting.Check("", depth); err != nil {
		return err
	}
	token, err := next(d)
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		return walkObject(d, plain(t), depth)
	case json.Delim('['):
		for d.More() {
			if err := walk(d, element(plain(t)), depth+1); err != nil {
				return err
			}
		}
		_, err = next(d)
	}
	return err
}

// next reads a token; an end of the text is an error, and a string that is not
// printable.
func next(d *json.Decoder) (json.Token, error) {
	token, err := d.Token()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if text, ok := token.(string); ok && err == nil {
		err = printable.Check(text)
	}
	return token, err
}

func walkObject(d *json.Decoder, t reflect.Type, depth int64) error {
	names, known := map[string]reflect.Type{}, t != nil && t.Kind() == reflect.Struct
	if known {
		names = fieldsOf(t)
	}
	seen := map[string]bool{}
	for d.More() {
		token, err := next(d)
		if err != nil {
			return err
		}
		name, _ := token.(string) // the decoder accepts only strings as names
		if seen[name] {
			return fmt.Errorf("the name %q stands in one object twice", name)
		}
		seen[name] = true
		inner, ok := names[name]
		switch {
		case known && !ok:
			return fmt.Errorf("unknown field %q", name)
		case !known:
			inner = element(t)
		}
		if err := walk(d, inner, depth+1); err != nil {
			return err
		}
	}
	_, err := next(d)
	return err
}

var (
	ownJSON = reflect.TypeFor[json.Unmarshaler]()
	ownText = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// plain drops pointers. It returns nil for a type with its own JSON decoder.
func plain(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || reflect.PointerTo(t).Implements(ownJSON) || reflect.PointerTo(t).Implements(ownText) {
		return nil
	}
	return t
}

// element is the type of a list's or a map's elements; nil where t is neither.
func element(t reflect.Type) reflect.Type {
	if t != nil && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array || t.Kind() == reflect.Map) {
		return t.Elem()
	}
	return nil
}

// fieldsOf lists a struct's fields by the names that encoding/json gives them.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !f.IsExported() || name == "-" || f.Anonymous && name == "":
			continue
		case name == "":
			name = f.Name
		}
		out[name] = f.Type
	}
	return out
}
