package program

import "fmt"

// kind is a row of the table of kernels.
type kind struct {
	name        string
	least, most int // inputs
	// is tells whether a kernel is of this kind, and blank makes an empty one.
	is    func(Kernel) bool
	blank func() Kernel
	// check says why a kernel cannot take inputs of the given sizes to an output
	// of the given size, or nil.
	check func(k Kernel, in []int, out int) error
	// work counts what a kernel that passes its check asks for.
	work func(k Kernel) Work
}

// pointer is a kernel's type: a pointer to its struct.
type pointer[K any] interface {
	*K
	Kernel
}

func kindOf[K any, P pointer[K]](
	name string, least, most int, check func(k P, in []int, out int) error, work func(k P) Work,
) kind {
	return kind{
		name: name, least: least, most: most,
		is:    func(k Kernel) bool { _, ok := k.(P); return ok },
		blank: func() Kernel { return P(new(K)) },
		check: func(k Kernel, in []int, out int) error { return check(k.(P), in, out) },
		work:  func(k Kernel) Work { return work(k.(P)) },
	}
}

// anyInputs is the most inputs of a kernel that takes any number.
const anyInputs = 1 << 16

// kinds is the table of all kernels. A kernel that is not here cannot be stored.
// Questions lists the small interfaces by which other properties of a kernel are found.
var kinds = []kind{
	kindOf("linear", 0, anyInputs, (*Linear).check, (*Linear).work),
	kindOf("saturate", 1, 1, (*Saturate).check, (*Saturate).work),
	kindOf("table", 1, 1, (*Table).check, (*Table).work),
	kindOf("max", 1, 1, (*Max).check, (*Max).work),
	kindOf("argmax", 1, 1, (*ArgMax).check, (*ArgMax).work),
	kindOf("move", 1, anyInputs, (*Move).check, (*Move).work),
	kindOf("product", 2, 2, (*Product).check, (*Product).work),
	kindOf("quotient", 2, 2, (*Quotient).check, (*Quotient).work),
	kindOf("dot", 2, 2, (*Dot).check, (*Dot).work),
	kindOf("softmax", 1, 1, (*Softmax).check, (*Softmax).work),
	kindOf("compare", 1, 1, (*Compare).check, (*Compare).work),
	kindOf("splits", 1, 1, (*Splits).check, (*Splits).work),
	kindOf("trees", 1, 1, (*Trees).check, (*Trees).work),
	kindOf("top", 1, 1, (*Top).check, (*Top).work),
}

func kindOfKernel(k Kernel) (kind, error) {
	for _, d := range kinds {
		if d.is(k) {
			return d, nil
		}
	}
	return kind{}, fmt.Errorf("a kernel of type %T has no row in the table of kinds", k)
}

func kindNamed(name string) (kind, error) {
	for _, d := range kinds {
		if d.name == name {
			return d, nil
		}
	}
	return kind{}, fmt.Errorf("kind %q is unknown: compile the model again with this version of zkml", name)
}

// Classifier is a kernel whose outputs may be classes, positions in a list or sides of a
// threshold, and not numbers.
type Classifier interface{ Classifies() }

// Tabular is a kernel that looks values up: it lists its tables, and how often it asks
// each for an argument of size elements.
type Tabular interface {
	tables() []*Table
	queries(size int) []int
}

// Secretive is a kernel that can hold a private model's weights.
type Secretive interface {
	// Holds tells whether it holds secret weights, and whether they are witnesses.
	Holds() (secret, hashed bool)
	// fill is the kernel with w in place of every weight and bias.
	fill(w int64) Kernel
}

// bounded is a kernel whose stored form is shorter than its decoded form: it takes the
// difference from a budget.
type bounded interface {
	read(data []byte, left *allowance) error
}

// Questions are the questions that other packages ask about a kernel, by type assertion:
// a kernel without the interface answers no. A test compares every kind with a table of
// answers, so that none is forgotten.
var Questions = []struct {
	Name string
	Ask  func(Kernel) bool
}{
	{"closes open inputs", asks[Closer]},
	{"hands open inputs on", asks[passer]},
	{"shares among a batch", asks[Sharer]},
	{"has techniques", asks[Chooser]},
	{"gives classes", asks[Classifier]},
	{"looks up tables", asks[Tabular]},
	{"holds secrets", asks[Secretive]},
	{"is read within a budget", asks[bounded]},
}

func asks[I any](k Kernel) bool { _, ok := k.(I); return ok }

// Kinds lists an empty kernel of every kind, by name.
func Kinds() map[string]Kernel {
	out := map[string]Kernel{}
	for _, d := range kinds {
		out[d.name] = d.blank()
	}
	return out
}
