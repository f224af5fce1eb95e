package op

import "github.com/zkml-go/zkml/compiler/ir"

// label emits the labels of all rows, given their sums.
func (c *treeClassifier) label(p *planting, sums ir.ID) (ir.ID, error) {
	shape := []int{p.rows}
	if c.twoWays() {
		margin := sums
		if !c.binary {
			var err error
			margin, err = p.linear("margin", sums, c.targets, []int{1}, []float64{1}, []float64{-c.threshold})
			if err != nil {
				return 0, err
			}
		}
		step := &ir.Move{In: make([]int32, p.rows), Index: make([]int32, p.rows)}
		for row := range p.rows {
			step.Index[row] = int32(row)
		}
		second := p.step("of the second class", shape, &ir.Compare{}, p.step("margin", shape, step, margin))
		return p.affinely(second, c.labels[0], c.labels[1]-c.labels[0])
	}
	groups := make([][]int32, p.rows)
	for row := range groups {
		for _, k := range c.voted {
			groups[row] = append(groups[row], int32(row*c.targets+k))
		}
	}
	best := p.step("best", shape, &ir.ArgMax{Groups: groups}, sums)
	if step := c.even(); step != nil {
		return p.affinely(best, c.labels[c.voted[0]], *step)
	}
	return c.named(p, best)
}

// affinely emits first + step·x.
func (p *planting) affinely(x ir.ID, first, step int) (ir.ID, error) {
	if first == 0 && step == 1 {
		return x, nil
	}
	a := newAffine(p.rows, x)
	for row := range a.Bias {
		a.term(row, 0, row, float64(step))
		a.Bias[row] = float64(first)
	}
	err := a.finish()
	return p.step("label", []int{p.rows}, &a.Affine, x), err
}

// even is the distance of labels that lie evenly, nil where they do not.
func (c *treeClassifier) even() *int {
	step := 1
	for i := 1; i < len(c.voted); i++ {
		d := c.labels[c.voted[i]] - c.labels[c.voted[i-1]]
		if i > 1 && d != step {
			return nil
		}
		step = d
	}
	return &step
}

// named emits the labels of positions: that of the first one, and a step at each further
// position.
func (c *treeClassifier) named(p *planting, best ir.ID) (ir.ID, error) {
	steps := len(c.voted) - 1
	beyond := &ir.Splits{}
	a := newAffine(p.rows, ir.ID(0))
	for row := range p.rows {
		a.Bias[row] = float64(c.labels[c.voted[0]])
		for k := range steps {
			beyond.Index, beyond.At = append(beyond.Index, int32(row)), append(beyond.At, float64(k+1))
			beyond.OrAt = append(beyond.OrAt, true)
			a.term(row, 0, row*steps+k, float64(c.labels[c.voted[k+1]]-c.labels[c.voted[k]]))
		}
	}
	err := a.finish()
	at := p.step("position", []int{p.rows, steps}, beyond, best)
	return p.step("label", []int{p.rows}, &a.Affine, at), err
}
