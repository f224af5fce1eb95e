package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/libm"
	"github.com/zkml-go/zkml/tensor"
)

// kernel is a function of a row of features and a support vector: of their inner product,
// times gamma and plus coef0, or of gamma times their distance squared.
type kernel struct {
	name     string
	distance bool
	monotone bool
	f        func(x, degree float64) float64 // nil for x itself
}

// kernels are the values of the attribute kernel_type.
var kernels = []kernel{
	{name: "LINEAR", monotone: true},
	{name: "POLY", f: powerOf},
	{name: "RBF", distance: true, f: func(x, _ float64) float64 { return libm.Exp(-x) }},
	{name: "SIGMOID", monotone: true, f: func(x, _ float64) float64 { return libm.Tanh(x) }},
}

// machine is what both support vector machines have.
type machine struct {
	kernel
	gamma, coef0, degree float64
	coefficients, rho    []float64
	vectors              []float64 // one after the other
	count                int       // of the vectors
	rows, features       int       // of the input
}

func newMachine(n *graph.Node, count int) (m machine, err error) {
	name := n.String("kernel_type", kernels[0].name)
	i := slices.IndexFunc(kernels, func(k kernel) bool { return k.name == name })
	if i < 0 {
		return m, fmt.Errorf("attribute kernel_type is %q; supported are LINEAR, POLY, RBF and SIGMOID", name)
	}
	m.kernel, m.gamma, m.count = kernels[i], 1, count
	m.coefficients, m.rho = n.Attrs["coefficients"].Floats, n.Attrs["rho"].Floats
	m.vectors = n.Attrs["support_vectors"].Floats
	if m.f != nil {
		p := n.Attrs["kernel_params"].Floats
		if len(p) != 3 {
			return m, fmt.Errorf("attribute kernel_params has %d elements, but must have gamma, coef0 and degree",
				len(p))
		}
		m.gamma, m.coef0, m.degree = p[0], p[1], p[2]
	}
	for what, list := range map[string][]float64{
		"coefficients": m.coefficients, "rho": m.rho, "support_vectors": m.vectors,
		"kernel_params": {m.gamma, m.coef0, m.degree},
	} {
		if len(list) == 0 || slices.ContainsFunc(list, notFinite) {
			return m, fmt.Errorf("attribute %s is empty, or not finite; export the model again", what)
		}
	}
	if len(m.vectors)%count != 0 {
		return m, fmt.Errorf("attribute support_vectors has %d elements, which are no %d vectors", len(m.vectors),
			count)
	}
	return m, nil
}

// infer reads the input's shape, for so many scores of each row.
func (m *machine) infer(in []Arg, scores int) error {
	var err error
	if m.rows, m.features, err = featureRows(in[0]); err != nil {
		return err
	}
	if m.features != len(m.vectors)/m.count {
		return fmt.Errorf("rows of %d features, and support vectors of %d", m.features, len(m.vectors)/m.count)
	}
	if err := checkWork(m.rows, m.count, m.features); err != nil {
		return err
	}
	return checkWork(m.rows, m.count, scores)
}

// at is the vector of a number.
func (m *machine) at(k int) []float64 { return m.vectors[k*m.features : (k+1)*m.features] }

// float gives weighted sums of the kernel's values, for each row of features.
func (m *machine) float(x *tensor.Float, sums []weighted) *tensor.Float {
	out := tensor.New[float64](m.rows, len(sums))
	values := make([]float64, m.count)
	for row := range m.rows {
		of := x.Data[row*m.features : (row+1)*m.features]
		for k := range values {
			values[k] = m.value(of, m.at(k))
		}
		for i, s := range sums {
			total := 0.0
			for k, w := range s.weights {
				total += float64(w * values[k])
			}
			out.Data[row*len(sums)+i] = total + s.plus
		}
	}
	return out
}

func (m *machine) value(x, vector []float64) float64 {
	sum := 0.0
	for i, v := range vector {
		if m.distance {
			sum += float64((x[i] - v) * (x[i] - v))
		} else {
			sum += float64(x[i] * v)
		}
	}
	if sum = float64(m.gamma * sum); m.f == nil {
		return sum
	}
	if !m.distance {
		sum += m.coef0
	}
	return m.f(sum, m.degree)
}

