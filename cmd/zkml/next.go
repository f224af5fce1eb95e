package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/visibility"
)

// plain is a word that no shell reads anything into.
var plain = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// quoted is a word as a POSIX shell reads it back.
func quoted(word string) string {
	if plain.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// shellLine is a command as it is typed.
func shellLine(words ...string) string {
	typed := make([]string, len(words))
	for i, w := range words {
		typed[i] = quoted(w)
	}
	return strings.Join(typed, " ")
}

// inputFlags are the flags of what a command was given to read.
func inputFlags(refs []string, resize bool) []string {
	var words []string
	for _, ref := range refs {
		words = append(words, "--input", ref)
	}
	if resize {
		words = append(words, "--resize")
	}
	return words
}

// proveLine is the command that proves with a layout: the bundle, if it is to be
// named, flags that are known, and a blank for each that the layout needs besides.
func proveLine(l visibility.Layout, bundle, flags []string) string {
	words := slices.Concat([]string{"zkml", "prove"}, bundle, flags)
	if l.Context {
		words = append(words, "--context", "HEX")
	}
	if l.SignedBy != "" && !slices.Contains(flags, "--signature") {
		words = append(words, "--signature", "FILE")
	}
	return shellLine(words...)
}
