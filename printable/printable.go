// Package printable owns how text from files reaches people: a terminal obeys control
// characters, so that a name in a file could move the cursor, draw an answer that no
// command gave, or turn the order of letters around. It must not know where text comes
// from or goes. Everybody may import it; it imports nothing of the project.
package printable

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Check refuses a text that holds anything but letters, marks, digits, punctuation,
// symbols and spaces: what a name or another text in a file must be.
func Check(text string) error {
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], string(r)) {
			return fmt.Errorf("%s is not UTF-8", Quote(text))
		}
		if !unicode.IsGraphic(r) {
			return fmt.Errorf("%s holds the character %U, which is not printable", Quote(text), r)
		}
	}
	return nil
}

// mostQuoted is how many bytes of a text Quote shows.
const mostQuoted = 64

// Quote shows the start of a text between quotes, its controls escaped.
func Quote(text string) string {
	if len(text) > mostQuoted {
		return fmt.Sprintf("%q...", text[:mostQuoted])
	}
	return fmt.Sprintf("%q", text)
}

// mostName is how many bytes of a name stand in a line without quotes.
const mostName = 200

// Name is a name from a file as a word of a line: itself, or Quote of it where it is long
// or has spaces or quotes, so that what comes after it in the line cannot be a part of it.
func Name(text string) string {
	apart := func(r rune) bool { return r == '"' || unicode.IsSpace(r) }
	if text == "" || len(text) > mostName || strings.ContainsFunc(text, apart) {
		return Quote(text)
	}
	return text
}

// mostNames is how many names of a list Names shows.
const mostNames = 10

// Names lists names for a message, each between quotes: all of a few, the first of many.
func Names(names []string) string {
	if rest := len(names) - mostNames; rest > 0 {
		return fmt.Sprintf("%q and %d more", names[:mostNames], rest)
	}
	return fmt.Sprintf("%q", names)
}

// Line is a text on one line: each character that is not printable, line ends and tabs
// with them, is written as JSON would escape it.
func Line(text string) string { return string(escape(nil, []byte(text), "")) }

// Lines is Line for a text that has lines and columns of its own.
func Lines(text string) string { return string(escape(nil, []byte(text), layout)) }

// layout is what a text of several lines is laid out with.
const layout = "\n\t"

// escape appends text with all but graphic characters and those of keep escaped. It
// takes each part of a text as it takes the whole.
func escape(to, text []byte, keep string) []byte {
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && n == 1:
			to = fmt.Appendf(to, `\x%02x`, text[0])
		case unicode.IsGraphic(r) || strings.ContainsRune(keep, r):
			to = append(to, text[:n]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			to = fmt.Appendf(to, `\u%04x\u%04x`, high, low)
		case r == '\n':
			to = append(to, `\n`...)
		case r == '\t':
			to = append(to, `\t`...)
		default:
			to = fmt.Appendf(to, `\u%04x`, r)
		}
		text = text[n:]
	}
	return to
}

// Writer passes on what is written to it as Lines gives it. JSON stays the same JSON.
// A terminal, or a file that is shown on one later, has it between itself and all that
// commands answer. A character may be written in parts.
type Writer struct {
	to   io.Writer
	rest []byte // the start of a character whose end is not written yet
}

// NewWriter writes to w.
func NewWriter(w io.Writer) *Writer { return &Writer{to: w} }

// Write implements io.Writer.
func (w *Writer) Write(p []byte) (int, error) {
	text := append(w.rest, p...)
	whole := len(text)
	for back := 1; back <= min(utf8.UTFMax-1, len(text)); back++ {
		if tail := text[len(text)-back:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				whole -= back
			}
			break
		}
	}
	w.rest = append([]byte(nil), text[whole:]...)
	if _, err := w.to.Write(escape(nil, text[:whole], layout)); err != nil {
		return 0, err
	}
	return len(p), nil
}
