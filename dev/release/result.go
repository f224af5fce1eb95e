package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// folder is where results are kept.
const folder = "dev/release/results"

// result is what a part came to.
type result struct {
	Part     string   `json:"part"`
	Versions versions `json:"versions"`
	Passed   bool     `json:"passed"`
	Minutes  int      `json:"minutes"`
	Figures  []figure `json:"figures"`
}

// versions is what was examined, and with what.
type versions struct {
	Commit string `json:"commit"`
	Go     string `json:"go"`
	Gnark  string `json:"gnark"`
}

var gnark = regexp.MustCompile(`(?m)^\s+github\.com/consensys/gnark (\S+)`)

// versionsOf reads the versions of the project at root. A commit with changes that
// are not in it, results and reports aside, says so.
func versionsOf(root string) (versions, error) {
	v := versions{Go: runtime.Version()}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return v, err
	}
	if m := gnark.FindSubmatch(mod); m != nil {
		v.Gnark = string(m[1])
	}
	if v.Commit, err = git(root, "rev-parse", "--short=12", "HEAD"); err != nil {
		return v, err
	}
	changed, err := git(root, "status", "--porcelain", "--", ".", ":!docs/mutation.md", ":!"+page, ":!"+folder)
	if changed != "" {
		v.Commit += " with changes"
	}
	return v, err
}

func git(root string, args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w", args[0], err)
	}
	return strings.TrimSpace(string(out)), nil
}

func pathOf(root, part string) string { return filepath.Join(root, folder, part+".json") }

func readResult(root, part string) (*result, error) {
	data, err := os.ReadFile(pathOf(root, part))
	if err != nil {
		return nil, err
	}
	r := &result{}
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("%s: %w", pathOf(root, part), err)
	}
	return r, nil
}

func (r *result) write(root string) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(root, folder), 0o755); err != nil {
		return err
	}
	return os.WriteFile(pathOf(root, r.Part), append(data, '\n'), 0o644)
}

func (r *result) outcome() string {
	if r.Passed {
		return "passed"
	}
	return "failed"
}

func (r *result) duration() string {
	if r.Minutes == 0 {
		return "under a minute"
	}
	return fmt.Sprintf("%d min", r.Minutes)
}

// sumUp adds the counts of one package, by the first part of the subject: cases,
// attacks, admitted ones. Planted faults count by themselves, since theirs are
// admitted.
func sumUp(pkg, counts string) ([]figure, error) {
	type sum struct{ cases, attacks, admitted int }
	sums := map[string]*sum{}
	var order []string
	for line := range strings.Lines(counts) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cells) != 7 {
			return nil, fmt.Errorf("a count has %d cells, not 7: %q", len(cells), line)
		}
		attacks, err := strconv.Atoi(cells[4])
		if err != nil {
			return nil, err
		}
		admitted, err := strconv.Atoi(cells[5])
		if err != nil {
			return nil, err
		}
		name, _, _ := strings.Cut(cells[0], "/")
		if cells[0] == "planted/none" {
			name = "gadgets beside planted faults"
		}
		if sums[name] == nil {
			sums[name] = &sum{}
			order = append(order, name)
		}
		s := sums[name]
		s.cases, s.attacks, s.admitted = s.cases+1, s.attacks+attacks, s.admitted+admitted
	}
	var out []figure
	for _, name := range order {
		s := sums[name]
		out = append(out, figure{pkg + ", " + name, fmt.Sprintf("%d cases, %d attacks, %d admitted", s.cases, s.attacks,
			s.admitted)})
	}
	return out, nil
}
