package main

import (
	"errors"
	"go/types"
	"strings"
)

// reach says for every function what its calls reach.
type reach struct {
	*graph
	emits   map[node]bool // reach a gate
	records map[node]bool // change what a function that reaches a gate reads
	asserts map[node]bool // reach an assertion, or a record of one
	direct  map[node]bool // assert or record by themselves
	feeds   map[node]bool // are called by one of these
	gnark   map[node]bool // what gate.Plonk emits through

	api          types.Type               // gate.API
	coefficients map[*types.TypeName]bool // structures of gate that hold coefficients
}

// The names that the derivation starts from, in package gate but for the last.
const (
	interfaceName = "API"              // the gates
	counterName   = "Counter"          // the implementation that counts them ...
	countName     = "Gates"            // ... in this field
	commitName    = "Commit"           // the gate that draws the challenge
	plonkName     = "Plonk"            // the implementation that emits them
	pointsName    = "Challenge.Points" // what argument makes of the challenge
)

// derive finds the gates: methods of gate.API of which gate.Counter counts any.
func derive(c *codebase) (*reach, error) {
	r := &reach{graph: newGraph(c)}
	api := c.packages["gate"].Scope().Lookup(interfaceName)
	if api == nil {
		return nil, errors.New("package gate has no " + interfaceName)
	}
	r.api = api.Type()
	r.coefficients = r.structures()
	methods, err := r.gates()
	if err != nil {
		return nil, err
	}
	roots, assertions := map[node]bool{}, map[node]bool{}
	for _, m := range methods {
		roots[types.Object(m)] = true
		if isAssertion(m) {
			assertions[types.Object(m)] = true
		}
	}
	r.gnark = r.foreign(methods)
	for n := range r.gnark {
		roots[n] = true
	}
	for n := range r.defined() {
		roots[n], assertions[n] = true, true
	}
	r.emits = r.reaching(roots)
	recorders := r.recorders()
	r.records = r.reaching(recorders)
	r.direct = assertions
	for n := range recorders {
		if f, ok := n.(*types.Func); ok && f.Signature().Results().Len() == 0 {
			r.direct[n] = true
		}
	}
	r.asserts = r.reaching(r.direct)
	r.feeds = r.reached(r.emits)
	return r, nil
}

// gates lists the methods of gate.API that emit.
func (r *reach) gates() ([]*types.Func, error) {
	pkg := r.code.packages["gate"]
	counter := pkg.Scope().Lookup(counterName)
	if counter == nil {
		return nil, errors.New("package gate has no " + counterName)
	}
	writers := map[node]bool{}
	for n, fields := range r.writes {
		for f := range fields {
			if f.Name() == countName && f.Pkg() == pkg {
				writers[n] = true
			}
		}
	}
	counting := r.reaching(writers)
	var out []*types.Func
	of := r.api.Underlying().(*types.Interface)
	for i := range of.NumMethods() {
		if o := method(counter, of.Method(i).Name()); counting[o] {
			out = append(out, of.Method(i))
		}
	}
	if len(out) == 0 {
		return nil, errors.New("no method of gate." + interfaceName + " counts a gate")
	}
	return out, nil
}

func method(t types.Object, name string) types.Object {
	o, _, _ := types.LookupFieldOrMethod(types.NewPointer(t.Type()), true, t.Pkg(), name)
	return o
}

// isAssertion tells the gates that define no wire: those without a result, but
// for one that leaves its results in a slice.
func isAssertion(m *types.Func) bool {
	s := m.Signature()
	for i := range s.Params().Len() {
		if _, ok := s.Params().At(i).Type().(*types.Slice); ok {
			return false
		}
	}
	return s.Results().Len() == 0
}

// foreign are the functions of gnark through which gate.Plonk emits.
func (r *reach) foreign(methods []*types.Func) map[node]bool {
	plonk := r.code.packages["gate"].Scope().Lookup(plonkName)
	out := map[node]bool{}
	for _, m := range methods {
		for n := range r.calls[node(method(plonk, m.Name()))] {
			if f, ok := n.(*types.Func); ok && f.Pkg() != nil &&
				strings.HasPrefix(f.Pkg().Path(), "github.com/consensys/gnark/") {
				out[n] = true
			}
		}
	}
	return out
}

