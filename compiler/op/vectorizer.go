package op

import (
	"errors"
	"fmt"

	"github.com/zkml-go/zkml/compiler/graph"
)

func init() {
	register(Spec{
		Name: "FeatureVectorizer", Domain: mlDomain, Since: []int{1}, Note: "all",
		New: takes(1, anyNumber, newFeatureVectorizer),
	})
}

// newFeatureVectorizer binds the operator that joins columns: of each input as many as the
// attribute says, zeros where it has fewer.
func newFeatureVectorizer(n *graph.Node) (Op, error) {
	widths, total := n.Ints("inputdimensions"), 0
	if len(widths) != len(n.Inputs) {
		return nil, fmt.Errorf("attribute inputdimensions has %d entries for %d inputs", len(widths), len(n.Inputs))
	}
	for _, w := range widths {
		if w < 0 || w > maxElements || total+w > maxElements {
			return nil, fmt.Errorf("attribute inputdimensions is %v: too many columns, or less than none", widths)
		}
		total += w
	}
	return &movement{plan: func(in []Arg) ([]moved, error) {
		rows, _, err := rowsOf(in[0].Shape)
		if err != nil {
			return nil, err
		}
		p := moved{dtype: graph.Float32, shape: []int{rows, total}}
		if err := checkSize(p.shape); err != nil {
			return nil, err
		}
		for row := range rows {
			for k, a := range in {
				have, columns, err := 0, 0, errors.New("it is absent")
				if a.Present {
					have, columns, err = rowsOf(a.Shape)
				}
				if err != nil || have != rows {
					return nil, fmt.Errorf("input %d of shape %v does not fit to %d rows", k, a.Shape, rows)
				}
				for i := range widths[k] {
					s := source{in: -1}
					if i < columns {
						s = source{int32(k), int32(row*columns + i)}
					}
					p.from = append(p.from, s)
				}
			}
		}
		return []moved{p}, nil
	}}, nil
}