// weighted is a sum of a weight for each vector, and a number.
type weighted struct {
	weights []float64 // by vector
	plus    float64
}

// lower emits weighted sums, under the name of an output.
func (m *machine) lower(l *Lowering, name string, sums []weighted) (ir.ID, error) {
	at, from, width := l.named(name, m.rows, len(sums)), l.ID[0], m.features
	if m.f != nil {
		var err error
		if from, err = m.values(l, name); err != nil {
			return 0, err
		}
		width = m.count
	}
	a := newAffine(m.rows*len(sums), from)
	pattern := a.Pattern(every(1, width), nil, nil)
	for i, s := range sums {
		weights := s.weights
		if m.f == nil {
			weights = m.joined(s)
		}
		kernel := a.Kernel(weights)
		for row := range m.rows {
			at := row*len(sums) + i
			a.Bias[at] = s.plus
			a.part(at, 0, pattern, kernel, row*width)
		}
	}
	return only(a.emit(at))
}

// joined are the weights of the features in a sum of a linear kernel's values.
func (m *machine) joined(s weighted) []float64 {
	features := len(m.vectors) / m.count
	weights := make([]float64, features)
	for k, w := range s.weights {
		if w == 0 { // most are, where there are many classes
			continue
		}
		for j, v := range m.vectors[k*features : (k+1)*features] {
			weights[j] += float64(w * v)
		}
	}
	return weights
}

// values emits the kernel's value for each vector.
func (m *machine) values(l *Lowering, name string) (ir.ID, error) {
	arguments, err := m.products(l, name)
	if m.distance {
		arguments, err = m.distances(l, name)
	}
	if err != nil {
		return 0, err
	}
	kernels := l.named(name, m.rows, m.count)
	if m.name == "POLY" && (m.degree == 1 || m.degree == 2 || m.degree == 3) {
		return kernels.power(arguments, m.degree), nil // exact to any number of bits, as no table is
	}
	f := &ir.Func{Name: "kernel " + m.name, Monotone: m.monotone,
		F: func(x float64) float64 { return m.f(x, m.degree) }}
	if m.name == "POLY" {
		f.Params = []float64{m.degree}
	}
	return kernels.Step(f, arguments), nil
}

// products emits the inner products, times gamma and plus coef0.
func (m *machine) products(l *Lowering, name string) (ir.ID, error) {
	a := newAffine(m.rows*m.count, l.ID[0])
	pattern := a.Pattern(every(1, m.features), nil, nil)
	for k := range m.count {
		weights := make([]float64, m.features)
		for j, v := range m.at(k) {
			weights[j] = float64(m.gamma * v)
		}
		kernel := a.Kernel(weights)
		for row := range m.rows {
			a.Bias[row*m.count+k] = m.coef0
			a.part(row*m.count+k, 0, pattern, kernel, row*m.features)
		}
	}
	return only(a.emit(l.named(name, m.rows, m.count)))
}

// distances emits gamma times the distances squared. With features and vectors about the
// middle of all vectors, little of the sum |x|² − 2xv + |v|² cancels.
func (m *machine) distances(l *Lowering, name string) (ir.ID, error) {
	middle := make([]float64, m.features)
	for i, v := range m.vectors {
		middle[i%m.features] += v / float64(m.count)
	}
	features := l.named(name, m.rows, m.features)
	about := newAffine(m.rows*m.features, l.ID[0])
	for i := range about.Bias {
		about.Bias[i] = -middle[i%m.features]
		about.term(i, 0, i, 1)
	}
	x, err := only(about.emit(features))
	if err != nil {
		return 0, err
	}
	a := newAffine(m.rows*m.count, features.product(x, x), x)
	for row := range m.rows {
		for k := range m.count {
			at := row*m.count + k
			for j, v := range m.at(k) {
				v -= middle[j]
				a.Bias[at] += float64(float64(m.gamma*v) * v)
				a.term(at, 0, row*m.features+j, m.gamma)
				a.term(at, 1, row*m.features+j, float64(-2*float64(m.gamma*v)))
			}
		}
	}
	return only(a.emit(l.named(name, m.rows, m.count)))
}

// Work implements Worker.
func (m *machine) Work() Work { return sharedWork(m.rows, m.features, m.count) }
