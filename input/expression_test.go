package input

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestParsePicture(t *testing.T) {
	tests := []struct {
		expr          string
		scale, offset float64
	}{
		{"x", 1, 0},
		{"", 1, 0},
		{"x/255", 1.0 / 255, 0},
		{"(x/255-0.1307)/0.3081", 1 / (255 * 0.3081), -0.1307 / 0.3081},
		{"2*x/255 - 1", 2.0 / 255, -1},
		{"1 - x/255", -1.0 / 255, 1},
		{"-(-x)", 1, 0},
		{"x*(1/255)", 1.0 / 255, 0},
		{"x+x-1.5e1", 2, -15},
		{"+x/.5E-0", 2, 0},
		{"x - 2 - 3", 1, -5},
		{"x / 2 / 4", 0.125, 0},
		{"(x*3 - x*2)*(4-2)", 2, 0},
		{"2e400*x/1e400", 2, 0},
	}
	for _, test := range tests {
		t.Run(test.expr, func(t *testing.T) {
			p, err := ParsePicture(test.expr, false)
			if err != nil {
				t.Fatal(err)
			}
			if !near([]float64{p.Scale, p.Offset}, []float64{test.scale, test.offset}, 1e-15) {
				t.Errorf("got %v %v, want %v %v", p.Scale, p.Offset, test.scale, test.offset)
			}
		})
	}
}

// TestParsePictureExact shows that a mapping is rounded once: a third of three
// is one.
func TestParsePictureExact(t *testing.T) {
	p, err := ParsePicture("(x/3 + 0.1 + 0.2 - 0.3)*3 + 1/3*3 - 1", false)
	if err != nil || p.Scale != 1 || p.Offset != 0 {
		t.Errorf("got %+v, %v", p, err)
	}
}

func TestParsePictureErrors(t *testing.T) {
	tests := []struct{ expr, want string }{
		{"x//255", "character 3: expected a number, x or a parenthesis"},
		{"x/", "character 3: expected a number"},
		{"(x/255", "character 7: expected a closing parenthesis"},
		{"x)", "character 2: expected an operator or the end"},
		{"2x", "character 2: expected an operator"},
		{"y/255", "character 1: expected a number, x"},
		{"x*x", "character 2: x times x is not affine"},
		{"1/x", "character 2: a division by x is not affine"},
		{"x/(1-1)", "character 2: a division by zero"},
		{"x*1e9999", "character 3: an exponent may be at most 400"},
		{"x+.", "character 3: expected a digit"},
		{"x+1e", "character 4: expected an operator"},
		{"7", "must depend on x"},
		{"x-x", "must depend on x"},
		{"x*1e400", "with finite numbers"},
		{"x/1e400", "must depend on x"},
		{strings.Repeat("(", 300), "an expression may have at most 256 characters"},
		{"x+π", "character 3: expected a number"},
	}
	for _, test := range tests {
		t.Run(test.expr, func(t *testing.T) {
			if _, err := ParsePicture(test.expr, false); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// TestPictureJSON shows that a bundle keeps a mapping to the last bit.
func TestPictureJSON(t *testing.T) {
	p, err := ParsePicture("(x/255-0.1307)/0.3081", true)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back Picture
	if err := json.Unmarshal(text, &back); err != nil || back != p {
		t.Errorf("got %+v, %v, want %+v", back, err, p)
	}
}

func ExampleParsePicture() {
	p, _ := ParsePicture("x/255", true)
	fmt.Println(p.Value(0), p.Value(255))
	_, err := ParsePicture("x/255)", false)
	fmt.Println(err)
	// Output:
	// 1 0
	// picture expression "x/255)", character 6: expected an operator or the end
}
