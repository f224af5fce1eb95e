package input

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Picture says how a grey value x, 0..255, becomes the model's number: x first
// becomes 255-x if Invert is set, then Scale·x + Offset. A Picture without an
// expression, such as the zero value, does not scale x.
type Picture struct {
	// Expr is the expression that was given, for display.
	Expr   string  `json:"expr,omitempty"`
	Invert bool    `json:"invert,omitempty"`
	Scale  float64 `json:"scale,omitempty"`
	Offset float64 `json:"offset,omitempty"`
}

// Value maps one grey value. Its result has the same bits on every machine.
func (p Picture) Value(x float64) float64 {
	if p.Invert {
		x = 255 - x
	}
	if p.Scale == 0 {
		return x
	}
	// The conversion prevents a fused multiply-add.
	return float64(x*p.Scale) + p.Offset
}

// Limits on an expression, so that exact arithmetic on it stays small.
const (
	maxExpression = 256
	maxExponent   = 400
)

// ParsePicture reads an expression in x with + - * / and parentheses, such as
// (x/255-0.1307)/0.3081. It must be affine in x and depend on it. Slope and
// intercept are computed exactly and rounded once to float64. An empty
// expression means x itself. Errors give the position of the character.
func ParsePicture(expr string, invert bool) (Picture, error) {
	if strings.TrimSpace(expr) == "" {
		expr = "x"
	}
	p := &expression{text: expr}
	f, err := p.parse()
	if err != nil {
		return Picture{}, fmt.Errorf("picture expression %q, character %d: %w", expr, p.at+1, err)
	}
	scale, _ := f.slope.Float64()
	offset, _ := f.intercept.Float64()
	if scale == 0 || notFinite(scale) || notFinite(offset) {
		return Picture{}, fmt.Errorf("picture expression %q must depend on x, with finite numbers, as in x/255", expr)
	}
	return Picture{Expr: expr, Invert: invert, Scale: scale, Offset: offset}, nil
}

// affine is slope·x + intercept.
type affine struct{ slope, intercept *big.Rat }

func constant(v *big.Rat) affine { return affine{new(big.Rat), v} }

func (f affine) isConstant() bool { return f.slope.Sign() == 0 }

func (f affine) times(v *big.Rat) affine {
	return affine{new(big.Rat).Mul(f.slope, v), new(big.Rat).Mul(f.intercept, v)}
}

// operators are the four operations; each returns an error if it cannot be done.
var operators = map[byte]func(a, b affine) (affine, error){
	'+': func(a, b affine) (affine, error) {
		return affine{new(big.Rat).Add(a.slope, b.slope), new(big.Rat).Add(a.intercept, b.intercept)}, nil
	},
	'-': func(a, b affine) (affine, error) {
		return affine{new(big.Rat).Sub(a.slope, b.slope), new(big.Rat).Sub(a.intercept, b.intercept)}, nil
	},
	'*': func(a, b affine) (affine, error) {
		if b.isConstant() {
			return a.times(b.intercept), nil
		}
		if a.isConstant() {
			return b.times(a.intercept), nil
		}
		return affine{}, errors.New("x times x is not affine; use x once, with numbers around it")
	},
	'/': func(a, b affine) (affine, error) {
		if !b.isConstant() {
			return affine{}, errors.New("a division by x is not affine; divide by numbers only")
		}
		if b.intercept.Sign() == 0 {
			return affine{}, errors.New("a division by zero")
		}
		return a.times(new(big.Rat).Inv(b.intercept)), nil
	},
}

// expression is a recursive descent parser of a text; at is the next byte.
type expression struct {
	text string
	at   int
}

func (p *expression) parse() (affine, error) {
	if len(p.text) > maxExpression {
		return affine{}, fmt.Errorf("an expression may have at most %d characters", maxExpression)
	}
	f, err := p.sum()
	if err == nil && p.peek() != 0 {
		err = errors.New("expected an operator or the end")
	}
	return f, err
}

// peek skips blanks and returns the next byte, or 0 at the end.
func (p *expression) peek() byte {
	for p.at < len(p.text) && p.text[p.at] == ' ' {
		p.at++
	}
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

func (p *expression) sum() (affine, error)     { return p.chain("+-", p.product) }
func (p *expression) product() (affine, error) { return p.chain("*/", p.factor) }

// chain reads operands separated by operators of one precedence, from left to right.
func (p *expression) chain(ops string, operand func() (affine, error)) (affine, error) {
	left, err := operand()
	for err == nil {
		op := p.peek()
		if op == 0 || strings.IndexByte(ops, op) < 0 {
			return left, nil
		}
		at := p.at
		p.at++
		var right affine
		if right, err = operand(); err != nil {
			break
		}
		if left, err = operators[op](left, right); err != nil {
			p.at = at
		}
	}
	return affine{}, err
}

func (p *expression) factor() (affine, error) {
	switch c := p.peek(); {
	case c == '-' || c == '+':
		p.at++
		f, err := p.factor()
		if err == nil && c == '-' {
			f = f.times(big.NewRat(-1, 1))
		}
		return f, err
	case c == 'x':
		p.at++
		return affine{big.NewRat(1, 1), new(big.Rat)}, nil
	case c == '(':
		return p.parenthesis()
	case c >= '0' && c <= '9' || c == '.':
		return p.number()
	}
	return affine{}, errors.New("expected a number, x or a parenthesis")
}

func (p *expression) parenthesis() (affine, error) {
	p.at++
	f, err := p.sum()
	if err != nil {
		return affine{}, err
	}
	if p.peek() != ')' {
		return affine{}, errors.New("expected a closing parenthesis")
	}
	p.at++
	return f, nil
}

// number reads digits, a decimal point and an exponent, exactly.
func (p *expression) number() (affine, error) {
	end := p.digits(p.at)
	if end < len(p.text) && p.text[end] == '.' {
		end = p.digits(end + 1)
	}
	mantissa, exponent := p.text[p.at:end], "0"
	if end < len(p.text) && (p.text[end] == 'e' || p.text[end] == 'E') {
		start := end + 1
		if start < len(p.text) && (p.text[start] == '+' || p.text[start] == '-') {
			start++
		}
		if stop := p.digits(start); stop > start {
			exponent, end = p.text[end+1:stop], stop
		}
	}
	if e, err := strconv.Atoi(exponent); err != nil || e < -maxExponent || e > maxExponent {
		return affine{}, fmt.Errorf("an exponent may be at most %d", maxExponent)
	}
	v, ok := new(big.Rat).SetString(mantissa + "e" + exponent)
	if !ok {
		return affine{}, errors.New("expected a digit")
	}
	p.at = end
	return constant(v), nil
}

// digits returns the end of the run of digits that begins at a position.
func (p *expression) digits(at int) int {
	for at < len(p.text) && p.text[at] >= '0' && p.text[at] <= '9' {
		at++
	}
	return at
}
