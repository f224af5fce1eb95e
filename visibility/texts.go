package visibility

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/printable"
)

// Text is what a number stands for.
type Text struct {
	Number int64  `json:"number"`
	Text   string `json:"text"`
}

// CheckTexts refuses texts that people could not tell apart or that no terminal should
// show, and more of them than package budget allows.
func CheckTexts(list []string) error {
	if err := budget.Texts.Check("", int64(len(list))); err != nil {
		return err
	}
	seen, size := map[string]bool{}, 0
	for _, text := range list {
		if size += len(text); seen[text] {
			return fmt.Errorf("the text %s is listed twice", printable.Quote(text))
		}
		if err := budget.TextLength.Check("", int64(len(text))); err != nil {
			return err
		}
		if err := printable.Check(text); err != nil {
			return err
		}
		seen[text] = true
	}
	return budget.TextBytes.Check("", int64(size))
}

// Label returns the text of a number, if the tensor has one for it.
func (t Tensor) Label(number int64) (string, bool) {
	if k := slices.IndexFunc(t.Texts, func(x Text) bool { return x.Number == number }); k >= 0 {
		return t.Texts[k].Text, true
	}
	return "", false
}

// Numbers is how many numbers stand for texts, other texts among them; 0 if none do.
func (t Tensor) Numbers() int64 {
	if t.Others {
		return int64(len(t.Texts)) + 1
	}
	return int64(len(t.Texts))
}

// Labels lists the texts.
func (t Tensor) Labels() []string {
	out := make([]string, len(t.Texts))
	for i, x := range t.Texts {
		out[i] = x.Text
	}
	return out
}

// checkTexts refuses texts of real numbers, and of numbers that the format does not hold.
func (t Tensor) checkTexts() error {
	if len(t.Texts) > 0 && !t.Classes && t.Type != Integer {
		return fmt.Errorf("only classes and integers have texts")
	}
	seen := map[int64]bool{}
	for _, x := range t.Texts {
		if seen[x.Number] || x.Number < t.Lowest() || x.Number > t.Highest() {
			return fmt.Errorf("the text of %d appears twice, or the format does not hold that number", x.Number)
		}
		seen[x.Number] = true
	}
	if t.Others && int64(len(t.Texts)) > t.Highest() {
		return fmt.Errorf("the format does not hold %d, which stands for other texts", len(t.Texts))
	}
	return CheckTexts(t.Labels())
}

// checkInputTexts refuses texts of an input whose numbers do not count from 0, and what an
// output has no use for.
func (p *Port) checkInputTexts() error {
	if p.Role != RoleInput {
		if p.Others {
			return fmt.Errorf("only inputs have a number for other texts")
		}
		return nil
	}
	for k, x := range p.Texts {
		if x.Number != int64(k) {
			return fmt.Errorf("the text of an input has the number %d, and is at position %d", x.Number, k)
		}
	}
	if p.Others && len(p.Texts) == 0 {
		return fmt.Errorf("a number for other texts, and none for a text")
	}
	return nil
}

// textDetails are the part of a format that says what numbers stand for.
func (t Tensor) textDetails() string {
	var b strings.Builder
	for _, x := range t.Texts {
		fmt.Fprintf(&b, "; %d is %q", x.Number, x.Text)
	}
	if t.Others {
		fmt.Fprintf(&b, "; %d is any other text", len(t.Texts))
	}
	return b.String()
}
