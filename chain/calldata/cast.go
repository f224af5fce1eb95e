package calldata

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/verifier"
)

// Cast is the call as Foundry's cast takes it: a signature and the arguments, quoted for
// a shell. cast reads no string that holds both kinds of quotes, and no terminal shows one
// with controls.
func (c *Call) Cast() (string, error) {
	words := []string{"'" + c.Method.Sig + "'"}
	for _, a := range c.Arguments {
		text, err := castText(a)
		if err != nil {
			return "", fmt.Errorf("argument %s: %w", a.Name, err)
		}
		if !unquoted.MatchString(text) {
			text = "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
		}
		words = append(words, text)
	}
	return strings.Join(words, " "), nil
}

// unquoted matches what no shell reads as anything but itself. A signature has only names
// and types that were checked.
var unquoted = regexp.MustCompile(`^[A-Za-z0-9_.,:/+-]+$`)

// castText is an argument as cast reads it.
func castText(a verifier.Argument) (string, error) {
	if a.Components == nil {
		return castValue(a.Value, strings.HasPrefix(a.Type, "string"))
	}
	fields := make([]string, len(a.Components))
	for i, c := range a.Components {
		var err error
		if fields[i], err = castText(c); err != nil {
			return "", err
		}
	}
	return "(" + strings.Join(fields, ",") + ")", nil
}

// castValue is a value, of strings or not, as cast reads it.
func castValue(v any, isString bool) (string, error) {
	list, ok := v.([]any)
	switch {
	case !ok && isString:
		return castString(fmt.Sprint(v))
	case !ok:
		return fmt.Sprint(v), nil
	}
	words := make([]string, len(list))
	for i, e := range list {
		var err error
		if fields, ok := e.([]verifier.Argument); ok {
			words[i], err = castText(verifier.Argument{Components: fields})
		} else {
			words[i], err = castValue(e, isString)
		}
		if err != nil {
			return "", err
		}
	}
	return "[" + strings.Join(words, ",") + "]", nil
}

// plainWord matches strings that cast takes as they are: it drops quotes and spaces around
// others, and splits a list at commas.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

func castString(text string) (string, error) {
	switch {
	case plainWord.MatchString(text):
		return text, nil
	case printable.Check(text) != nil:
		return "", errors.New("a string with characters that are not printable is not shown: send the calldata")
	case !strings.Contains(text, `"`):
		return `"` + text + `"`, nil
	case !strings.Contains(text, "'"):
		return "'" + text + "'", nil
	}
	return "", errors.New("cast reads no string that holds both kinds of quotes: send the calldata")
}
