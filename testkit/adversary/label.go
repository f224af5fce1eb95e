package adversary

import (
	"errors"
	"math/big"
	"runtime"
	"strings"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark/constraint"
	"github.com/consensys/gnark/constraint/solver"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/scs"
	"github.com/consensys/gnark/logger"
)

func init() { logger.Disable() }

var field = ecc.BN254.ScalarField()

// marker is an instruction that constrains nothing: in the stream of a compiled
// system's instructions it names the function that emits the following ones.
type marker struct{}

// CalldataSize implements constraint.Blueprint.
func (marker) CalldataSize() int { return 1 }

// NbConstraints implements constraint.Blueprint.
func (marker) NbConstraints() int { return 0 }

// NbOutputs implements constraint.Blueprint.
func (marker) NbOutputs(constraint.Instruction) int { return 0 }

// UpdateInstructionTree implements constraint.Blueprint.
func (marker) UpdateInstructionTree(constraint.Instruction, constraint.InstructionTree) constraint.Level {
	return 0
}

// store is what gnark's own gadgets look for behind a builder.
type store interface {
	SetKeyValue(key, value any)
	GetKeyValue(key any) any
}

// inner is the whole interface of gnark's builder of sparse systems.
type inner interface {
	frontend.Builder[constraint.U64]
	frontend.PlonkAPI
	frontend.Committer
	frontend.BatchInverter
	store
}

// labelling is gnark's builder, with a marker before every gate and hint.
type labelling struct {
	inner
	marker constraint.BlueprintID
	known  map[string]uint32
	names  []string
	calls  map[string]bool // the functions of the project on any stack
}

// mark records which function of the project emits the following instructions.
func (l *labelling) mark() {
	name := l.emitter()
	id, ok := l.known[name]
	if !ok {
		id = uint32(len(l.names))
		l.known[name] = id
		l.names = append(l.names, name)
	}
	l.inner.AddInstruction(l.marker, []uint32{id})
}

const project = "github.com/zkml-go/zkml/"

// emitter is the innermost function on the stack that is a gadget's: the
// project's, but neither a gate's nor the examination's own.
func (l *labelling) emitter() string {
	pcs := make([]uintptr, 48)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	found := ""
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		name, ours := strings.CutPrefix(f.Function, project)
		if !ours || strings.HasPrefix(name, "testkit/") || strings.HasPrefix(name, "gate.") {
			continue
		}
		if found == "" {
			found = name
		}
		l.calls[name] = true
	}
	return found
}

// Compiler implements frontend.API.
func (l *labelling) Compiler() frontend.Compiler { return l }

// AddPlonkConstraint implements frontend.PlonkAPI.
func (l *labelling) AddPlonkConstraint(a, b, o frontend.Variable, qL, qR, qO, qM, qC int) {
	l.mark()
	l.inner.AddPlonkConstraint(a, b, o, qL, qR, qO, qM, qC)
}

// EvaluatePlonkExpression implements frontend.PlonkAPI.
func (l *labelling) EvaluatePlonkExpression(a, b frontend.Variable, qL, qR, qM, qC int) frontend.Variable {
	l.mark()
	return l.inner.EvaluatePlonkExpression(a, b, qL, qR, qM, qC)
}

// AssertIsEqual implements frontend.API.
func (l *labelling) AssertIsEqual(a, b frontend.Variable) {
	l.mark()
	l.inner.AssertIsEqual(a, b)
}

// AssertIsDifferent implements frontend.API.
func (l *labelling) AssertIsDifferent(a, b frontend.Variable) {
	l.mark()
	l.inner.AssertIsDifferent(a, b)
}

// AssertIsBoolean implements frontend.API.
func (l *labelling) AssertIsBoolean(a frontend.Variable) {
	l.mark()
	l.inner.AssertIsBoolean(a)
}

// AssertIsLessOrEqual implements frontend.API.
func (l *labelling) AssertIsLessOrEqual(v, bound frontend.Variable) {
	l.mark()
	l.inner.AssertIsLessOrEqual(v, bound)
}

// BatchInvert implements frontend.BatchInverter.
func (l *labelling) BatchInvert(in []frontend.Variable) []frontend.Variable {
	l.mark()
	return l.inner.BatchInvert(in)
}

// NewHint implements frontend.Compiler.
func (l *labelling) NewHint(f solver.Hint, n int, in ...frontend.Variable) ([]frontend.Variable, error) {
	l.mark()
	return l.inner.NewHint(f, n, in...)
}

// compile compiles a circuit with markers in it.
func compile(c frontend.Circuit, opts ...frontend.CompileOption) (constraint.ConstraintSystem, *labelling, error) {
	var l *labelling
	build := func(f *big.Int, config frontend.CompileConfig) (frontend.Builder[constraint.U64], error) {
		b, err := scs.NewBuilder[constraint.U64](f, config)
		if err != nil {
			return nil, err
		}
		full, ok := b.(inner)
		if !ok {
			return nil, errors.New("gnark's builder lacks an interface that the markers pass on")
		}
		l = &labelling{inner: full, marker: b.AddBlueprint(marker{}), known: map[string]uint32{},
			calls: map[string]bool{}}
		return l, nil
	}
	cs, err := frontend.Compile(field, build, c, opts...)
	return cs, l, err
}
