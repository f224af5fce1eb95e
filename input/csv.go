package input

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/zkml-go/zkml/budget"
)

// table is a CSV file. Its rows are found first and parsed when they are read.
type table struct {
	data    []byte
	comma   rune
	rows    []csvRow
	columns []int // the columns that make up a sample, −1 for zeros
	texts   *Texts
	// missing, if it is not nil, tells of which elements of a sample an empty cell is a missing value.
	missing func(element int) bool
	named   bool // the first row has the names of the columns
}

// csvRow says where a row is and how many cells it has.
type csvRow struct {
	offset, end int64
	line, cells int
}

// decodeCSV reads rows of numbers separated by commas, semicolons or tabs. It skips
// a header, blank lines and lines that begin with #.
func decodeCSV(c content) (source, error) {
	t := &table{
		data: c.data, comma: commaOf(c.data), missing: c.spec.Missing, texts: c.spec.Texts, named: c.exact,
	}
	if err := t.checkSize(); err != nil {
		return nil, err
	}
	head, err := t.scan()
	if err != nil {
		return nil, err
	}
	names := t.dropHeader(head)
	if len(t.rows) == 0 {
		return nil, errors.New("holds no rows of numbers")
	}
	if err := t.checkWidths(); err != nil {
		return nil, err
	}
	if t.columns, err = c.columns(names, t.rows[0].cells); err != nil {
		return nil, err
	}
	a := &array{shape: []int{len(t.rows), len(t.columns)}, read: t.read}
	if c.part == "" {
		a.hint = "; pick columns by number or name, as #0-3 or #NAME after the file's name"
	}
	return a, nil
}

// columns returns the columns that the reference names; in a file for several inputs,
// the column whose header is the input's name.
func (c content) columns(names []string, width int) ([]int, error) {
	if c.spec.Keys != nil && c.part == "" && names != nil {
		trimmed := make([]string, len(names))
		for i, name := range names {
			trimmed[i] = strings.TrimSpace(name)
		}
		c.tellSurplus(trimmed)
		return keyColumns(c.spec.Keys, trimmed)
	}
	if !c.exact {
		return parseColumns(c.part, names, width)
	}
	var found []int
	for i, name := range names {
		if strings.TrimSpace(name) == c.spec.Name {
			found = append(found, i)
		}
	}
	c.tellSurplus(names)
	switch len(found) {
	case 0:
		return nil, errNoName("column", c.spec.Name, names)
	case 1:
		return found, nil
	}
	return nil, fmt.Errorf("has %d columns %q", len(found), c.spec.Name)
}

// checkSize checks the number of rows, of cells in a row and of all cells against the
// budget, before memory is allocated for them. A line break within quotes does not end
// its row.
func (t *table) checkSize() error {
	m, comma := budget.NewMeter(""), []byte(string(t.comma))
	cells, open := 1, false
	for rest := t.data; len(rest) > 0; {
		line := rest
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			line = rest[:i+1]
		}
		rest = rest[len(line):]
		if !open && line[0] == '#' {
			continue
		}
		cells += bytes.Count(line, comma)
		open = open != (bytes.Count(line, []byte{'"'})%2 == 1)
		if open && len(rest) > 0 {
			continue
		}
		err := errors.Join(m.Take(budget.Samples, 1), m.Take(budget.SampleElements, int64(cells)),
			budget.LayoutElements.Check("a row", int64(cells)))
		if err != nil {
			return err
		}
		cells = 1
	}
	return nil
}

// commaOf is the separator of the first line.
func commaOf(data []byte) rune {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	for _, r := range ",;\t" {
		if bytes.ContainsRune(line, r) {
			return r
		}
	}
	return ','
}

func (t *table) reader(data []byte) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.Comment = t.comma, '#'
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = t.comma != '\t'
	r.ReuseRecord = true
	return r
}

// scan finds the rows and returns the cells of the first two.
func (t *table) scan() (head [][]string, err error) {
	r := t.reader(t.data)
	for {
		start := r.InputOffset()
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return head, nil
		}
		if err != nil {
			return nil, csvFault(err)
		}
		line, _ := r.FieldPos(0)
		t.rows = append(t.rows, csvRow{offset: start, end: r.InputOffset(), line: line, cells: len(cells)})
		if len(head) < 2 {
			head = append(head, slices.Clone(cells))
		}
	}
}

// csvFault keeps only the place and kind of a syntax error.
func csvFault(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return fmt.Errorf("line %d, column %d: %w", parse.Line, parse.Column, parse.Err)
	}
	return err
}

