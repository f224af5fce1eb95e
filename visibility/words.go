package visibility

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/zkml-go/zkml/problem"
)

// The words of what is private.
const (
	inputWord = "input"
	modelWord = "model"
)

// The allowed words of flags, in the order shown to users.
var (
	reveals = []Reveal{Scores, Class, Commitment, None}
	binds   = []Bind{BindKey, BindHash}
	commits = []Commit{CommitTogether, CommitEach}
	schemes = []Scheme{EdDSA}
)

// PrivateWords are the texts that ParsePrivate reads, except the empty one and those
// that name an input.
func PrivateWords() []string { return wordsOf(Scenarios[1:]) }

// RevealWords are the texts that ParseReveal reads.
func RevealWords() []string { return wordsOf(reveals) }

// BindWords are the texts that ParseBind reads.
func BindWords() []string { return wordsOf(binds) }

// CommitWords are the texts that ParseCommit reads.
func CommitWords() []string { return wordsOf(commits) }

// SchemeWords are the texts that ParseScheme reads, except the empty one.
func SchemeWords() []string { return wordsOf(schemes) }

func wordsOf[T any](all []T) []string {
	words := make([]string, len(all))
	for i, v := range all {
		words[i] = fmt.Sprint(v)
	}
	return words
}

// parse finds the value that a flag's word names; the error lists the words.
func parse[T any](option, text string, all []T) (T, error) {
	words := wordsOf(all)
	if i := slices.Index(words, text); i >= 0 {
		return all[i], nil
	}
	var none T
	return none, unknownWord(option, text, allowed(words))
}

// unknownWord is the error for an option with an unsupported text.
func unknownWord(option, text, wrong string) error {
	return &problem.Error{
		Code: problem.Choice, Option: option, Place: strconv.Quote(text), Got: wrong,
	}
}

func allowed(words []string) string {
	last := len(words) - 1
	if last == 0 {
		return "the only allowed word is " + words[0]
	}
	return "allowed words are " + strings.Join(words[:last], ", ") + " and " + words[last]
}
