package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// page is where the report stands.
const page = "docs/release-report.md"

const preface = `# Release report

Written by ` + "`make release-check`" + ` from dev/release/results; not to be edited. Each part is one
long examination, run whole; ` + "`make release-check PART=NAME`" + ` runs one. ` + "`make test`" + ` runs a
share of each.
`

// render is the report of the results below root. A part without one says so.
func render(root string) (string, error) {
	var b, table strings.Builder
	for _, p := range parts {
		r, err := readResult(root, p.name)
		if errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(&table, "| %s | not run yet | | |\n", p.name)
			fmt.Fprintf(&b, "\n## %s\n\nNot run yet: %s.\n", p.name, p.what)
			continue
		}
		if err != nil {
			return "", err
		}
		v := r.Versions
		fmt.Fprintf(&table, "| [%s](#%s) | %s | %s | %s |\n", p.name, p.name, r.outcome(), r.duration(), v.Commit)
		fmt.Fprintf(&b, "\n## %s\n\n%s: %s.\n\n`%s`, %s, gnark %s.\n", p.name, r.outcome(), p.what,
			strings.Join(p.command, " "), v.Go, v.Gnark)
		b.WriteString(lines(r.Figures))
	}
	return preface + "\n| part | outcome | time | commit |\n|---|---|---|---|\n" + table.String() + b.String(), nil
}

// lines shows figures: a table of those that have names, else a block as it is.
func lines(figures []figure) string {
	if len(figures) == 0 {
		return ""
	}
	var b strings.Builder
	if figures[0].Name == "" {
		b.WriteString("\n```\n")
		for _, f := range figures {
			b.WriteString(f.Value + "\n")
		}
		return b.String() + "```\n"
	}
	b.WriteString("\n| | |\n|---|---|\n")
	for _, f := range figures {
		fmt.Fprintf(&b, "| %s | %s |\n", f.Name, f.Value)
	}
	return b.String()
}

func writeReport(root string) error {
	text, err := render(root)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, page), []byte(text), 0o644)
}
