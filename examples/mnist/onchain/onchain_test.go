package main

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/examples/measure"
	"github.com/zkml-go/zkml/program"
)

func TestMain(m *testing.M) {
	measure.Child()
	os.Exit(m.Run())
}

// ready gives the model and its contract on a chain.
func ready(t *testing.T) (*model, *network, *digits) {
	t.Helper()
	o := &options{mnist: ".."}
	set, err := o.read()
	if err != nil {
		t.Fatal(err)
	}
	m, err := o.load(set.pictures)
	if err != nil {
		t.Fatal(err)
	}
	n, err := build(m.program)
	if errors.Is(err, evm.ErrNoCompiler) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.chain.Close() })
	return m, n, set
}

// TestBitForBit holds every sum of the last layer against the integer program that
// proofs are about: on the sample digits, on random pictures and on those at the
// ends of the format, and on random weights, so that lanes and rounding meet every
// value.
func TestBitForBit(t *testing.T) {
	m, n, set := ready(t)
	random := rand.New(rand.NewPCG(1, 2))
	pictures := map[string][]byte{"black": make([]byte, inputs), "white": filled(func(int) byte { return 255 })}
	for i, x := range set.pictures {
		raw, _ := m.bytes(x)
		pictures["sample "+string(rune('a'+i))] = raw
	}
	for i := range 10 {
		pictures["noise "+string(rune('a'+i))] = filled(func(int) byte { return byte(random.Uint32()) })
	}
	t.Run("mlp400", func(t *testing.T) { compare(t, m.program, n, pictures) })
	for _, extreme := range []string{"random", "lowest", "highest"} {
		t.Run(extreme+" weights", func(t *testing.T) {
			p := reweighted(m.program, func(lo, hi int64) int64 {
				switch extreme {
				case "lowest":
					return lo
				case "highest":
					return hi
				}
				return lo + random.Int64N(hi-lo+1)
			})
			n, err := build(p)
			if err != nil {
				t.Fatal(err)
			}
			defer n.chain.Close()
			compare(t, p, n, pictures)
		})
	}
}

func filled(value func(i int) byte) []byte {
	out := make([]byte, inputs)
	for i := range out {
		out[i] = value(i)
	}
	return out
}

func compare(t *testing.T, p *program.Program, n *network, pictures map[string][]byte) {
	t.Helper()
	for name, raw := range pictures {
		x := make([]int64, inputs)
		for i, v := range raw {
			x[i] = int64(v)
		}
		want := p.Run(x)
		got, err := n.scores(raw)
		if err != nil || !reflect.DeepEqual(got, want[3]) {
			t.Fatalf("%s: scores %v, %v; the program has %v", name, got, err, want[3])
		}
		class, _, err := n.classify(raw)
		if err != nil || int64(class) != want[4][0] {
			t.Fatalf("%s: class %d, %v; the program says %d", name, class, err, want[4][0])
		}
	}
}

// reweighted is the program with other weights in the same formats.
func reweighted(p *program.Program, weight func(lo, hi int64) int64) *program.Program {
	q := *p
	q.Steps = append([]program.Step{}, p.Steps...)
	for at, c := range map[int]struct{ width, bits int }{0: {inputs, 6}, 2: {hidden, 8}} {
		var rows []program.LinearRow
		for range p.Steps[at].Kernel.(*program.Linear).Bias {
			row := program.LinearRow{Bias: weight(-1<<20, 1<<20)}
			for k := range c.width {
				row.Terms = append(row.Terms, circuits.RowTerm{Index: int32(k),
					W: weight(-1<<(c.bits-1), 1<<(c.bits-1)-1)})
			}
			rows = append(rows, row)
		}
		q.Steps[at].Kernel = program.NewLinear(rows...)
	}
	return &q
}

// TestRefused changes programs and calls that are not of the network's form.
func TestRefused(t *testing.T) {
	m, n, _ := ready(t)
	first := func(p *program.Program) *program.Linear { return p.Steps[0].Kernel.(*program.Linear) }
	weigh := func(l *program.Linear, w int64) {
		rows := l.Listed()
		rows[0].Terms[0].W = w
		l.SetRows(rows)
	}
	for name, change := range map[string]func(p *program.Program){
		"fewer steps":    func(p *program.Program) { p.Steps = p.Steps[:3] },
		"fewer rows":     func(p *program.Program) { first(p).SetRows(first(p).Listed()[1:]) },
		"a large weight": func(p *program.Program) { weigh(first(p), 32) },
		"a small weight": func(p *program.Program) { weigh(first(p), -33) },
		"a large bias":   func(p *program.Program) { first(p).Bias[0] = 1 << 31 },
		"another rescale": func(p *program.Program) {
			p.Steps[1].Kernel = &program.Saturate{By: []circuits.Saturation{{Shift: 3, Bits: 14}}}
		},
		"signed pixels":    func(p *program.Program) { p.Inputs[0].Lo = -1 },
		"the last maximum": func(p *program.Program) { p.Steps[3].Kernel.(*program.ArgMax).Last = true },
		"another order":    func(p *program.Program) { p.Steps[2].In = []int{1} },
	} {
		t.Run(name, func(t *testing.T) {
			p := reweighted(m.program, func(lo, hi int64) int64 { return lo })
			p.Inputs = slices.Clone(p.Inputs)
			argmax := *p.Steps[3].Kernel.(*program.ArgMax)
			p.Steps[3].Kernel = &argmax
			if code, err := pack(p); err != nil || len(code) != weightsSize {
				t.Fatalf("before the change: %d bytes, %v", len(code), err)
			}
			change(p)
			if _, err := pack(p); err == nil {
				t.Error("no error")
			}
		})
	}
	for _, size := range []int{0, inputs - 1, inputs + 1} {
		var revert *evm.RevertError
		if _, _, err := n.classify(make([]byte, size)); !errors.As(err, &revert) ||
			!revert.Named(n.contract.ABI, "WrongLength") {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

// TestAgainstProof proves a prediction: the class that the proof shows is the
// contract's.
func TestAgainstProof(t *testing.T) {
	if testing.Short() {
		t.Skip("it proves")
	}
	m, n, set := ready(t)
	r, err := m.prove(t.Context(), set.pictures[30])
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := m.bytes(set.pictures[30])
	class, gas, err := n.classify(raw)
	if err != nil || int64(class) != r.Class() || class != set.labels[30] {
		t.Errorf("the contract says %d, %v; the proof %d", class, err, r.Class())
	}
	if !r.Chain.Honest || r.Chain.Tampered {
		t.Errorf("the verifier accepts the honest claim: %t, another: %t", r.Chain.Honest, r.Chain.Tampered)
	}
	if gas > 200_000 {
		t.Errorf("%d gas; the README has less", gas)
	}
}

// TestReport runs the measurement on the sample digits.
func TestReport(t *testing.T) {
	m, n, set := ready(t)
	set.pictures, set.labels = set.pictures[:12], set.labels[:12]
	r, err := n.measure(m, set)
	if err != nil {
		t.Fatal(err)
	}
	text := r.String()
	for _, want := range []string{"accuracy             100.0 % of 12", "2     0    0    4    0"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// TestNoSamples wants an error where the folder is another.
func TestNoSamples(t *testing.T) {
	for _, o := range []options{{mnist: t.TempDir()}, {mnist: "..", data: t.TempDir(), images: 1}} {
		if _, err := o.read(); err == nil {
			t.Errorf("%s, %s: no error", o.mnist, filepath.Base(o.data))
		}
	}
}
