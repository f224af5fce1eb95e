package input

import (
	"fmt"
	"maps"
	"slices"

	"github.com/zkml-go/zkml/printable"
)

// choose picks a part of a file by name: the one that was asked for, or else
// the first of the usual ones that exists, or the only part. what says what the
// parts are, for the error.
func choose[T any](parts map[string]T, what, asked string, usual ...string) (string, error) {
	if len(parts) == 0 {
		return "", fmt.Errorf("holds no %s", what)
	}
	names := slices.Sorted(maps.Keys(parts))
	if asked != "" {
		usual, names = []string{asked}, nil
	}
	for _, name := range usual {
		if _, ok := parts[name]; ok {
			return name, nil
		}
	}
	if len(names) == 1 {
		return names[0], nil
	}
	return "", fmt.Errorf("holds no %s %q; name one of its %d after the file's name, as #NAME: %s",
		what, usual[0], len(parts), printable.Names(slices.Sorted(maps.Keys(parts))))
}

// errNoName is the error for a file for several inputs that lacks one of them.
func errNoName(what, name string, have []string) error {
	if len(have) == 0 {
		return fmt.Errorf("holds no %s with a name; the model's inputs are found by name, as %q is",
			what, name)
	}
	return fmt.Errorf("holds no %s %q, which the model has as an input; it holds %s", what, name,
		printable.Names(have))
}
