package app

import (
	"regexp"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/visibility"
)

// plain is a word that no shell reads anything into.
var plain = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// Quoted is a word as a POSIX shell reads it back.
func Quoted(word string) string {
	if plain.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// ShellLine is a command as it is typed.
func ShellLine(words ...string) string {
	typed := make([]string, len(words))
	for i, w := range words {
		typed[i] = Quoted(w)
	}
	return strings.Join(typed, " ")
}

// InputHelp explains --input where it reads what a model is run on.
const InputHelp = "FILE or NAME=FILE of an input, - is standard input; once for each input " +
	"and for each sample of a batch, unless one file has several"

// InputFlags are the flags of what a command was given to read, with a blank for each
// input that a proof needs besides.
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

// missing lists the inputs that no file was given for, as they stand before a file: none
// where some file is for all that have none of their own.
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

// ProveLine is the command that proves with a layout: the bundle, if it is to be
// named, flags that are known, and a blank for each that the layout needs besides.
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
