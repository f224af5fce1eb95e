package onnx

import "fmt"

// span is a range of versions, both ends included.
type span struct{ oldest, newest int64 }

func (s span) holds(v int64) bool { return s.oldest <= v && v <= s.newest }

// irVersions are the versions of the file format that this package reads.
// Version 3 was the first with opsets; 14 came with ONNX 1.23.
var irVersions = span{3, 14}

// opsets are the versions of ONNX's own operator sets that this package
// reads. Operators of other domains are accepted with any version: package op
// decides whether they are supported.
var opsets = map[string]span{
	"":           {7, 28},
	"ai.onnx.ml": {1, 5},
}

// opsetImport is one entry of a model's opset_import.
type opsetImport struct {
	domain  string
	version int64
}

// canonical returns the short name of the standard domain, and other domains unchanged.
func canonical(domain string) string {
	if domain == "ai.onnx" {
		return ""
	}
	return domain
}

// domainName returns the name of a domain for messages.
func domainName(domain string) string {
	if domain == "" {
		return "ai.onnx"
	}
	return domain
}

// addOpset records one import; two versions of one domain are refused.
func (m *model) addOpset(b []byte) error {
	var in opsetImport
	err := fields{1: text(&in.domain), 2: number(&in.version)}.read(b)
	if err != nil {
		return fmt.Errorf("opset import: %w", err)
	}
	domain := canonical(in.domain)
	if old, ok := m.opsets[domain]; ok && old != in.version {
		return fmt.Errorf("the file imports opsets %d and %d of %s; export it with only one",
			old, in.version, domainName(domain))
	}
	m.opsets[domain] = in.version
	return nil
}

// checkIR refuses a version of the file format that this package does not read.
func (m *model) checkIR() error {
	if irVersions.holds(m.ir) {
		return nil
	}
	if m.ir == 0 {
		return fmt.Errorf("no IR version: this is not an ONNX model, or it is damaged")
	}
	return fmt.Errorf("IR version %d is not supported, only %d to %d; "+
		"export the model again with a current ONNX release",
		m.ir, irVersions.oldest, irVersions.newest)
}

// opset returns the version of domain that the model imports, or an error
// that says which versions are read.
func (m *model) opset(domain string) (int, error) {
	version, ok := m.opsets[domain]
	if !ok {
		return 0, fmt.Errorf("the model imports no opset of domain %s; export it again", domainName(domain))
	}
	known, ok := opsets[domain]
	if !ok {
		known = span{1, 1<<31 - 1}
	}
	if !known.holds(version) {
		return 0, fmt.Errorf("opset %d of %s is not supported, only %d to %d; "+
			"convert the model with onnx.version_converter",
			version, domainName(domain), known.oldest, known.newest)
	}
	return int(version), nil
}
