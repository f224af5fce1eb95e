package input

import (
	"slices"
	"strings"
)

// Art draws a grey picture of the given width for a terminal, bright where the
// values are large. A character stands for two pixels, one above the other: a half
// block at edges and a shade elsewhere. Every line is width characters and a
// newline. Nothing is drawn for a width below 1 or no values. The drawing reveals
// the picture, so show it only to its owner.
func Art(t []float64, width int) string {
	if width < 1 || len(t) == 0 {
		return ""
	}
	low, high := slices.Min(t), slices.Max(t)
	level := func(i int) float64 {
		if i >= len(t) || !(high > low) {
			return 0
		}
		return (t[i] - low) / (high - low)
	}
	var art strings.Builder
	for row := 0; row < len(t); row += 2 * width {
		for x := range width {
			art.WriteRune(block(level(row+x), level(row+width+x)))
		}
		art.WriteByte('\n')
	}
	return art.String()
}

// block is the character for two levels 0..1, one above the other.
func block(top, bottom float64) rune {
	const edge = 0.5
	switch {
	case top-bottom > edge:
		return '▀'
	case bottom-top > edge:
		return '▄'
	}
	shades := []rune(" ░▒▓█")
	i := int((top + bottom) / 2 * float64(len(shades)))
	return shades[max(0, min(i, len(shades)-1))]
}
