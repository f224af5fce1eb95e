package plot

import (
	"encoding/binary"
	"os"
	"strings"
	"testing"
)

// TestWidthsAreTheFonts reads the widths of the font's own file, where it is installed.
func TestWidthsAreTheFonts(t *testing.T) {
	if !strings.HasPrefix(Family, "DejaVu Sans,") {
		t.Fatalf("the font is %s", Family)
	}
	for file, isBold := range map[string]bool{"DejaVuSans.ttf": false, "DejaVuSans-Bold.ttf": true} {
		data, err := os.ReadFile("/usr/share/fonts/truetype/dejavu/" + file)
		if err != nil {
			t.Skipf("%v: install the font (fonts-dejavu-core) to compare the table with it", err)
		}
		f := newFontFile(data)
		if f.unitsPerEm != unitsPerEm {
			t.Fatalf("%s has %d units", file, f.unitsPerEm)
		}
		for r := ' '; r <= '~'; r++ {
			if got := Width(string(r), unitsPerEm, isBold); got != float64(f.width(r)) {
				t.Errorf("%s: %q is %g wide, the table has %g", file, r, float64(f.width(r)), got)
			}
		}
		if got := f.width(ellipsis); got != ellipsisWidth {
			t.Errorf("%s: the ellipsis is %d wide", file, got)
		}
	}
}

// fontFile is as much of a TrueType file as widths need.
type fontFile struct {
	data             []byte
	unitsPerEm       int
	advances         int // offset of the table of widths
	longAdvances     int // entries of it
	characters, runs int // offset of the table of characters, and its ranges
}

func newFontFile(data []byte) *fontFile {
	f := &fontFile{data: data}
	tables := map[string]int{}
	for i := range f.number(4) {
		at := 12 + 16*i
		tables[string(data[at:at+4])] = int(binary.BigEndian.Uint32(data[at+8:]))
	}
	f.unitsPerEm, f.longAdvances, f.advances = f.number(tables["head"]+18), f.number(tables["hhea"]+34), tables["hmtx"]
	cmap := tables["cmap"]
	for i := range f.number(cmap + 2) {
		at := cmap + 4 + 8*i
		if f.number(at) == 3 && f.number(at+2) == 1 { // Unicode's first plane
			f.characters = cmap + int(binary.BigEndian.Uint32(data[at+4:]))
			f.runs = f.number(f.characters+6) / 2
		}
	}
	return f
}

func (f *fontFile) number(at int) int { return int(binary.BigEndian.Uint16(f.data[at:])) }

// width finds a character's width by the ranges of a character table of format 4.
func (f *fontFile) width(r rune) int {
	ends := f.characters + 14
	starts := ends + 2*f.runs + 2
	for i := range f.runs {
		start := f.number(starts + 2*i)
		if int(r) < start || int(r) > f.number(ends+2*i) {
			continue
		}
		delta, place := f.number(starts+2*f.runs+2*i), starts+4*f.runs+2*i
		glyph := int(r)
		if offset := f.number(place); offset != 0 {
			glyph = f.number(place + offset + 2*(int(r)-start))
		}
		return f.number(f.advances + 4*min((glyph+delta)&0xffff, f.longAdvances-1))
	}
	return -1
}

func TestShorten(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "short": "short", "abcdefghijklmnopqrst": "abcd…qrst",
		strings.Repeat("i", 1000): strings.Repeat("i", 9) + "…" + strings.Repeat("i", 8),
	} {
		if got := shorten(text, 62, 10, false); got != want || needs(got, 10, false) > 62 {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if got := shorten("WWWW", 1, 10, true); got != "…" {
		t.Errorf("without room, %q", got)
	}
}
