package op_test

import (
	"testing"

	"github.com/zkml-go/zkml/compiler/ir"
	. "github.com/zkml-go/zkml/testkit/optest"
)

// TestLowered tells what the last step of a lowered operator is.
func TestLowered(t *testing.T) {
	tests := []struct {
		Case
		want string
	}{
		{Case{Op: "Relu", In: []Input{Var(2)}}, "clamp[0, +Inf]"},
		{Case{Op: "Clip", In: []Input{Var(2), Absent, Scalar(6)}}, "clamp[-Inf, 6]"},
		{Case{Op: "Max", In: []Input{Var(2), Scalar(1), Scalar(2)}}, "clamp[2, +Inf]"},
		{Case{Op: "Min", In: []Input{Var(2), Scalar(1)}}, "clamp[-Inf, 1]"},
		{Case{Op: "Max", In: []Input{Var(2), Reals([]int{2}, 1, 2)}}, "max[2 windows]"},
		{Case{Op: "Max", In: []Input{Var(1), Reals([]int{2}, 1, 1)}}, "max[2 windows]"},
		{Case{Op: "LeakyRelu", Attrs: Attrs(map[string]any{"alpha": 0.5}), In: []Input{Var(2)}}, "leakyrelu[0.5]"},
		{Case{Op: "Gelu", Attrs: Attrs(map[string]any{"approximate": "tanh"}), In: []Input{Var(2)}}, "gelu_tanh[]"},
		{Case{Op: "Softmax", Opset: 11, In: []Input{Var(2, 3, 4)}}, "softmax[2 groups, log=false]"},
		{Case{Op: "LogSoftmax", In: []Input{Var(2, 3, 4)}}, "softmax[6 groups, log=true]"},
		{Case{Op: "ArgMax", In: []Input{Var(2, 3)}}, "argmax[3 groups, last=false]"},
		{Case{Op: "Reshape", In: []Input{Var(2, 3), Ints(6)}}, "move[6]"},
		{Case{Op: "Pad", In: []Input{Var(2), Ints(1, 0)}}, "affine[3 rows, 2 terms]"},
		{Case{Op: "Pad", Attrs: Attrs(map[string]any{"mode": "edge"}), In: []Input{Var(2), Ints(1, 0)}}, "move[3]"},
	}
	for _, c := range tests {
		t.Run(c.Op+"/"+c.want, func(t *testing.T) {
			p, err := c.Program()
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Steps[len(p.Steps)-1].Kind.String(); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// TestFixed tells constants of the model, which may be secret, from those of
// the architecture.
func TestFixed(t *testing.T) {
	tests := []struct {
		name string
		Case
		want bool
	}{
		{"padding", Case{Op: "Pad", In: []Input{Var(2), Ints(1, 0)}}, true},
		{"a constant of the model", Case{Op: "Concat", Attrs: Attrs(map[string]any{"axis": 0}),
			In: []Input{Var(2), one}}, false},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			p, err := c.Program()
			if err != nil {
				t.Fatal(err)
			}
			if a := p.Steps[len(p.Steps)-1].Kind.(*ir.Affine); a.Fixed != c.want {
				t.Errorf("Fixed is %t, want %t", a.Fixed, c.want)
			}
		})
	}
}

// one is a constant list of one number.
var one = Reals([]int{1}, 1)

// TestMonotone tells which functions may change places with a maximum.
func TestMonotone(t *testing.T) {
	tests := []struct {
		op    string
		attrs map[string]any
		want  bool
	}{
		{"Abs", nil, false},
		{"Elu", nil, true},
		{"Exp", nil, true},
		{"Gelu", nil, false},
		{"HardSigmoid", map[string]any{"alpha": -0.1}, false},
		{"HardSwish", nil, false},
		{"LeakyRelu", nil, true},
		{"LeakyRelu", map[string]any{"alpha": -0.1}, false},
		{"Mish", nil, false},
		{"Selu", nil, true},
		{"Sigmoid", nil, true},
		{"Tanh", nil, true},
	}
	for _, c := range tests {
		t.Run(c.op, func(t *testing.T) {
			p, err := Case{Op: c.op, Attrs: Attrs(c.attrs), In: []Input{Var(1)}}.Program()
			if err != nil {
				t.Fatal(err)
			}
			f := p.Steps[0].Kind.(*ir.Func)
			if f.Monotone != c.want {
				t.Errorf("monotone is %t, want %t", f.Monotone, c.want)
			}
			for x := -8.0; f.Monotone && x < 8; x += 1. / 64 {
				if f.F(x) > f.F(x+1./64) {
					t.Fatalf("falls between %g and %g", x, x+1./64)
				}
			}
		})
	}
}
