package plot

import (
	"strings"
	"unicode"
)

// Family is the font of all pictures, and what stands in for it where it is absent.
const Family = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif"

// widerFonts is how much wider others of the family may be: strokes and brackets of
// Verdana are the widest. A text that would then have no room states its length.
const widerFonts = 1.4

// unitsPerEm is the unit of the widths below: so many are the font's size.
const unitsPerEm = 2048

// The widths of DejaVu Sans and of its bold face, from the space to the tilde.
var (
	regular = [...]int{
		651, 821, 942, 1716, 1303, 1946, 1597, 563, 799, 799, 1024, 1716, 651, 739, 651, 690,
		1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 690, 690, 1716, 1716, 1716, 1087,
		2048, 1401, 1405, 1430, 1577, 1294, 1178, 1587, 1540, 604, 604, 1343, 1141, 1767, 1532, 1612,
		1235, 1612, 1423, 1300, 1251, 1499, 1401, 2025, 1403, 1251, 1403, 799, 690, 799, 1716, 1024,
		1024, 1255, 1300, 1126, 1300, 1260, 721, 1300, 1298, 569, 569, 1186, 569, 1995, 1298, 1253,
		1300, 1300, 842, 1067, 803, 1298, 1212, 1675, 1212, 1212, 1075, 1303, 690, 1303, 1716,
	}
	bold = [...]int{
		713, 934, 1067, 1716, 1425, 2052, 1786, 627, 936, 936, 1071, 1716, 778, 850, 778, 748,
		1425, 1425, 1425, 1425, 1425, 1425, 1425, 1425, 1425, 1425, 819, 819, 1716, 1716, 1716, 1188,
		2048, 1585, 1561, 1503, 1700, 1399, 1399, 1681, 1714, 762, 762, 1587, 1305, 2038, 1714, 1741,
		1501, 1741, 1577, 1475, 1397, 1663, 1585, 2259, 1579, 1483, 1485, 936, 748, 936, 1716, 1024,
		1024, 1382, 1466, 1214, 1466, 1389, 891, 1466, 1458, 702, 702, 1362, 702, 2134, 1458, 1407,
		1466, 1466, 1010, 1219, 979, 1458, 1335, 1892, 1321, 1335, 1192, 1458, 748, 1458, 1716,
	}
)

const (
	ellipsis      = '…'
	ellipsisWidth = 2048
	// All other characters come from whatever font has them: a text with one is drawn as
	// long as it is measured here (see words). Ideographs are as wide as high.
	foreignWidth    = 1500
	ideographs      = 0x1100
	ideographsWidth = unitsPerEm
)

// Width measures a text on one line, in pixels for a font of that many.
func Width(text string, size float64, isBold bool) float64 {
	widths := &regular
	if isBold {
		widths = &bold
	}
	units := 0
	for _, r := range text {
		switch {
		case r >= ' ' && int(r-' ') < len(widths):
			units += widths[r-' ']
		case r == ellipsis:
			units += ellipsisWidth
		case unicode.Is(unicode.Mn, r): // stands on the letter before
		case r >= ideographs:
			units += ideographsWidth
		default:
			units += foreignWidth
		}
	}
	return float64(units) * size / unitsPerEm
}

// slack is how much wider than measured a text may be drawn in the font itself, as a part
// of its width.
const slack = 0.04

// needs is the room that a text is given.
func needs(text string, size float64, isBold bool) float64 {
	return Width(text, size, isBold) * (1 + slack)
}

// shorten replaces the middle of a text by an ellipsis where it needs more room.
func shorten(text string, room, size float64, isBold bool) string {
	if needs(text, size, isBold) <= room {
		return text
	}
	letters := []rune(text)
	narrowest := Width("'", size, false)
	for keep := min(len(letters)-1, int(room/narrowest)); keep > 0; keep-- {
		head := (keep + 1) / 2
		short := string(letters[:head]) + string(ellipsis) + string(letters[len(letters)-keep+head:])
		if needs(short, size, isBold) <= room {
			return short
		}
	}
	return string(ellipsis)
}

// measured tells whether the widths of all characters of a text are known.
func measured(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r != ellipsis && (r < ' ' || r > '~') })
}
