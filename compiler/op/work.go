package op

import (
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/tensor"
)

// Work is the work of a node besides the elements of its outputs.
type Work struct {
	// Multiplications are the products, sums or comparisons that Float takes.
	Multiplications int64
	// Terms are the terms that Lower lists one by one. Layers whose rows share patterns
	// and kernels list none.
	Terms int64
	// Indices are the elements that other steps list.
	Indices int64
	// Nodes are those of the graphs that a node runs, in all runs together; each counts for
	// several of the whole graph.
	Nodes int64
}

// Worker is an Op whose work is not proportional to the elements of its outputs. Work is
// called after Infer accepted the inputs, and before Float and Lower.
type Worker interface{ Work() Work }

// WorkOf is the work of an operator whose outputs are outs.
func WorkOf(o Op, outs []Out) Work {
	if w, ok := o.(Worker); ok {
		return w.Work()
	}
	n := int64(0)
	for _, out := range outs {
		n = budget.Sum(n, budget.Product(out.Shape...))
	}
	return Work{Multiplications: n}
}

// sharedWork is the work of a layer whose rows share patterns and kernels.
func sharedWork(sizes ...int) Work { return Work{Multiplications: budget.Product(sizes...)} }

// listedWork is the work of a sum whose terms are all listed.
func listedWork(sizes ...int) Work {
	n := budget.Product(sizes...)
	return Work{Multiplications: n, Terms: n}
}

// chosenWork is the work of a node that finds the largest of listed elements.
func chosenWork(sizes ...int) Work {
	n := budget.Product(sizes...)
	return Work{Multiplications: n, Indices: n}
}

// Work implements Worker.
func (o *operands) Work() Work { return listedWork(o.count, tensor.Size(o.shape)) }

// Work implements Worker.
func (e *extreme) Work() Work { return chosenWork(len(e.index), tensor.Size(e.shape)) }

// Work implements Worker.
func (g *gemm) Work() Work { return sharedWork(g.n, g.k, g.m) }

// Work implements Worker.
func (p *matmul) Work() Work { return sharedWork(len(p.a), p.n, p.k, p.m) }

// Work implements Worker.
func (c *conv) Work() Work {
	w := sharedWork(slices.Concat(c.taps, c.out)...)
	if c.variable {
		w.Indices = budget.Product(append(slices.Concat(c.taps, c.over.out()), c.out[0], c.groups)...)
	}
	return w
}

// Work implements Worker.
func (p *averagePool) Work() Work { return sharedWork(slices.Concat(p.over.kernel(), p.out)...) }

// Work implements Worker.
func (p *maxPool) Work() Work { return chosenWork(slices.Concat(p.over.kernel(), p.out)...) }

// Work implements Worker.
func (r *reduce) Work() Work {
	if r.rule.largest {
		return chosenWork(r.shape...)
	}
	return sharedWork(r.shape...)
}

// Work implements Worker: each side of a comparison is a sum of two operands.
func (c *comparison) Work() Work {
	sides := 1
	if c.both {
		sides = 2
	}
	return listedWork(sides*c.count, tensor.Size(c.shape))
}

// Work implements Worker.
func (m *argMax) Work() Work {
	n := 0
	for _, g := range m.groups {
		n += len(g)
	}
	return chosenWork(n)
}

// Work implements Worker: absolute integers are chosen from pairs, which are moved together.
func (u *unary) Work() Work {
	if u.integer == "" {
		return Work{Multiplications: int64(u.size)}
	}
	return chosenWork(u.size, 2+2)
}
