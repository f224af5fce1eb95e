package solidity

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// maxIdentifier keeps file names short enough for every file system, and maxField keeps
// lines that name an argument twice short enough for forge fmt.
const (
	maxIdentifier = 64
	maxField      = 28
)

var (
	alphanumeric = regexp.MustCompile(`[A-Za-z0-9]+`)
	words        = regexp.MustCompile(`\w+`)
)

// Identifier derives the contract's name from a model's, which may be a file name:
// mnist-8.onnx becomes Mnist8. Anything except ASCII letters and digits separates
// words; a name without any becomes Model. The result never collides with a name
// that the contracts themselves use.
func Identifier(model string) string {
	name := camel(strings.TrimSuffix(filepath.Base(model), ".onnx"))
	if name == "" || isDigit(name[0]) {
		name = "Model" + name
	}
	if taken(name) {
		name += "Model"
	}
	return name
}

// camel joins the words of a text, each with a capital, and drops everything else.
func camel(text string) string {
	var name string
	for _, part := range alphanumeric.FindAllString(text, -1) {
		part = strings.ToUpper(part[:1]) + part[1:]
		if name != "" && isDigit(name[len(name)-1]) && isDigit(part[0]) {
			name += "_"
		}
		name += part
	}
	return name[:min(len(name), maxIdentifier)]
}

// fieldName derives the name of an argument from that of a port, which may be any text:
// image.1 becomes image1. A name without an ASCII letter before its first digit becomes
// other.
func fieldName(port, other string) string {
	name := camel(port)
	if name == "" || isDigit(name[0]) {
		return other
	}
	name = name[:min(len(name), maxField)]
	return strings.ToLower(name[:1]) + name[1:]
}

// nameSet holds the names in use. Two names that differ only in underscores or case count
// as the same, since bindings for other languages may merge them.
type nameSet map[string]bool

func (n nameSet) key(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// take marks a name as used.
func (n nameSet) take(name string) { n[n.key(name)] = true }

// unused returns a name that is not in use yet, and marks it as used.
func (n nameSet) unused(name string) string {
	free := name
	for i := 2; n[n.key(free)]; i++ {
		free = fmt.Sprintf("%s_%d", name, i)
	}
	n.take(free)
	return free
}

// keywords are Solidity's, including those reserved for the future.
const keywords = `abstract address after alias anonymous apply as assembly auto bool break byte bytes calldata case
catch constant constructor continue contract copyof days default define delete do else emit enum error ether
event external fallback false final fixed for from function global gwei hex hours if immutable implements import
in indexed inline interface internal is let library macro mapping match memory minutes modifier mutable new null
of override partial payable pragma private promise public pure receive reference relocatable return returns
revert sealed seconds sizeof static storage string struct super supports switch this throw transient true try
type typedef typeof ufixed unchecked unicode using var view virtual weeks wei while years`

// numbered matches the types of Solidity with a size.
var numbered = regexp.MustCompile(`^(u?int|bytes|u?fixed)[0-9x]*$`)

// noKeyword returns a name, changed if it is a keyword.
func noKeyword(name string) string {
	if numbered.MatchString(name) || slices.Contains(strings.Fields(keywords), name) {
		return name + "_"
	}
	return name
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// taken reports whether a word is used in the templates: a contract may not have the name
// of one of its constants or errors.
func taken(name string) bool {
	names := []string{keyTemplate}
	for _, f := range files {
		if strings.HasSuffix(f.path, ".sol") {
			names = append(names, f.template)
		}
	}
	for _, template := range names {
		for _, word := range words.FindAllString(text(template), -1) {
			if word == name {
				return true
			}
		}
	}
	return false
}
