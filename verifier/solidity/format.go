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

// foldings are the other places where a line depends on the lengths of names, with the form
// that each has if it is too long.
var foldings = []struct {
	line   *regexp.Regexp
	folded func(parts []string) string
}{
	{ // an import
		regexp.MustCompile(`(?m)^import \{([^}\n]*)\} (from "[^"\n]*";)$`),
		func(m []string) string { return "import {\n    " + m[1] + "\n} " + m[2] },
	},
	{ // the head of a contract
		regexp.MustCompile(`(?m)^(contract \w+ is) ([\w, ]+) \{$`),
		func(m []string) string {
			return m[1] + "\n    " + strings.ReplaceAll(m[2], ", ", ",\n    ") + "\n{"
		},
	},
	{ // the head of a constructor
		regexp.MustCompile(`(?m)^( *)constructor\(([^()\n]+)\) \{$`),
		func(m []string) string {
			list := strings.Split(m[2], ", ")
			return m[1] + "constructor(\n    " + m[1] + strings.Join(list, ",\n    "+m[1]) + "\n" + m[1] + ") {"
		},
	},
	{ // the creation of a contract
		regexp.MustCompile(`(?m)^( *)([^=\n]* =) (new [^\n]*;)$`),
		func(m []string) string { return m[1] + m[2] + "\n    " + m[1] + m[3] },
	},
}

// formatted writes as forge fmt does what depends on the lengths of names: heads of
// functions, on one line, or with an attribute on each line, or with an argument on each
// line, the first of these that fits; and the foldings of lines that are too long.
func formatted(source []byte) []byte {
	for _, f := range foldings {
		source = f.line.ReplaceAllFunc(source, func(text []byte) []byte {
			if len(text) <= columns {
				return text
			}
			return []byte(f.folded(f.line.FindStringSubmatch(string(text))))
		})
	}
	return header.ReplaceAllFunc(source, head)
}

// head writes the head of a function.
func head(text []byte) []byte {
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
}
