package compiler

import (
	"container/heap"
	"errors"
	"fmt"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/problem"
)

// rewriter applies passes to a program. For each pass it keeps the steps that are
// still to be tried: all at first, then those near a change.
type rewriter struct {
	*ir.Index
	program *ir.Program
	passes  []pass
	todo    []worklist // by pass
	visits  int        // how often a pass was tried at a step
	changes int
	// after, if not nil, is called after each change: tests check the whole there.
	after func(pass string) error
}

func newRewriter(p *ir.Program, passes []pass) (*rewriter, error) {
	index, err := ir.NewIndex(p)
	if err != nil {
		return nil, err
	}
	x := &rewriter{Index: index, program: p, passes: passes, todo: make([]worklist, len(passes))}
	for i := range x.todo {
		x.todo[i].waits = make([]bool, x.Len())
	}
	for at := range x.Len() {
		x.again(at)
	}
	return x, nil
}

// run lets the passes take turns until none changes anything. Rounds are bounded
// against passes that undo each other: each that is useful removes or merges
// something, or moves a step past another.
func (x *rewriter) run() error {
	for before, rounds := -1, 0; before < x.changes; rounds++ {
		if rounds > (x.Len()+100)*(x.Len()+100) {
			return fmt.Errorf("the passes do not come to an end")
		}
		before = x.changes
		for i := range x.passes {
			err := x.turn(i)
			if of := (*problem.Error)(nil); errors.As(err, &of) { // the model's
				return err
			}
			if err != nil {
				return fmt.Errorf("pass %s: %w", x.passes[i].name, err)
			}
		}
	}
	return nil
}

// turn tries a pass at the steps that wait for it, in order. A step that a change
// sends back behind the one at hand waits for the next turn.
func (x *rewriter) turn(i int) error {
	pass, todo := x.passes[i], &x.todo[i]
	var later []int
	defer func() {
		for _, at := range later {
			todo.add(at)
		}
	}()
	for last := -1; todo.Len() > 0; {
		at := todo.next()
		if at <= last {
			later = append(later, at)
			continue
		}
		last = at
		if x.Step(at) == nil {
			continue
		}
		x.visits++
		changed, err := pass.run(x, x.Step(at))
		if err != nil {
			return err
		}
		if !changed {
			continue
		}
		x.changes++
		if x.after != nil {
			if err := x.after(pass.name); err != nil {
				return err
			}
		}
		if x.again(at); !pass.sweeps {
			return nil
		}
	}
	return nil
}

// again lets every pass try the step at a position, if it is still there.
func (x *rewriter) again(at int) {
	if at < 0 || x.Step(at) == nil {
		return
	}
	for i := range x.todo {
		x.todo[i].add(at)
	}
}

// replace gives a step another kind and other inputs.
func (x *rewriter) replace(s *ir.Step, kind ir.Kind, in []ir.ID) error {
	less, err := x.Replace(s, kind, in)
	if err != nil {
		return err
	}
	x.again(x.Position(s.Out))
	x.Readers(s.Out, x.again)
	x.released(less)
	return nil
}

// exchange swaps what two steps do, where the second reads the first and nobody else
// does. between is the new shape of the value between them.
func (x *rewriter) exchange(first, second *ir.Step, between []int) error {
	x.program.Shapes[first.Out] = between
	x.retype(first, second)
	first.Node, second.Node = second.Node, first.Node
	kind := first.Kind
	if err := x.replace(first, second.Kind, first.In); err != nil {
		return err
	}
	return x.replace(second, kind, second.In)
}

// retype gives the value between two steps that change places the type that it will
// have. One of the two picks elements and changes no value: the element's type is then
// that of its source, where the second one picks, else that of the second one's values.
func (x *rewriter) retype(first, second *ir.Step) {
	as := second.Out
	if _, elementwise := second.Kind.(ir.Elementwise); !elementwise {
		as = first.In[0]
	}
	x.program.SameIntegers(first.Out, as)
}

// remove takes away a step that nobody reads, and returns what it read.
func (x *rewriter) remove(s *ir.Step) []ir.ID {
	less := x.Remove(s)
	x.released(less)
	return less
}

// released looks at values that lost a read: without any the producer is dead, and
// of a single one the reader may now do what it likes.
func (x *rewriter) released(ids []ir.ID) {
	for _, id := range ids {
		switch x.Uses(id) {
		case 0:
			x.again(x.Position(id))
		case 1:
			x.Readers(id, x.again)
		}
	}
}

// worklist is a set of positions that gives the first one first.
type worklist struct {
	queue positions
	waits []bool // by position
}

func (w *worklist) Len() int { return w.queue.Len() }

func (w *worklist) add(at int) {
	if !w.waits[at] {
		w.waits[at] = true
		heap.Push(&w.queue, at)
	}
}

func (w *worklist) next() int {
	at := heap.Pop(&w.queue).(int)
	w.waits[at] = false
	return at
}

// positions is a heap, least first.
type positions []int

func (p positions) Len() int           { return len(p) }
func (p positions) Less(i, j int) bool { return p[i] < p[j] }
func (p positions) Swap(i, j int)      { p[i], p[j] = p[j], p[i] }
func (p *positions) Push(x any)        { *p = append(*p, x.(int)) }

// Pop implements heap.Interface.
func (p *positions) Pop() any {
	last := len(*p) - 1
	at := (*p)[last]
	*p = (*p)[:last]
	return at
}
