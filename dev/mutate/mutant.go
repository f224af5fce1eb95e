package main

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// mutant is one edit of the code. Its number is what the environment variable
// chooses; its name stays the same while its function does.
type mutant struct {
	id       int
	file     string // from the repository's root
	function string
	what     string // the edit, in words and a piece of code
	ordinal  int    // among equal ones of the function
}

func (m mutant) name() string {
	s := fmt.Sprintf("%s %s: %s", m.file, m.function, m.what)
	if m.ordinal > 1 {
		s += fmt.Sprintf(" (%d)", m.ordinal)
	}
	return s
}

// number gives mutants their ids, from 1, and tells equal ones apart.
func number(list []mutant) {
	seen := map[string]int{}
	for i := range list {
		key := list[i].name()
		seen[key]++
		list[i].id, list[i].ordinal = i+1, seen[key]
	}
}

// sample picks n mutants that look random. A mutant that comes or goes hardly
// changes the choice.
func sample(list []mutant, n int) []mutant {
	hash := func(m mutant) string {
		sum := sha256.Sum256([]byte("zkml mutants 1 " + m.name()))
		return string(sum[:])
	}
	out := slices.Clone(list)
	sort.Slice(out, func(i, j int) bool { return hash(out[i]) < hash(out[j]) })
	return out[:min(n, len(out))]
}

// oneLine shortens code for a name.
func oneLine(code string) string {
	code = strings.Join(strings.Fields(code), " ")
	if r := []rune(code); len(r) > 70 {
		return string(r[:69]) + "…"
	}
	return code
}
