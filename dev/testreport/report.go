package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// event is a line of go test -json; see go doc test2json.
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
	Elapsed float64
}

// report gathers events.
type report struct {
	out     io.Writer
	outputs map[[2]string][]string // by package and test, until it ends
	skips   map[string][]string    // names of tests by reason
	passed  int
	failed  int
	skipped int
}

func newReport(out io.Writer) *report {
	return &report{out: out, outputs: map[[2]string][]string{}, skips: map[string][]string{}}
}

// read takes events to the end. What is no event is printed as it is.
func (r *report) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) == nil && e.Action != "" {
				r.take(e)
			} else {
				fmt.Fprintf(r.out, "%s", line)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the results: %w", err)
		}
	}
}

func (r *report) take(e event) {
	key := [2]string{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		fmt.Fprint(r.out, e.Output)
		return
	case "output":
		r.outputs[key] = append(r.outputs[key], e.Output)
		return
	case "pass", "fail", "skip":
	default:
		return
	}
	output := r.outputs[key]
	delete(r.outputs, key)
	if e.Test == "" {
		r.packageEnds(e, output)
		return
	}
	r.testEnds(e, output)
}

func (r *report) testEnds(e event, output []string) {
	switch e.Action {
	case "pass":
		r.passed++
	case "fail":
		r.failed++
		fmt.Fprint(r.out, strings.Join(output, ""))
	case "skip":
		r.skipped++
		reason := skipReason(output)
		r.skips[reason] = append(r.skips[reason], e.Test)
	}
}

func (r *report) packageEnds(e event, output []string) {
	switch e.Action {
	case "pass":
		fmt.Fprintf(r.out, "ok    %-50s %7.1fs\n", e.Package, e.Elapsed)
	case "fail":
		if r.failed == 0 { // it failed outside a test
			r.failed++
		}
		fmt.Fprint(r.out, strings.Join(output, ""))
		fmt.Fprintf(r.out, "FAIL  %-50s %7.1fs\n", e.Package, e.Elapsed)
	}
}

// place is where go test says that a line comes from.
var place = regexp.MustCompile(`^\s+\w+\.go:\d+: `)

// skipReason is what the test said when it was skipped.
func skipReason(output []string) string {
	for _, line := range output {
		at := place.FindString(line)
		if reason := strings.TrimSpace(line[len(at):]); at != "" && reason != "" {
			return reason
		}
	}
	return "no reason given"
}

// shown is how many names of one reason are listed.
const shown = 3

// end prints the skipped tests by reason, and the totals.
func (r *report) end() {
	reasons := make([]string, 0, len(r.skips))
	for reason := range r.skips {
		reasons = append(reasons, reason)
	}
	slices.Sort(reasons)
	for _, reason := range reasons {
		names := r.skips[reason]
		more := ""
		if n := len(names) - shown; n > 0 {
			more = fmt.Sprintf(" and %d more", n)
			names = names[:shown]
		}
		fmt.Fprintf(r.out, "skip  %s%s: %s\n", strings.Join(names, ", "), more, reason)
	}
	fmt.Fprintf(r.out, "%d passed, %d failed, %d skipped\n", r.passed, r.failed, r.skipped)
}
