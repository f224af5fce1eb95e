package solidity

import (
	"regexp"
	"strings"
)

// columns is the length of the longest line that forge fmt leaves.
const columns = 120

// header is a function's head as templates write it: an argument on each line.
var header = regexp.MustCompile(`(?m)^( *)(function \w+)\(\n((?: +[^\n(){}]+\n)+) *\)([^{;\n]*)([{;])$`)

// attribute is a word after a function's arguments, with what it returns.
var attribute = regexp.MustCompile(`returns \([^)]*\)|\S+`)

// assignment is a statement that creates a contract.
var assignment = regexp.MustCompile(`(?m)^( *)([^=\n]* =) (new [^\n]*;)$`)

// formatted writes as forge fmt does what depends on the lengths of names: heads of
// functions, on one line, or with an attribute on each line, or with an argument on each
// line, the first of these that fits; and creations of contracts, on one line or two.
func formatted(source []byte) []byte {
	source = assignment.ReplaceAllFunc(source, func(text []byte) []byte {
		if len(text) <= columns {
			return text
		}
		return assignment.ReplaceAll(text, []byte("$1$2\n$1    $3"))
	})
	return header.ReplaceAllFunc(source, func(text []byte) []byte {
		m := header.FindSubmatch(text)
		indent, end := string(m[1]), string(m[5])
		list := strings.Fields(strings.ReplaceAll(string(m[3]), "\n", " "))
		head := indent + string(m[2]) + "(" + strings.Join(list, " ") + ")"
		attributes := attribute.FindAllString(string(m[4]), -1)
		one := strings.Join(append([]string{head}, attributes...), " ") + strings.TrimSuffix(" "+end, " ;")
		if end == ";" {
			one += ";"
		}
		switch {
		case len(one) <= columns:
			return []byte(one)
		case len(head) <= columns:
			lines := append([]string{head}, attributes...)
			text := strings.Join(lines, "\n    "+indent)
			if end == ";" {
				return []byte(text + ";")
			}
			return []byte(text + "\n" + indent + "{")
		}
		return text
	})
}
