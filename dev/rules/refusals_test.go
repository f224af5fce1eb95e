package rules

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// verb is a place in a format where something else is written.
var verb = regexp.MustCompile(`%[-+# 0-9.]*[a-zA-Z]`)

// refusalsPage explains what people see when a model is refused.
const refusalsPage = "docs/refusals.md"

// TestRefusalsAreTold holds the texts of docs/refusals.md against those of the code: each stands in
// one of its messages.
func TestRefusalsAreTold(t *testing.T) {
	said := messages(t)
	texts := quotedTexts(string(read(t, refusalsPage)))
	if len(texts) < 20 || saidBy(said, "operator … is not supported; … lists nothing") {
		t.Fatalf("%s has %d texts, or all are found", refusalsPage, len(texts))
	}
	for _, text := range texts {
		if !saidBy(said, text) {
			t.Errorf("%s has the text %q, which no message of the code is", refusalsPage, text)
		}
	}
}

// quotedTexts are the first cells of the tables.
func quotedTexts(page string) []string {
	var out []string
	for _, line := range strings.Split(page, "\n") {
		if cells := strings.Split(line, "|"); len(cells) > 3 && strings.HasPrefix(cells[1], " `") {
			out = append(out, strings.Trim(cells[1], " `"))
		}
	}
	return out
}

// saidBy tells whether the pieces of a text follow each other in one message.
func saidBy(said []string, text string) bool {
	for _, message := range said {
		rest, all := message, true
		for _, piece := range strings.Split(text, "…") {
			_, after, found := strings.Cut(rest, strings.TrimSpace(piece))
			rest, all = after, all && found
		}
		if all {
			return true
		}
	}
	return false
}

// messages are the string literals of the code that is no test, joined where they are added, and
// those of the parts of a problem.Error, one after the other.
func messages(t *testing.T) []string {
	var out []string
	for _, s := range parse(t, files(t, ".go")) {
		if strings.HasSuffix(s.path, "_test.go") || strings.HasPrefix(s.path, "dev/") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr, *ast.BasicLit:
				out = append(out, joined(n))
			case *ast.CompositeLit:
				if of, ok := n.Type.(*ast.SelectorExpr); ok && of.Sel.Name == "Error" {
					out = append(out, joined(n))
				}
			}
			return true
		})
	}
	return out
}

// joined is the text of the string literals in an expression.
func joined(n ast.Node) string {
	var text strings.Builder
	ast.Inspect(n, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil {
				text.WriteString(verb.ReplaceAllString(s, "…"))
			}
		}
		return true
	})
	return text.String()
}
