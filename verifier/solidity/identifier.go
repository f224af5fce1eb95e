package solidity

import (
	"path/filepath"
	"regexp"
	"strings"
)

// maxIdentifier keeps file names short enough for every file system.
const maxIdentifier = 64

var (
	alphanumeric = regexp.MustCompile(`[A-Za-z0-9]+`)
	words        = regexp.MustCompile(`\w+`)
)

// Identifier makes the contract's name from a model's, which may be a file's:
// mnist-8.onnx gives Mnist8. Anything but ASCII letters and digits separates
// words; a name without any is Model. The result never collides with a name
// that the contracts use themselves.
func Identifier(model string) string {
	model = strings.TrimSuffix(filepath.Base(model), ".onnx")
	var name string
	for _, part := range alphanumeric.FindAllString(model, -1) {
		part = strings.ToUpper(part[:1]) + part[1:]
		if name != "" && isDigit(name[len(name)-1]) && isDigit(part[0]) {
			name += "_"
		}
		name += part
	}
	name = name[:min(len(name), maxIdentifier)]
	if name == "" || isDigit(name[0]) {
		name = "Model" + name
	}
	if taken(name) {
		name += "Model"
	}
	return name
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// taken tells whether a word stands in the templates: a contract may not be
// called like one of its constants or errors.
func taken(name string) bool {
	names := []string{keyTemplate}
	for _, f := range files {
		if strings.HasSuffix(f.path, ".sol") {
			names = append(names, f.template)
		}
	}
	for _, template := range names {
		for _, word := range words.FindAllString(text(template), -1) {
			if word == name {
				return true
			}
		}
	}
	return false
}
