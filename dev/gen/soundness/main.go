// Command soundness writes docs/soundness.md from the records that the
// examinations of circuits, lookup and compiler keep. Run it at the top of the
// project:
//
//	go run ./dev/gen/soundness
//
// go generate rewrites the records first, which takes minutes. It must not know
// how anything is examined. Nobody imports it.
package main

//go:generate go test ../../../lookup ../../../circuits ../../../compiler -run ^TestSoundness$ -timeout 20m -update
//go:generate go run . ../../..

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// records are what the page is made of.
var records = []string{
	"lookup/testdata/soundness.txt", "circuits/testdata/soundness.txt", "compiler/testdata/soundness.txt",
}

const page = "docs/soundness.md"

//go:embed page.md
var text string

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	out, err := render(root)
	if err == nil {
		err = os.WriteFile(filepath.Join(root, page), []byte(out), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "soundness:", err)
		os.Exit(1)
	}
}

// render gives the page's text.
func render(root string) (string, error) {
	sections := map[string][][]string{}
	for _, path := range records {
		data, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			return "", err
		}
		for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
			cells := strings.Split(line, "\t")
			sections[cells[0]] = append(sections[cells[0]], cells[1:])
		}
	}
	return fill(text, sections)
}

// tables gives each section its columns, by where the page has its name in
// braces.
var tables = map[string][]string{
	"lookup":          attacks("argument"),
	"gadget":          attacks("gadget"),
	"scenario":        attacks("scenario"),
	"operator":        attacks("operator"),
	"model":           attacks("model"),
	"without a fault": attacks("gadget"),
	"planted":         {"fault", "attacks", "admitted", "the first that forges an output", "seen in the structure"},
	"lookup pins":     pins("argument"),
	"gadget pins":     pins("gadget"),
	"scenario pins":   pins("scenario"),
	"operator pins":   pins("operator"),
	"model pins":      pins("model"),
	"exhaustive":      {"gadget", "wires", "inputs", "assignments", "witnesses", "outputs of an input"},
}

func attacks(subject string) []string {
	return []string{subject, "gates", "wires", "attacks", "admitted", "rejected by"}
}

func pins(subject string) []string {
	return []string{subject, "range polynomial", "lookup", "equation", "advice", "loose"}
}

// fill puts tables and totals into the page: {name} stands for the table of a
// section, {attacks} and {admitted} for sums over all of them.
func fill(text string, sections map[string][][]string) (string, error) {
	tried, admitted := 0, 0
	for name, rows := range sections {
		columns, ok := tables[name]
		if !ok {
			return "", fmt.Errorf("a record has section %q, which the page does not know", name)
		}
		for _, row := range rows {
			if len(row) != len(columns) {
				return "", fmt.Errorf("section %q has a row of %d cells, not %d: %v", name, len(row), len(columns), row)
			}
			if columns[len(columns)-1] != "rejected by" || name == "without a fault" {
				continue
			}
			n, err := strconv.Atoi(row[3])
			if err != nil {
				return "", err
			}
			through, err := strconv.Atoi(row[4])
			if err != nil {
				return "", err
			}
			tried, admitted = tried+n, admitted+through
		}
	}
	text = strings.NewReplacer("{attacks}", grouped(tried), "{admitted}", fmt.Sprint(admitted)).Replace(text)
	for name, columns := range tables {
		text = strings.ReplaceAll(text, "{"+name+"}", table(columns, sections[name]))
	}
	return text, nil
}

// table renders rows.
func table(columns []string, rows [][]string) string {
	var b strings.Builder
	b.WriteString("| " + strings.Join(columns, " | ") + " |\n|" + strings.Repeat("---|", len(columns)) + "\n")
	for _, row := range rows {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
	}
	return strings.TrimSpace(b.String())
}

// grouped writes a number with its thousands apart.
func grouped(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return grouped(n/1000) + fmt.Sprintf(",%03d", n%1000)
}