// dropHeader removes a header from the rows and returns its names. A header is a row
// that has only names, or scikit-learn's row of counts and class names, or the latter
// followed by the former. A row of numbers with one bad cell is not a header but an
// error to report.
func (t *table) dropHeader(head [][]string) (names []string) {
	if len(head) == 2 {
		below := len(t.rows) - 1
		if !hasNumber(head[1]) {
			below--
		}
		if isCounts(head[0], below, t.rows[len(t.rows)-1].cells) {
			t.rows, head = t.rows[1:], head[1:]
		}
	}
	if len(head) > 0 && !hasNumber(head[0]) && !t.hasText(head[0]) {
		t.rows, names = t.rows[1:], head[0]
	}
	return names
}

// isCounts recognises scikit-learn's first row: the number of samples, the number of
// features, then the names of the classes. It is followed by that many rows of that
// many features and a class.
func isCounts(cells []string, rows, width int) bool {
	return len(cells) > 2 && !hasNumber(cells[2:]) &&
		cells[0] == strconv.Itoa(rows) && cells[1] == strconv.Itoa(width-1)
}

func hasNumber(cells []string) bool {
	for _, c := range cells {
		if _, err := parseCell(c); err == nil {
			return true
		}
	}
	return false
}

// hasText tells whether a row holds a text that the input may hold, which a row of names does
// not, as far as anybody knows.
func (t *table) hasText(cells []string) bool {
	return t.texts != nil && !t.named && slices.ContainsFunc(cells, t.texts.listed)
}

// truths are the words that stand for a number.
var truths = map[string]float64{"false": 0, "true": 1}

func parseCell(text string) (float64, error) {
	text = strings.TrimSpace(text)
	if v, ok := truths[strings.ToLower(text)]; ok {
		return v, nil
	}
	return strconv.ParseFloat(text, 64)
}

func (t *table) checkWidths() error {
	for i, r := range t.rows {
		if r.cells != t.rows[0].cells {
			return fmt.Errorf("row %d (line %d) has %d cells where the first has %d", i, r.line, r.cells,
				t.rows[0].cells)
		}
	}
	return nil
}

// read implements array.read for whole rows.
func (t *table) read(from, n int) ([]float64, error) {
	width := len(t.columns)
	out := make([]float64, 0, n)
	for i := from / width; i < (from+n)/width; i++ {
		row := t.rows[i]
		cells, err := t.reader(t.data[row.offset:row.end]).Read()
		if err != nil {
			return nil, csvFault(err)
		}
		for _, c := range t.columns {
			if c < 0 {
				out = append(out, 0)
				continue
			}
			v, err := t.value(cells[c], len(out))
			if err != nil {
				return nil, fmt.Errorf("row %d, column %d (line %d): %w", i, c, row.line, err)
			}
			out = append(out, v)
		}
	}
	return out, nil
}

// value is the number of a cell, or that of its text, as an element of a sample.
func (t *table) value(cell string, element int) (float64, error) {
	if t.texts != nil {
		return t.texts.cell(cell)
	}
	empty := strings.TrimSpace(cell) == ""
	v, err := parseCell(cell)
	switch {
	case (empty || err == nil && math.IsNaN(v)) && t.missing != nil && t.missing(element):
		return math.NaN(), nil
	case empty:
		return 0, errEmpty
	case err != nil || notFinite(v):
		return 0, errNotNumber
	}
	return v, nil
}

var (
	errEmpty     = errors.New("empty, where a number is needed")
	errNotNumber = errors.New("not a finite number")
)

// parseColumns resolves a list such as "0-3,age" to column numbers, and an empty list
// to all columns. Names in the header take precedence over numbers.
func parseColumns(list string, names []string, width int) ([]int, error) {
	if list == "" {
		list = fmt.Sprintf("0-%d", width-1)
	}
	var out []int
	for item := range strings.SplitSeq(list, ",") {
		first, last, ok := columnRange(item, names)
		if !ok || last < first || last >= width {
			return nil, fmt.Errorf("column %q: not one of the header's names, nor a number or range within 0-%d", item,
				width-1)
		}
		for c := first; c <= last; c++ {
			if slices.Contains(out, c) {
				return nil, fmt.Errorf("column %q: column %d is already in the list", item, c)
			}
			out = append(out, c)
		}
	}
	return out, nil
}

func columnRange(item string, names []string) (first, last int, ok bool) {
	for i, name := range names {
		if strings.TrimSpace(name) == item {
			return i, i, true
		}
	}
	low, high, isRange := strings.Cut(item, "-")
	if !isRange {
		high = low
	}
	a, err := strconv.ParseUint(low, 10, 31)
	b, err2 := strconv.ParseUint(high, 10, 31)
	return int(a), int(b), err == nil && err2 == nil
}
