package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// part is one long examination.
type part struct {
	name    string
	what    string // what it shows
	command []string
	// figures reads what the report says from the command's output and from the
	// folder that ZKML_COUNTS named.
	figures func(output, counts string) ([]figure, error)
}

// figure is a line of the report.
type figure struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

var parts = []part{
	{
		name:    "tests",
		what:    "every test, with the share of the long ones that every change is given",
		command: []string{"make", "test"},
		figures: found(regexp.MustCompile(`(?m)^()(\d+ passed, \d+ failed, \d+ skipped)$`)),
	},
	{
		name: "adversary",
		what: "all lies of a dishonest prover, to tables, gadgets, statements, operators and reference models",
		command: []string{"go", "test", "-count=1", "-timeout=4h", "-run=^TestSoundness$", "./lookup", "./circuits",
			"./compiler"},
		figures: attacks,
	},
	{
		name:    "mutants",
		what:    "every mutant of the circuit code against its tests",
		command: []string{"go", "run", "./dev/mutate", "-write", "docs/mutation.md"},
		figures: written("docs/mutation.md", regexp.MustCompile(`(?m)^()(\d+ mutants, .*)\.$`)),
	},
	{
		name:    "fuzz",
		what:    "every fuzz target for 200,000 inputs, slow ones for fewer",
		command: []string{"scripts/fuzz.sh", "200000x"},
		figures: found(regexp.MustCompile(`(?m)^fuzz \./(\S+ \S+) for (\S+)$`)),
	},
	{
		name: "slither",
		what: "slither over the contracts of contracts/src and over exports of every kind",
		command: []string{"sh", "-c", "scripts/slither.sh && " +
			"exec go test -count=1 -v -timeout=1h -run='^TestSlither$' ./verifier/solidity"},
		figures: found(regexp.MustCompile(`(?m)^ +\w+_test\.go:\d+: (slither): (.*)$`)),
	},
	{
		name:    "vectors",
		what:    "ONNX's official operator tests",
		command: []string{"go", "test", "-count=1", "-v", "-run=^TestVectors$", "./testkit/optest"},
		figures: found(regexp.MustCompile(`(?m)^ +\w+_test\.go:\d+: (official tests): (.*)$`)),
	},
	{
		name:    "agreement",
		what:    "the integer models against the float ones on MNIST's test images",
		command: []string{"go", "test", "-count=1", "-v", "-timeout=2h", "-run=^TestAgreement$", "./examples/mnist"},
		figures: byTest(regexp.MustCompile(`^ +\w+_test\.go:\d+: (private \w+): (.*)$`)),
	},
	{
		name:    "graphs",
		what:    "5,000 random graphs of many operators against onnxruntime",
		command: []string{"scripts/graphs.sh", "5000"},
		figures: found(regexp.MustCompile(`(?m)^graphs ?(.*): (.*)$`)),
	},
	{
		name:    "quantised",
		what:    "networks that onnxruntime quantised against it, bit for bit",
		command: []string{"go", "test", "-count=1", "-v", "-timeout=1h", "./dev/quantised"},
		figures: found(regexp.MustCompile(`(?m)^ +\w+_test\.go:\d+: ([^ ]+|quantised networks): (.*)$`)),
	},
	{
		name:    "bench",
		what:    "rows, time, memory, proof and gas of all reference models in all scenarios",
		command: []string{"sh", "-c", "scripts/fetch-srs.sh >&2 && exec go run ./dev/bench"},
		figures: whole,
	},
}

// run runs the part's command, shows its output and reads its figures.
func (p part) run(root string) (*result, error) {
	counts, err := os.MkdirTemp("", "zkml-release-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(counts)
	var output bytes.Buffer
	cmd := exec.Command(p.command[0], p.command[1:]...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "ZKML_COUNTS="+counts)
	if p.name != "tests" {
		cmd.Env = append(cmd.Env, "ZKML_WHOLE=1")
	}
	cmd.Stdout = io.MultiWriter(os.Stdout, &output)
	cmd.Stderr = os.Stderr
	begin := time.Now()
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	r := &result{Part: p.name, Passed: err == nil, Minutes: int(time.Since(begin).Round(time.Minute).Minutes())}
	if r.Figures, err = p.figures(output.String(), counts); err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	if r.Passed && len(r.Figures) == 0 {
		return nil, fmt.Errorf("%s: the output has none of the figures that the report wants", p.name)
	}
	return r, nil
}

// found reads a figure from each match of a pattern of two groups, its name and its
// value.
func found(pattern *regexp.Regexp) func(output, counts string) ([]figure, error) {
	return func(output, _ string) ([]figure, error) {
		var out []figure
		for _, m := range pattern.FindAllStringSubmatch(output, -1) {
			out = append(out, figure{m[1], m[2]})
		}
		return out, nil
	}
}

// written is found in a file that the command writes.
func written(path string, pattern *regexp.Regexp) func(output, counts string) ([]figure, error) {
	return func(_, counts string) ([]figure, error) {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		return found(pattern)(string(data), counts)
	}
}

// running is the line with which go test -v names the test that prints what
// follows.
var running = regexp.MustCompile(`^=== (?:RUN|NAME|CONT) +\S+/(\S+)$`)

// byTest is found, with the name of the subtest in front.
func byTest(pattern *regexp.Regexp) func(output, counts string) ([]figure, error) {
	return func(output, _ string) ([]figure, error) {
		var out []figure
		test := ""
		for line := range strings.Lines(output) {
			line = strings.TrimRight(line, "\n")
			if m := running.FindStringSubmatch(line); m != nil {
				test = m[1] + ", "
			}
			if m := pattern.FindStringSubmatch(line); m != nil {
				out = append(out, figure{test + m[1], m[2]})
			}
		}
		return out, nil
	}
}

// whole is the output itself, a line each.
func whole(output, _ string) ([]figure, error) {
	var out []figure
	for line := range strings.Lines(output) {
		if line = strings.TrimRight(line, " \n"); line != "" {
			out = append(out, figure{"", line})
		}
	}
	return out, nil
}

// attacks sums up what the records of soundness counted, by the first part of the
// subject.
func attacks(_, counts string) ([]figure, error) {
	files, err := filepath.Glob(filepath.Join(counts, "*.tsv"))
	if err != nil {
		return nil, err
	}
	var out []figure
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		sums, err := sumUp(strings.TrimSuffix(filepath.Base(path), ".tsv"), string(data))
		if err != nil {
			return nil, err
		}
		out = append(out, sums...)
	}
	return out, nil
}
