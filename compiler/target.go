package compiler

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/zkml-go/zkml/problem"
)

// Target is what each output of the quantised model must reach on the samples. The zero
// value asks for nothing: 8 bits everywhere.
type Target struct {
	Top1  float64 // least share of samples whose class agrees, 0 for none
	Error float64 // largest absolute error of an output, 0 for none
	Bits  int     // bits of everything, 0 for a search
	// Near asks for the fewest of 8, 10 and 12 bits of everything that are near the model: an output
	// that is a class agrees on 99 % of the samples, and any other is within 1 % of the range that it
	// has on them. Where none is, more bits are taken as far as they halve the error; for classes also
	// 14 and 16, where these take at most half as many rows more. It stands alone.
	Near bool
}

// DefaultBits is what is used everywhere where no target is given.
const DefaultBits = 8

// What Target.Near asks for.
const (
	nearTop1  = 0.99
	nearError = 0.01
)

// ParseTarget reads a target in words: top1=99.9%, error=0.01, both with a comma between
// them, or bits=8.
func ParseTarget(text string) (Target, error) {
	if text == "" {
		return Target{}, nil
	}
	var t Target
	for _, part := range strings.Split(text, ",") {
		p, ok := parsePart(strings.TrimSpace(part))
		if !ok || p.Top1 > 0 && t.Top1 > 0 || p.Error > 0 && t.Error > 0 || t.Bits > 0 ||
			p.Bits > 0 && t != (Target{}) {
			return Target{}, &problem.Error{
				Code: problem.Choice, Option: "${Target}", Place: strconv.Quote(text),
				Remedy: "write top1=99.9%, error=0.01, both as in top1=99.9%,error=0.01, or bits=8 (2 to 16)",
			}
		}
		t.Top1, t.Error, t.Bits = t.Top1+p.Top1, t.Error+p.Error, t.Bits+p.Bits
	}
	return t, nil
}

// parsePart reads one condition.
func parsePart(text string) (t Target, ok bool) {
	name, value, _ := strings.Cut(text, "=")
	number, percent := strings.CutSuffix(value, "%")
	v, err := strconv.ParseFloat(number, 64)
	if percent {
		v /= 100
	}
	switch {
	case err != nil || percent && name != "top1":
	case name == "top1" && v > 0 && v <= 1:
		return Target{Top1: v}, true
	case name == "error" && v > 0:
		return Target{Error: v}, true
	case name == "bits" && v >= 2 && v <= 16 && v == float64(int(v)):
		return Target{Bits: int(v)}, true
	}
	return Target{}, false
}

func (t Target) String() string {
	switch {
	case t.Top1 > 0 && t.Error > 0:
		return Target{Top1: t.Top1}.String() + "," + Target{Error: t.Error}.String()
	case t.Top1 > 0:
		return fmt.Sprintf("top1=%g%%", 100*t.Top1)
	case t.Error > 0:
		return "error=" + strconv.FormatFloat(t.Error, 'f', -1, 64)
	case t.Bits > 0:
		return fmt.Sprintf("bits=%d", t.Bits)
	case t.Near:
		return "near"
	}
	return fmt.Sprintf("bits=%d", DefaultBits)
}

// searched tells whether the target asks for a search, and not for a number of bits.
func (t Target) searched() bool { return t.Top1 > 0 || t.Error > 0 }

// Met tells whether a report reaches the target.
func (t Target) Met(r Report) bool {
	return r.Top1 >= t.Top1 && (t.Error == 0 || r.MaxAbsError <= t.Error)
}