// defined are the methods of interfaces that packages above implement, which are
// given something to emit through.
func (r *reach) defined() map[node]bool {
	out := map[node]bool{}
	for _, p := range r.code.packages {
		for _, name := range p.Scope().Names() {
			i, ok := p.Scope().Lookup(name).Type().Underlying().(*types.Interface)
			if !ok {
				continue
			}
			for k := range i.NumMethods() {
				if m := i.Method(k); len(r.calls[node(types.Object(m))]) == 0 && r.given(m) {
					out[types.Object(m)] = true
				}
			}
		}
	}
	return out
}

// given tells whether a method has a parameter that holds the gates.
func (r *reach) given(m *types.Func) bool {
	for i := range m.Signature().Params().Len() {
		if r.holds(m.Signature().Params().At(i).Type()) {
			return true
		}
	}
	return false
}

// holds tells whether a type is a structure with a field for the gates, or a
// pointer to one.
func (r *reach) holds(t types.Type) bool {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	for f := 0; ok && f < s.NumFields(); f++ {
		if types.Identical(s.Field(f).Type(), r.api) {
			return true
		}
	}
	return false
}

// recorders are the functions that emit nothing and write, through a pointer that
// they were given, a field that one that emits reads: they say what is to be
// emitted later.
func (r *reach) recorders() map[node]bool {
	read := map[types.Object]bool{}
	for n := range r.emits {
		for f := range r.reads[n] {
			read[f] = true
		}
	}
	out := map[node]bool{}
	for n, fields := range r.writes {
		for f := range fields {
			if ours(f) && read[f] && !r.emits[n] {
				out[n] = true
			}
		}
	}
	return out
}

// constrains tells whether a function emits or records.
func (r *reach) constrains(n node) bool { return n != nil && (r.emits[n] || r.records[n]) }

// commits tells whether a function is the gate that draws the challenge, or what
// gate.Plonk has of gnark for it.
func (r *reach) commits(n node) bool {
	f, ok := n.(*types.Func)
	return ok && f.Name() == commitName && (r.isGate(f) || r.gnark[f])
}

// points tells whether a function gives the points of identities.
func (r *reach) points(n node) bool {
	f, ok := n.(*types.Func)
	return ok && ours(f) && qualified(f) == pointsName
}

// isGate tells whether a function is a method of gate.API.
func (r *reach) isGate(f *types.Func) bool {
	recv := f.Signature().Recv()
	return recv != nil && types.Identical(recv.Type(), r.api)
}

// numbered tells whether the integers that a function is given end up in the
// circuit: it emits or records, it makes a coefficient, or it belongs to what
// holds the gates.
func (r *reach) numbered(n node) bool {
	f, ok := n.(*types.Func)
	if !ok || !ours(f) || plain[qualified(f)] != "" {
		return false
	}
	results := f.Signature().Results()
	coefficient := results.Len() == 1 && r.isCoefficient(results.At(0).Type())
	recv := f.Signature().Recv()
	return r.constrains(f) || coefficient || recv != nil && r.holds(recv.Type())
}

// qualified is a function's name, after that of its receiver's type.
func qualified(f *types.Func) string {
	recv := f.Signature().Recv()
	if recv == nil {
		return f.Name()
	}
	t := recv.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Name() + "." + f.Name()
	}
	return f.Name()
}

// isCoefficient tells whether a type is a structure of package gate that a gate
// is given: it holds coefficients.
func (r *reach) isCoefficient(t types.Type) bool {
	n, ok := t.(*types.Named)
	return ok && r.coefficients[n.Obj()]
}

// structures lists the structures that gates are given.
func (r *reach) structures() map[*types.TypeName]bool {
	out := map[*types.TypeName]bool{}
	of := r.api.Underlying().(*types.Interface)
	for i := range of.NumMethods() {
		params := of.Method(i).Signature().Params()
		for k := range params.Len() {
			n, ok := params.At(k).Type().(*types.Named)
			if !ok {
				continue
			}
			if _, ok := n.Underlying().(*types.Struct); ok {
				out[n.Obj()] = true
			}
		}
	}
	return out
}

// changesInteger tells whether a function is a method of *big.Int, which as a
// statement of its own is there for what it changes.
func changesInteger(n node) bool {
	f, ok := n.(*types.Func)
	if !ok || f.Signature().Recv() == nil {
		return false
	}
	return f.Signature().Recv().Type().String() == "*math/big.Int"
}
