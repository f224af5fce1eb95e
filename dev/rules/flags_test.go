package rules

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"strings"
	"testing"
)

// flagWord is a flag of a command as it is typed.
var flagWord = regexp.MustCompile("(^|[\\s\"'(`])(--[a-z][a-z-]+|-o)\\b")

// flagsAllowed are the places outside of commands that may write a flag's name, and
// why.
var flagsAllowed = map[string]string{
	"chain/solc/": "the flags of Solidity's compiler",
}

// commands are the folders of programs with flags of their own, and of what runs them.
var commands = []string{"cmd/", "examples/", "dev/", "testkit/"}

func hasPrefix(p string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(p, prefix) {
			return true
		}
	}
	return false
}

// TestOnlyCommandsNameFlags keeps the names of flags out of libraries: their errors and
// comments name options, which the command calls as it likes.
func TestOnlyCommandsNameFlags(t *testing.T) {
	for _, s := range parse(t, files(t, ".go")) {
		if isTest(s.path) || hasPrefix(s.path, commands) || allowedFlags(s.path) {
			continue
		}
		for _, c := range s.file.Comments {
			if word := flagWord.FindString(c.Text()); word != "" {
				t.Errorf("%s:%d: the comment names the flag %q: name the option", s.path, s.line(c.Pos()),
					strings.TrimSpace(word))
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if word := flagWord.FindString(l.Value); word != "" {
					t.Errorf("%s:%d: the text names the flag %q: make it a problem.Error that refers to the option",
						s.path, s.line(l.Pos()), strings.TrimSpace(word))
				}
			}
			return true
		})
	}
}

func allowedFlags(p string) bool {
	for prefix := range flagsAllowed {
		if strings.HasPrefix(p, prefix) {
			return true
		}
	}
	return false
}

// flagTable is where the command says what it calls options.
const flagTable = "cmd/zkml/internal/app/flags.go"

var (
	optionName = regexp.MustCompile(`\$\{([A-Za-z][A-Za-z. ]*)\}`)
	tableEntry = regexp.MustCompile(`(?m)^\t"([A-Za-z. ]+)": `)
)

// TestEveryOptionHasAFlag finds the options that errors refer to in the command's
// table.
func TestEveryOptionHasAFlag(t *testing.T) {
	known, used := map[string]bool{}, map[string]bool{}
	for _, m := range tableEntry.FindAllStringSubmatch(string(read(t, flagTable)), -1) {
		known[m[1]] = true
	}
	for _, s := range parse(t, files(t, ".go")) {
		if isTest(s.path) || hasPrefix(s.path, []string{"dev/", "problem/"}) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			l, ok := n.(*ast.BasicLit)
			if !ok || l.Kind != token.STRING {
				return true
			}
			for _, m := range optionName.FindAllStringSubmatch(l.Value, -1) {
				used[m[1]] = true
				if !known[m[1]] {
					t.Errorf("%s:%d refers to ${%s}, which is not in %s", s.path, s.line(l.Pos()), m[1], flagTable)
				}
			}
			return true
		})
	}
	for name := range known {
		if !used[name] {
			t.Errorf("%s names %q, to which no error refers", flagTable, name)
		}
	}
}

// TestTheLibraryEmbedsNothing keeps the exported structs of the root package free of
// embedded types, whose fields and methods would become the library's.
func TestTheLibraryEmbedsNothing(t *testing.T) {
	structs := 0
	for _, s := range parse(t, files(t, ".go")) {
		if isTest(s.path) || path.Dir(s.path) != "." {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || !spec.Name.IsExported() {
				return true
			}
			if st, ok := spec.Type.(*ast.StructType); ok {
				structs++
				for _, f := range st.Fields.List {
					if len(f.Names) == 0 {
						t.Errorf("%s:%d: %s embeds a type", s.path, s.line(f.Pos()), spec.Name.Name)
					}
				}
			}
			return true
		})
	}
	if structs == 0 {
		t.Error("the root package has no exported structs: the rule would hold of nothing")
	}
}
