package visibility_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/visibility"
)

// colours is an input of three categories.
func colours(texts ...string) visibility.Tensor {
	t := visibility.Tensor{Name: "x", Shape: []int{4}, Bits: 2, Scale: 1, Type: visibility.Integer}
	for k, text := range texts {
		t.Texts = append(t.Texts, visibility.Text{Number: int64(k), Text: text})
	}
	return t
}

// TestTextsOfPorts: classes and integers have texts, each number one and each text one.
func TestTextsOfPorts(t *testing.T) {
	long := make([]string, 2000)
	for i := range long {
		long[i] = fmt.Sprintf("%d%s", i, strings.Repeat("x", 1000))
	}
	for want, spoil := range map[string]func(*visibility.Tensor){
		"":                           func(*visibility.Tensor) {},
		"only classes and integers":  func(x *visibility.Tensor) { x.Type, x.Scale = visibility.Real, 0.5 },
		"the text of 1 appears":      func(x *visibility.Tensor) { x.Texts[0].Number = 1 },
		"the text of 4 appears":      func(x *visibility.Tensor) { x.Texts[0].Number = 4 },
		"the text of -1 appears":     func(x *visibility.Tensor) { x.Texts[0].Number = -1 },
		`the text "red" is listed`:   func(x *visibility.Tensor) { x.Texts[1].Text = "red" },
		"holds the character U+202E": func(x *visibility.Tensor) { x.Texts[1].Text = "a\u202e" },
		"1025 bytes of one text":     func(x *visibility.Tensor) { x.Texts[1].Text = strings.Repeat("a", 1025) },
		"bytes of texts of one": func(x *visibility.Tensor) {
			*x = colours(long...)
			x.Bits = 12
		},
		"the format does not hold 2": func(x *visibility.Tensor) {
			x.Bits, x.Others, x.Texts = 1, true, append(x.Texts[:1:1], visibility.Text{Number: 1, Text: "b"})
		},
		"and none for a text":                    func(x *visibility.Tensor) { x.Texts, x.Others = nil, true },
		"has the number 3, and is at position 2": func(x *visibility.Tensor) { x.Texts[2].Number = 3 },
		"65537 texts": func(x *visibility.Tensor) {
			*x = colours(make([]string, 1<<16+1)...)
			x.Bits = 20
		},
	} {
		plan := plans(3, 4)[0]
		plan.Private = visibility.Private{}
		x := colours("red", "green", "")
		x.Name = plan.Inputs[0].Name
		spoil(&x)
		plan.Inputs[0] = x
		_, err := plan.Layout()
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestEncodeTexts refuses a number that stands for no text.
func TestEncodeTexts(t *testing.T) {
	x := colours("red", "green")
	for _, others := range []bool{false, true} {
		x.Others = others
		for number := range 4 {
			_, err := x.Encode([]float64{0, float64(number), 0, 0})
			if known := number < 2 || others && number == 2; (err == nil) != known {
				t.Errorf("%d, with others %t: %v", number, others, err)
			}
		}
	}
}

// TestDomainOfTexts: commitments in other tables are others, whatever the texts hold.
func TestDomainOfTexts(t *testing.T) {
	seen := map[string]string{}
	for _, texts := range [][]string{
		nil, {"a"}, {"a", "b"}, {"b", "a"}, {`a"; 1 is "b`}, {"a; 1 is b"}, {"", "a"},
	} {
		x := colours(texts...)
		if other, ok := seen[x.Domain()]; ok {
			t.Errorf("%q and %s have the domain %s", texts, other, x.Domain())
		}
		seen[x.Domain()] = fmt.Sprintf("%q", texts)
		if x.Others = len(texts) > 0; x.Others {
			if other, ok := seen[x.Domain()]; ok {
				t.Errorf("%q and others and %s have the domain %s", texts, other, x.Domain())
			}
			seen[x.Domain()] = fmt.Sprintf("%q and others", texts)
		}
	}
}
