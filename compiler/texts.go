package compiler

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/visibility"
)

// withoutTexts is what to do about a node that is not for texts.
const withoutTexts = "prove another output (${Outputs}), or encode texts before the model"

// classNumbers are the numbers of classes by their labels, where these are integers and
// others than the numbers.
func classNumbers(out op.Out) map[float64]float64 {
	if out.DType.IsFloat() || out.Texts != nil || numbered(out.Labels) {
		return nil
	}
	of := map[float64]float64{}
	for k, text := range out.Labels {
		label, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil
		}
		of[float64(label)] = float64(k)
	}
	return of
}

// numbered tells whether labels are nothing but the numbers of their classes, or none.
func numbered(labels []string) bool {
	for k, text := range labels {
		if text != strconv.Itoa(k) {
			return false
		}
	}
	return true
}

// classesOf are the numbers of the classes of labels.
func (p Port) classesOf(labels []float64) []float64 {
	out := make([]float64, len(labels))
	for i, label := range labels {
		out[i] = p.classes[label]
	}
	return out
}

// classID is the value with the numbers of classes that a value with their labels is made
// from, one by one.
func (p Port) classID(program *ir.Program, id ir.ID) (ir.ID, error) {
	made := labellings(program)[id]
	if made == nil || program.Size(made.Out) != program.Size(id) {
		return 0, fmt.Errorf("output %s: %w", p.Name, errors.New("its class is not found behind its labels; "+
			"reveal its scores, which are the labels"))
	}
	return made.Out, nil
}

// textsOf are what the integers of an output stand for: of a value of text its texts, of
// classes their labels, where these are others than the numbers.
func (p Port) textsOf(t visibility.Tensor) []visibility.Text {
	texts := p.Texts
	if texts == nil && t.Classes && !numbered(p.Labels) && int64(len(p.Labels)) >= t.ClassCount {
		texts = p.Labels
	}
	return listed(texts, t)
}

// listed numbers texts, of those numbers that a tensor has.
func listed(texts []string, t visibility.Tensor) []visibility.Text {
	var out []visibility.Text
	most := t.Highest()
	if t.ClassCount > 0 {
		most = t.ClassCount - 1
	}
	for k, text := range texts {
		if int64(k) <= most {
			out = append(out, visibility.Text{Number: int64(k), Text: text})
		}
	}
	return out
}
