package readme

import (
	"regexp"
	"strings"
)

// block is a fenced block of a Markdown text.
type block struct {
	language string
	// first and last number the lines between the fences: [first, last).
	first, last int
}

// blocks finds the fenced blocks of lines.
func blocks(lines []string) []block {
	var out []block
	open := -1
	for i, line := range lines {
		fence, ok := strings.CutPrefix(line, "```")
		switch {
		case ok && open < 0:
			out = append(out, block{language: fence, first: i + 1})
			open = i
		case ok:
			out[len(out)-1].last = i
			open = -1
		}
	}
	return out
}

// step is a command of a console block, with the output that follows it.
type step struct {
	command string
	shown   []string // the command's own lines
	want    []string
}

// steps parts a console block: commands begin with "$ " and go on after a
// backslash.
func steps(lines []string) []step {
	var out []step
	for i := 0; i < len(lines); i++ {
		command, ok := strings.CutPrefix(lines[i], "$ ")
		if !ok {
			if len(out) > 0 {
				out[len(out)-1].want = append(out[len(out)-1].want, lines[i])
			}
			continue
		}
		s := step{shown: []string{lines[i]}}
		for strings.HasSuffix(command, "\\") && i+1 < len(lines) {
			i++
			s.shown = append(s.shown, lines[i])
			command = strings.TrimSuffix(command, "\\") + strings.TrimSpace(lines[i])
		}
		s.command = command
		out = append(out, s)
	}
	return out
}

// varying are the parts of an output that differ from run to run: digests of
// salted things, times, memory, gas of proofs, prices.
var varying = []struct {
	re *regexp.Regexp
	by string
}{
	{regexp.MustCompile(`(0x)?\b[0-9a-f]{24,}\b|0x[0-9a-f]{24,}`), "HEX"},
	{regexp.MustCompile(`\b[\d.]+ (s|MB)\b`), "N $1"},
	{regexp.MustCompile(`\bseconds +[\d.]+`), "seconds N"},
	{regexp.MustCompile(`\b(gas|least|mean|greatest|limit) +\d+\b`), "$1 N"},
	{regexp.MustCompile(`\b\d+ gas\b`), "N gas"},
	{regexp.MustCompile(`[\d.]+ ETH of the account's [\d.]+`), "N ETH of N"},
	{regexp.MustCompile(` +`), " "},
}

func normal(line string) string {
	for _, v := range varying {
		line = v.re.ReplaceAllString(line, v.by)
	}
	return strings.TrimSpace(line)
}
