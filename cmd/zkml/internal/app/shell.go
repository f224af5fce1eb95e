package app

import (
	"regexp"
	"slices"
	"strings"

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

// InputFlags are the flags of what a command was given to read.
func InputFlags(refs []string, resize bool) []string {
	var words []string
	for _, ref := range refs {
		words = append(words, "--input", ref)
	}
	if resize {
		words = append(words, "--resize")
	}
	return words
}

// ProveLine is the command that proves with a layout: the bundle, if it is to be
// named, flags that are known, and a blank for each that the layout needs besides.
func ProveLine(l visibility.Layout, bundle, flags []string) string {
	words := slices.Concat([]string{"zkml", "prove"}, bundle, flags)
	if l.HasContext() {
		words = append(words, "--context", "HEX")
	}
	if len(l.Signers()) > 0 && !slices.Contains(flags, "--signature") {
		words = append(words, "--signature", "FILE")
	}
	return ShellLine(words...)
}
