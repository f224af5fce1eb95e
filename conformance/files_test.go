package conformance

import (
	"bytes"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/srs"
	"github.com/zkml-go/zkml/testkit/artifacttest"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// TestArchitectureComesBack writes an architecture and reads it.
func TestArchitectureComesBack(t *testing.T) {
	want := honest().arch
	got, err := ReadArchitecture(bytes.NewReader(want.bytes()))
	if err != nil || got.SHA256() != want.SHA256() {
		t.Fatalf("read back: %v", err)
	}
	if _, err := NewArchitecture(artifacttest.Small(visibility.Private{}, visibility.Class).Statement(t,
		rand.New(rand.NewSource(1))), ""); err == nil {
		t.Error("a public model has an architecture apart from it")
	}
}

// TestDamagedArchitectures lists files that are not what zkml writes.
func TestDamagedArchitectures(t *testing.T) {
	text := string(honest().arch.bytes())
	for name, c := range map[string]struct{ text, want string }{
		"empty":           {"", "ends too early"},
		"cut":             {text[:len(text)/2], "architecture: "},
		"another version": {strings.Replace(text, `"version": 2`, `"version": 9`, 1), "version 9"},
		"spaces":          {strings.Replace(text, `"digit": `, `"digit":  `, 1), "not in the form that zkml writes"},
		"another field":   {strings.Replace(text, `"digit"`, `"weights": [1], "digit"`, 1), "unknown field"},
		"other words": {strings.Replace(text, "secret weights", "public weights", 1),
			"its steps are not those of its program"},
		"public": {strings.Replace(text, `"visibility": "key"`, `"visibility": "public"`, 1),
			"that of a public model"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ReadArchitecture(strings.NewReader(c.text)); err == nil ||
				!strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

// TestWeightsAreNoArchitecture hides weights in an architecture's program.
func TestWeightsAreNoArchitecture(t *testing.T) {
	n := small()
	s := n.Statement(t, rand.New(rand.NewSource(1)))
	a, err := NewArchitecture(s, "")
	if err != nil {
		t.Fatal(err)
	}
	if a.Program, err = program.Encode(s.Model.(*program.Program)); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadArchitecture(bytes.NewReader(a.bytes())); err == nil ||
		!strings.Contains(err.Error(), "holds weights") {
		t.Errorf("got %v", err)
	}
}

// TestHostileArchitectures audits by architectures that no model has.
func TestHostileArchitectures(t *testing.T) {
	for name, change := range map[string]func(a *Architecture){
		"digits of no bits":   func(a *Architecture) { a.Digit = 0 },
		"digits of many bits": func(a *Architecture) { a.Digit = 60 },
		"input of no bits":    func(a *Architecture) { a.Layout.Inputs()[0].Bits = 0 },
		"input of no size":    func(a *Architecture) { a.Layout.Inputs()[0].Shape = nil },
		"other input":         func(a *Architecture) { a.Layout.Inputs()[0].Shape = []int{1 << 30} },
	} {
		t.Run(name, func(t *testing.T) {
			m := honest().copy()
			arch := *m.arch
			change(&arch)
			checks, err := CheckArchitecture(ctx, m.key, &arch, m.proof, options)
			if err == nil && Accepted(checks) {
				t.Error("it is accepted")
			}
		})
	}
}

// side is that of the matrices of hostile steps.
const side = 64

// hostileSteps are steps that a few bytes ask for, after one that makes side² elements.
var hostileSteps = map[string]func(elements int) []program.Step{
	"products": func(int) []program.Step {
		k := &program.Dot{N: side, K: side, M: side, A: make([]int32, 200), B: make([]int32, 200)}
		return []program.Step{{Node: "dot", Kernel: k, In: []int{1, 1}, Out: 2}}
	},
	"few products": func(int) []program.Step {
		k := &program.Dot{N: side, K: side, M: side, A: make([]int32, 4), B: make([]int32, 4)}
		return []program.Step{{Node: "dot", Kernel: k, In: []int{1, 1}, Out: 2}}
	},
	"products of zeros": func(n int) []program.Step { // as many as can be: bounding them is work too
		zero := &program.Table{Name: "zero", First: -8, Out: make([]int64, 24)}
		out := []program.Step{{Node: "zero", Kernel: zero, In: []int{1}, Out: 2}}
		for i := range n {
			k := &program.Dot{N: side, K: side, M: side, A: make([]int32, 1), B: make([]int32, 1)}
			out = append(out, program.Step{Node: "dot", Kernel: k, In: []int{i + 2, i + 2}, Out: i + 3})
		}
		return out
	},
	"tables": func(n int) []program.Step {
		var out []program.Step
		for i := range n {
			k := &program.Table{Name: "t", First: -8, Out: make([]int64, 24)}
			out = append(out, program.Step{Node: "t", Kernel: k, In: []int{i + 1}, Out: i + 2})
		}
		return out
	},
}

// TestLargeArchitectures audits by small files that stand for circuits of a
// billion gates and more: they are counted as far as the key goes.
func TestLargeArchitectures(t *testing.T) {
	for name, steps := range hostileSteps {
		t.Run(name, func(t *testing.T) {
			m := honest().copy()
			arch := *m.arch
			index := make([]int32, side*side)
			p := &program.Program{Inputs: arch.program.Inputs,
				Values: []program.Value{arch.program.Values[0], {Shape: []int{side * side}}}}
			p.Steps = append([]program.Step{{Node: "move", Kernel: &program.Move{In: index, Index: index}, In: []int{0},
				Out: 1}}, steps(100)...)
			for _, s := range p.Steps[1:] {
				size := side * side
				if d, ok := s.Kernel.(*program.Dot); ok {
					size *= len(d.A)
				}
				p.Values = append(p.Values, program.Value{Shape: []int{size}, Scale: 1})
				p.Outputs = []int{s.Out}
			}
			if err := p.Check(); err != nil {
				t.Fatal(err)
			}
			arch.program = p
			out := arch.Layout.Outputs()[0]
			out.Bits, out.Zero = 32, 1<<31
			out.Classes, out.Visibility = false, visibility.ByScores
			key := *m.key
			key.Layout = arch.Layout
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			checks, err := CheckArchitecture(ctx, &key, &arch, m.proof, options)
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			if last := checks[len(checks)-1]; last.Name != "domain" ||
				!strings.HasSuffix(last.Problem, "circuit more") {
				t.Errorf("%+v, want a failing check of the domain", last)
			}
			if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 64 {
				t.Errorf("%d MB were allocated", mb)
			}
		})
	}
}

// TestKeysOfNoSRS: a key that claims more rows than any SRS of the auditor has is
// refused before anything of the architecture is counted.
func TestKeysOfNoSRS(t *testing.T) {
	for _, size := range []uint64{1 << 20, 1 << 23, 1 << 28} {
		m := honest().copy()
		m.setup.VK.Size = size
		generator, err := fr.Generator(size)
		if err != nil {
			t.Fatal(err)
		}
		m.setup.VK.Generator = generator
		m.setup.VK.SizeInv.SetUint64(size)
		m.setup.VK.SizeInv.Inverse(&m.setup.VK.SizeInv)
		m.rekey(t)
		o := prover.Options{Store: &srs.Store{Dir: t.TempDir()}}
		checks, err := CheckArchitecture(ctx, m.key, m.arch, m.proof, o)
		if err == nil || !strings.Contains(err.Error(), "for a domain of 2^") {
			t.Errorf("%d rows: %v, %v", size, checks, err)
		}
		if checks, err = CheckModel(ctx, m.key, m.statement, o); err == nil ||
			!strings.Contains(err.Error(), "for a domain of 2^") {
			t.Errorf("%d rows: %v, %v", size, checks, err)
		}
	}
}

// TestModelsOfAnotherSize audits by a model whose circuit is larger than the key:
// no circuit is made for it.
func TestModelsOfAnotherSize(t *testing.T) {
	m := honest().copy()
	m.statement.Layout = m.statement.Layout.Batched(32)
	m.setup.VK.NbPublicVariables = uint64(m.statement.Layout.Count())
	m.rekey(t)
	checks, err := CheckModel(ctx, m.key, m.statement, options)
	if err != nil {
		t.Fatal(err)
	}
	if last := checks[len(checks)-1]; last.Name != "domain" || last.OK {
		t.Errorf("%+v, want a failing check of the domain", last)
	}
}

// TestFaultyAudits audits the reported files, which asked for gigabytes and minutes.
func TestFaultyAudits(t *testing.T) {
	const dir = "../../shared/data/faults/audit"
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the reported files are not here: %v", err)
	}
	for _, name := range []string{"panic", "range", "dos25"} {
		t.Run(name, func(t *testing.T) {
			read := func(file string) *bytes.Reader {
				text, err := os.ReadFile(filepath.Join(dir, name, file))
				if err != nil {
					t.Fatal(err)
				}
				return bytes.NewReader(text)
			}
			key, err := verifier.ReadKey(read("verifying-key.json"))
			if err != nil {
				return // refused at once
			}
			arch, err := ReadArchitecture(read("architecture.json"))
			if err != nil {
				return // refused at once
			}
			proof, err := ReadProof(read("conformance.json"))
			if err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			checks, err := CheckArchitecture(ctx, key, arch, proof, prover.Options{Store: &srs.Store{Dir: t.TempDir()}})
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Errorf("audited: %+v", checks)
			}
			if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 64 {
				t.Errorf("%d MB were allocated", mb)
			}
		})
	}
}

func FuzzReadArchitecture(f *testing.F) {
	f.Add(honest().arch.bytes())
	f.Add([]byte(`{"version":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := ReadArchitecture(bytes.NewReader(data))
		if err == nil && !bytes.Equal(a.bytes(), data) {
			t.Error("an architecture has two forms")
		}
	})
}

func FuzzReadProof(f *testing.F) {
	var text bytes.Buffer
	if _, err := honest().proof.WriteTo(&text); err != nil {
		f.Fatal(err)
	}
	f.Add(text.Bytes())
	f.Add([]byte(`{"version":1,"values":["0x00"]}`))
	f.Fuzz(func(_ *testing.T, data []byte) {
		p, err := ReadProof(bytes.NewReader(data))
		if err == nil {
			_, _ = p.decode()
		}
	})
}
