package input

import (
	"errors"
	"fmt"
	"strconv"
)

// isPGM recognises the two kinds of grey Netpbm files, P2 in text and P5 in
// bytes.
func isPGM(data []byte) bool {
	return len(data) > 2 && data[0] == 'P' && (data[1] == '2' || data[1] == '5') && isBlank(data[2])
}

func isBlank(b byte) bool { return b == ' ' || b >= '\t' && b <= '\r' }

// pgm reads a PGM file; at is the next byte.
type pgm struct {
	data []byte
	at   int
}

// decodePGM scales the values so that the file's own maximum becomes 255.
func decodePGM(c content) (source, error) {
	if !isPGM(c.data) {
		return nil, errors.New("is not a PGM picture of kind P2 or P5")
	}
	p := &pgm{data: c.data, at: 2}
	var head [3]int
	for i, what := range []string{"width", "height", "maximum"} {
		n, err := p.number()
		if err != nil || n < 1 {
			return nil, fmt.Errorf("byte %d: expected the PGM header's %s", p.at, what)
		}
		head[i] = n
	}
	w, h, top := head[0], head[1], head[2]
	if top > 0xffff {
		return nil, errors.New("its PGM maximum is more than 65535")
	}
	if err := checkPixels(w, h, 1, len(c.data)); err != nil {
		return nil, err
	}
	next := p.number
	if c.data[1] == '5' {
		p.at++ // one blank separates the header from the pixels
		next = p.sample(top)
	}
	plane := make([]float64, w*h)
	for i := range plane {
		v, err := next()
		if err != nil || v > top {
			return nil, fmt.Errorf("pixel %d at byte %d: missing, or not a grey value up to the file's maximum",
				i, p.at)
		}
		plane[i] = float64(v) * 255 / float64(top)
	}
	return picture{w: w, h: h, planes: [][]float64{plane}}, nil
}

var errPGM = errors.New("not a number")

// number reads a decimal number after blanks and comments.
func (p *pgm) number() (int, error) {
	for p.at < len(p.data) && (isBlank(p.data[p.at]) || p.data[p.at] == '#') {
		if p.data[p.at] == '#' {
			for p.at < len(p.data) && p.data[p.at] != '\n' {
				p.at++
			}
			continue
		}
		p.at++
	}
	start := p.at
	for p.at < len(p.data) && p.data[p.at] >= '0' && p.data[p.at] <= '9' {
		p.at++
	}
	n, err := strconv.ParseUint(string(p.data[start:p.at]), 10, 31)
	if err != nil {
		return 0, errPGM
	}
	return int(n), nil
}

// sample returns a function that reads a value of one byte, or of two if the maximum
// needs them.
func (p *pgm) sample(top int) func() (int, error) {
	size := 1
	if top > 255 {
		size = 2
	}
	return func() (int, error) {
		if p.at+size > len(p.data) {
			return 0, errPGM
		}
		v := 0
		for range size {
			v = v<<8 | int(p.data[p.at])
			p.at++
		}
		return v, nil
	}
}
