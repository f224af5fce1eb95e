package optest

import (
	_ "embed"
	"path"
	"strings"
)

// Lists that were made before the operators were: of official tests that ask for what no
// proof of a prediction can be of, each pattern with its reason, and of operators that
// occur in public galleries of networks or in what exporters and quantisers write.
var (
	//go:embed testdata/senseless.txt
	senselessList string
	//go:embed testdata/gallery.txt
	galleryList string
)

// Senseless says why an official test makes no sense for a proof; why is empty where
// it does.
func Senseless(test string) (why string) {
	for line := range strings.Lines(senselessList) {
		pattern, reason, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if fits, err := path.Match(pattern, test); err == nil && fits {
			return reason
		}
	}
	return ""
}

// Gallery are the operators of public galleries and of exporters.
func Gallery() map[string]bool {
	out := map[string]bool{}
	for _, name := range strings.Fields(galleryList) {
		out[name] = true
	}
	return out
}

// Share counts official tests that make sense, and those of them that pass. Gallery
// counts the ones whose operator is in Gallery: a test of an operator's expansion counts
// as one of the operator.
type Share struct{ Passed, Of, GalleryPassed, GalleryOf int }

// Shares counts the verdicts on official tests. A test without inputs passes by being
// folded.
func Shares(verdicts []Verdict) Share {
	var s Share
	gallery, subjects := Gallery(), map[string]string{}
	for _, v := range verdicts {
		subjects[v.Test] = v.Op
	}
	for _, v := range verdicts {
		if Senseless(v.Test) != "" {
			continue
		}
		passed := v.Outcome == Passed || v.Outcome == Folded && v.Reason == ""
		s.count(passed, &s.Passed, &s.Of)
		base, _, _ := strings.Cut(v.Test, "_expanded")
		if name, ok := subjects[base]; ok && gallery[name] {
			s.count(passed, &s.GalleryPassed, &s.GalleryOf)
		}
	}
	return s
}

func (s *Share) count(passed bool, yes, all *int) {
	*all++
	if passed {
		*yes++
	}
}
