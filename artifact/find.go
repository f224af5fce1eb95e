package artifact

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/zkml-go/zkml/printable"
)

// shown is the number of names that an error lists.
const shown = 12

// Find returns the path of the only bundle in a folder: the only folder whose name
// ends in Suffix. If there are none or several, the error lists what it found.
func Find(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("look for a bundle: %w", err)
	}
	var bundles, others []string
	for _, e := range entries {
		name := e.Name()
		info, err := os.Stat(filepath.Join(dir, name))
		if printable.Check(name) != nil {
			continue // its name would be printed raw; the user can still name it
		}
		if err == nil && info.IsDir() && strings.HasSuffix(name, Suffix) {
			bundles = append(bundles, name)
		} else if !strings.HasPrefix(name, ".") {
			others = append(others, name)
		}
	}
	switch len(bundles) {
	case 1:
		return filepath.Join(dir, bundles[0]), nil
	case 0:
		return "", fmt.Errorf("no bundle (a folder *%s) in %s, which holds %s: name one, or make it with zkml "+
			"compile MODEL.onnx", Suffix, dir, some(others))
	}
	return "", fmt.Errorf("%d bundles in %s: %s: name the one you mean", len(bundles), dir, some(bundles))
}

func some(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	if rest := len(names) - shown; rest > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), rest)
	}
	return strings.Join(names, ", ")
}
