// Package problem owns errors as values: what is wrong with what somebody gave, in
// parts that a program can read. It must not know who is told. Every package may
// import it; it imports nothing of the project.
package problem

import (
	"errors"
	"regexp"
	"strings"
)

// Code names a kind of problem for programs. It does not change from version to
// version, as texts may.
type Code string

// The codes. A code says what is wrong; the error's parts say where and how.
const (
	// Shape is a shape that is not known, or not the model's.
	Shape Code = "shape"
	// Choice is a word or a name that is none of those allowed, or that is missing
	// where there are several.
	Choice Code = "choice"
	// Conflict is an option that does not go with another, or not with the model.
	Conflict Code = "conflict"
	// Missing is an option that the model or another option asks for.
	Missing Code = "missing"
	// Format is an integer format that the model cannot follow.
	Format Code = "format"
	// Picture is a picture that cannot become the model's input.
	Picture Code = "picture"
	// Ceremony is an SRS that is unknown, or of the wrong kind.
	Ceremony Code = "ceremony"
	// Occupied is a place that is not free for what would be written.
	Occupied Code = "occupied"
	// Visibility is a request that what is private or public does not allow.
	Visibility Code = "visibility"
	// Range is a value that its integer format cannot hold.
	Range Code = "range"
	// Count is a number of things that is not the one asked for.
	Count Code = "count"
	// Limit is more than what the author of a file may ask for.
	Limit Code = "limit"
	// Node is a node of a model that is damaged, or asks for what is not supported.
	Node Code = "node"
	// Fault is a panic: a mistake in zkml, and in nothing that was given to it.
	Fault Code = "fault"
)

// Error is a problem. Its text joins the parts that are there:
//
//	Option Place: Got; Supported; Remedy
//
// Option, Supported and Remedy may name options of package zkml as ${Name}, and what
// other tools call by names of their own as ${some words}; Error writes them as
// "option Name" and "some words", Render as whoever shows the error calls them.
type Error struct {
	Code Code
	// Option is the option that is wrong, as in "${Shapes}"; empty where none is.
	Option string
	// Place is the file, node, input or value that is wrong.
	Place string
	// Got is what was found there.
	Got string
	// Supported is what would have been right.
	Supported string
	// Remedy is what to do.
	Remedy string
	// Err, if not nil, is the cause. It is part of the text only where Got says it.
	Err error
}

func (e *Error) Error() string { return e.Render(plain) }
func (e *Error) Unwrap() error { return e.Err }

// plain names an option for a reader of Go.
func plain(name string) string {
	if name != "" && 'A' <= name[0] && name[0] <= 'Z' {
		return "option " + name
	}
	return name
}

var reference = regexp.MustCompile(`\$\{([A-Za-z][A-Za-z. ]*)\}`)

// References lists the names that the error's parts refer to.
func (e *Error) References() []string {
	var out []string
	for _, part := range []string{e.Option, e.Supported, e.Remedy} {
		for _, m := range reference.FindAllStringSubmatch(part, -1) {
			out = append(out, m[1])
		}
	}
	return out
}

// Render writes the error with the names that name gives to options.
func (e *Error) Render(name func(option string) string) string {
	named := func(text string) string {
		return reference.ReplaceAllStringFunc(text, func(m string) string { return name(m[2 : len(m)-1]) })
	}
	head := strings.TrimSpace(named(e.Option) + " " + e.Place)
	var rest []string
	for _, part := range []string{e.Got, named(e.Supported), named(e.Remedy)} {
		if part != "" {
			rest = append(rest, part)
		}
	}
	text := strings.Join(rest, "; ")
	if head != "" && text != "" {
		return head + ": " + text
	}
	return head + text
}

// Text is the text of any error, in which every problem is written with the names
// that name gives to options.
func Text(err error, name func(option string) string) string {
	text := err.Error()
	for _, e := range all(err) {
		text = strings.ReplaceAll(text, e.Error(), e.Render(name))
	}
	return text
}

// all finds the problems in an error and its causes.
func all(err error) []*Error {
	var out []*Error
	if e, ok := err.(*Error); ok {
		out = append(out, e)
	}
	switch u := err.(type) {
	case interface{ Unwrap() error }:
		if cause := u.Unwrap(); cause != nil {
			out = append(out, all(cause)...)
		}
	case interface{ Unwrap() []error }:
		for _, cause := range u.Unwrap() {
			out = append(out, all(cause)...)
		}
	}
	return out
}

// Of gives the first problem in an error and its causes; nil where there is none.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}
