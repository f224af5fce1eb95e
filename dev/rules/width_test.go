package rules

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// maxColumns is how wide a line may be, where a tab takes tabColumns.
const maxColumns, tabColumns = 120, 4

// wide is the file that may have wider lines: a table whose rows are names as long as the
// code that they name.
const wide = "dev/mutate/explained.go"

// columns is how wide a line is.
func columns(line string) int {
	return utf8.RuneCountInString(line) + (tabColumns-1)*strings.Count(line, "\t")
}

// TestLinesAreNarrow bounds the lines of Go files that people write.
func TestLinesAreNarrow(t *testing.T) {
	for _, s := range parse(t, files(t, ".go")) {
		if s.path == wide {
			continue
		}
		for i, line := range strings.Split(string(read(t, s.path)), "\n") {
			if n := columns(line); n > maxColumns {
				t.Errorf("%s:%d has %d columns, a line has at most %d", s.path, i+1, n, maxColumns)
			}
		}
	}
}
