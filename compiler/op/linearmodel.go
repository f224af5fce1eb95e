package op

import (
	"errors"
	"fmt"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(
		Spec{
			Name: "LinearClassifier", Domain: mlDomain, Since: []int{1}, Tolerance: 2,
			Note: "all attributes, as onnxruntime has them",
			New:  takes(1, 1, newLinearClassifier),
		},
		Spec{
			Name: "LinearRegressor", Domain: mlDomain, Since: []int{1}, Tolerance: 1,
			Note: "all attributes, as onnxruntime has them: one target has no transform but PROBIT",
			New:  takes(1, 1, newLinearRegressor),
		},
	)
}

// linearModel are raw scores of rows of features: a row of coefficients and an intercept
// for each. What becomes of the scores, scorer says.
type linearModel struct {
	scorer
	coefficients, intercepts []float64
	rows                     int // of the input
	features                 int
}

func newLinearModel(n *graph.Node) (m linearModel, err error) {
	m.coefficients, m.intercepts = n.Attrs["coefficients"].Floats, n.Attrs["intercepts"].Floats
	if len(m.coefficients) == 0 {
		return m, errors.New("attribute coefficients is absent or empty; export the model again")
	}
	m.transform, err = transformOf(n)
	return m, err
}

// featureRows reads the shape of a row or some rows of features.
func featureRows(in Arg) (rows, features int, err error) {
	shape := in.Shape
	if len(shape) == 1 {
		shape = []int{1, shape[0]}
	}
	if len(shape) != 2 {
		return 0, 0, fmt.Errorf("the input is of shape %v, but must be rows of features", in.Shape)
	}
	if in.DType == graph.Bool {
		return 0, 0, errors.New("the features are of type bool; put a Cast to float before")
	}
	return shape[0], shape[1], nil
}

// infer reads the input's shape, for so many scores.
func (m *linearModel) infer(in []Arg, scores int) error {
	var err error
	if m.rows, m.features, err = featureRows(in[0]); err != nil {
		return err
	}
	if len(m.coefficients) != scores*m.features {
		return fmt.Errorf("%d coefficients for %d scores of %d features", len(m.coefficients), scores, m.features)
	}
	return checkWork(m.rows, m.features, scores)
}

// float is the raw scores.
func (m *linearModel) float(x *tensor.Float) *tensor.Float {
	out := tensor.New[float64](m.rows, len(m.intercepts))
	for i := range out.Data {
		row, score := i/len(m.intercepts), i%len(m.intercepts)
		for k := range m.features {
			out.Data[i] += float64(x.Data[row*m.features+k] * m.coefficients[score*m.features+k])
		}
		out.Data[i] += m.intercepts[score]
	}
	return out
}

// lower emits the raw scores, under the name of an output. Those of one row of
// coefficients share a scale.
func (m *linearModel) lower(l *Lowering, name string) (ir.ID, error) {
	scores := len(m.intercepts)
	a := newAffine(m.rows*scores, l.ID[0])
	pattern, kernels := a.Pattern(every(1, m.features), nil, nil), make([]int32, scores)
	for k := range kernels {
		kernels[k] = a.Kernel(m.coefficients[k*m.features : (k+1)*m.features])
	}
	for i := range a.Group {
		k := i % scores
		a.Group[i], a.Bias[i] = k, m.intercepts[k]
		a.part(i, 0, pattern, kernels[k], i/scores*m.features)
	}
	return only(a.emit(l.named(name, m.rows, scores)))
}

// Work implements Worker.
func (m *linearModel) Work() Work { return sharedWork(m.rows, m.features, len(m.intercepts)) }

// linearClassifier gives the label of each row and the scores of its classes.
type linearClassifier struct {
	linearModel
	classLabels
	name string // of the scores
}

func newLinearClassifier(n *graph.Node) (Op, error) {
	m, err := newLinearModel(n)
	if err != nil {
		return nil, err
	}
	c := &linearClassifier{linearModel: m}
	if c.classLabels, err = labelsOf(n, "classlabels_ints", "classlabels_strings"); err != nil {
		return nil, err
	}
	scores := len(m.intercepts)
	if scores != c.count() && (scores != 1 || c.count() != 2) {
		return nil, fmt.Errorf("%d intercepts for %d labels of classes; there must be as many, or one for two classes",
			scores, c.count())
	}
	if c.pairing = complement; c.transform == logistic {
		c.pairing = opposite
	}
	c.name = n.Outputs[0] + ".scores"
	if len(n.Outputs) > 1 && n.Outputs[1] != "" {
		c.name = n.Outputs[1]
	}
	return c, c.check(scores)
}

// Infer implements Op.
func (c *linearClassifier) Infer(in []Arg) ([]Out, error) {
	if err := c.infer(in, len(c.intercepts)); err != nil {
		return nil, err
	}
	return []Out{c.out(c.rows), c.scores(c.rows, c.columns(len(c.intercepts)))}, nil
}

// Float implements Op.
func (c *linearClassifier) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	raw := c.linearModel.float(in[0])
	return []*tensor.Float{c.classLabels.float(raw), c.scorer.float(raw)}, nil
}

// Lower implements Op.
func (c *linearClassifier) Lower(l *Lowering) ([]ir.ID, error) {
	raw, err := c.linearModel.lower(l, c.name)
	if err != nil {
		return nil, err
	}
	label, err := c.classLabels.lower(l, raw)
	if err != nil {
		return nil, err
	}
	scores, err := c.scorer.lower(l, c.name, raw)
	return []ir.ID{label, scores}, err
}

// linearRegressor gives each row its targets.
type linearRegressor struct{ linearModel }

func newLinearRegressor(n *graph.Node) (Op, error) {
	m, err := newLinearModel(n)
	if err != nil {
		return nil, err
	}
	targets := n.Int("targets", 1)
	if targets < 1 || targets > len(m.coefficients) {
		return nil, fmt.Errorf("attribute targets is %d, with %d coefficients", targets, len(m.coefficients))
	}
	if len(m.intercepts) != targets { // onnxruntime leaves them out, too
		m.intercepts = make([]float64, targets)
	}
	return &linearRegressor{m}, nil
}

// Infer implements Op.
func (r *linearRegressor) Infer(in []Arg) ([]Out, error) {
	err := r.infer(in, len(r.intercepts))
	return []Out{{DType: graph.Float32, Shape: []int{r.rows, len(r.intercepts)}}}, err
}

// Float implements Op.
func (r *linearRegressor) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	return []*tensor.Float{r.scorer.float(r.linearModel.float(in[0]))}, nil
}

// Lower implements Op.
func (r *linearRegressor) Lower(l *Lowering) ([]ir.ID, error) {
	raw, err := r.linearModel.lower(l, l.Name)
	if err != nil {
		return nil, err
	}
	out, err := r.scorer.lower(l, l.Name, raw)
	return []ir.ID{out}, err
}
