package input

import (
	"errors"
	"strings"

	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/problem"
)

// Texts are what an input of texts may hold: each text stands for the number of its position
// in a list.
type Texts struct {
	list    []string
	others  bool
	number  map[string]int
	trimmed map[string]int // by the text without spaces around it; -1 where several are alike
}

// NewTexts numbers texts. With others, the number after the last one stands for all that are
// not listed.
func NewTexts(list []string, others bool) *Texts {
	t := &Texts{list: list, others: others, number: map[string]int{}, trimmed: map[string]int{}}
	for k, text := range list {
		t.number[text] = k
		bare := strings.TrimSpace(text)
		if _, twice := t.trimmed[bare]; twice {
			k = -1
		}
		t.trimmed[bare] = k
	}
	return t
}

// Number is the number of a text. The error lists the texts that there are.
func (t *Texts) Number(text string) (float64, error) {
	if k, ok := t.number[text]; ok {
		return float64(k), nil
	}
	if t.others {
		return float64(len(t.list)), nil
	}
	return 0, t.refusal()
}

// cell is Number of a cell of a table, which may have spaces around the text.
func (t *Texts) cell(text string) (float64, error) {
	if _, exact := t.number[text]; !exact {
		if k, ok := t.trimmed[strings.TrimSpace(text)]; ok && k >= 0 {
			return float64(k), nil
		}
	}
	return t.Number(text)
}

// listed tells whether a cell holds one of the texts.
func (t *Texts) listed(cell string) bool {
	_, exact := t.number[cell]
	k, ok := t.trimmed[strings.TrimSpace(cell)]
	return exact || ok && k >= 0
}

// refusal is the error for a text that is not listed. It does not show that text.
func (t *Texts) refusal() error {
	return &problem.Error{
		Code: problem.Choice, Got: "a text that the model does not know",
		Supported: "it knows " + printable.Names(t.list),
	}
}

// errTextArray refuses a binary array of texts.
var errTextArray = errors.New("its elements are texts, which are read from CSV and JSON only; write them there, " +
	"or give the number of each")
