package app

import (
	"regexp"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/visibility"
)

// plain matches a word that needs no quoting in any shell.
var plain = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// Quoted quotes a word for a POSIX shell.
func Quoted(word string) string {
	if plain.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// ShellLine returns a command as it is typed.
func ShellLine(words ...string) string {
	typed := make([]string, len(words))
	for i, w := range words {
		typed[i] = Quoted(w)
	}
	return strings.Join(typed, " ")
}

// InputHelp explains --input in commands that run a model.
const InputHelp = "FILE or NAME=FILE of an input, - is standard input; once for each input " +
	"and each sample of a batch, unless one file has several"

// InputFlags returns the --input flags that a command was given, plus a placeholder for
// each further input that a proof needs.
func InputFlags(l visibility.Layout, refs []string, resize bool) []string {
	var words []string
	for _, ref := range refs {
		words = append(words, "--input", ref)
	}
	for _, name := range missing(l, refs) {
		words = append(words, "--input", name+"FILE")
	}
	if resize {
		words = append(words, "--resize")
	}
	return words
}

// missing lists the inputs for which no file was given, as the prefixes NAME= of flags. If
// a file without a name was given, it is for all other inputs, and none are missing.
func missing(l visibility.Layout, refs []string) []string {
	inputs := l.Inputs()
	if len(inputs) == 1 {
		if len(refs) == 0 {
			return []string{""}
		}
		return nil
	}
	specs, given := make([]input.Spec, len(inputs)), map[string]bool{}
	for i, in := range inputs {
		specs[i].Name = in.Name
	}
	for _, ref := range refs {
		given[input.NameOf(ref, specs)] = true
	}
	var out []string
	for _, in := range inputs {
		if !given[in.Name] && !given[""] {
			out = append(out, in.Name+"=")
		}
	}
	return out
}

// ProveLine returns the command that proves with a layout: the bundle, if it must be
// named, the flags that are known, and a placeholder for each further one that the layout
// needs.
func ProveLine(l visibility.Layout, bundle, flags []string) string {
	words := slices.Concat([]string{"zkml", "prove"}, bundle, flags)
	if l.HasContext() {
		words = append(words, "--context", "NUMBER")
	}
	if len(l.Signers()) > 0 && !slices.Contains(flags, "--signature") {
		words = append(words, "--signature", "FILE")
	}
	return ShellLine(words...)
}
