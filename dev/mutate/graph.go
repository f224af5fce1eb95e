package main

import (
	"go/ast"
	"go/types"
	"strings"
)

// node is a function, a variable that holds functions (types.Object), or a
// function literal (*ast.FuncLit).
type node any

// graph says which functions may call which, and which fields they touch.
type graph struct {
	code   *codebase
	calls  map[node]map[node]bool
	reads  map[node]map[types.Object]bool
	writes map[node]map[types.Object]bool
}

func newGraph(c *codebase) *graph {
	g := &graph{code: c, calls: map[node]map[node]bool{}, reads: map[node]map[types.Object]bool{},
		writes: map[node]map[types.Object]bool{}}
	for _, f := range c.files {
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil && plain[functionName(fn)] == "" {
				g.body(c.info.Defs[fn.Name], pointers(c.info, fn), fn.Body)
			}
		}
	}
	g.implementations()
	return g
}

// body records what a function's code calls, hands on and touches. The literals
// in it are taken to be called by it.
func (g *graph) body(of node, params map[types.Object]bool, code ast.Node) {
	written := map[*ast.SelectorExpr]bool{}
	ast.Inspect(code, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			add(g.calls, of, node(n))
			g.body(n, params, n.Body)
			return false
		case *ast.Ident:
			if o := g.function(n); o != nil {
				add(g.calls, of, o)
			}
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				if s := field(l); s != nil {
					written[s] = true
					g.write(of, params, s)
				}
				if len(n.Lhs) == len(n.Rhs) {
					g.hold(l, n.Rhs[i])
				}
			}
		case *ast.IncDecStmt:
			if s := field(n.X); s != nil {
				g.write(of, params, s)
			}
		case *ast.KeyValueExpr:
			g.hold(n.Key, n.Value)
		case *ast.CallExpr:
			g.arguments(n)
		case *ast.SelectorExpr:
			if v, ok := g.code.info.Uses[n.Sel].(*types.Var); ok && v.IsField() && !written[n] {
				add(g.reads, of, types.Object(v))
			}
		}
		return true
	})
}

func add[K comparable, V comparable](m map[K]map[V]bool, k K, v V) {
	if m[k] == nil {
		m[k] = map[V]bool{}
	}
	m[k][v] = true
}

// pointers are the pointers that a function is given.
func pointers(info *types.Info, f *ast.FuncDecl) map[types.Object]bool {
	out := map[types.Object]bool{}
	for _, list := range []*ast.FieldList{f.Recv, f.Type.Params} {
		for k := 0; list != nil && k < len(list.List); k++ {
			for _, name := range list.List[k].Names {
				if _, ok := info.Defs[name].Type().(*types.Pointer); ok {
					out[info.Defs[name]] = true
				}
			}
		}
	}
	return out
}

// write records that a field is written, through a pointer that the function was
// given.
func (g *graph) write(of node, params map[types.Object]bool, s *ast.SelectorExpr) {
	base := s.X
	for {
		if inner := field(base); inner != nil {
			base = inner.X
			continue
		}
		break
	}
	if id, ok := base.(*ast.Ident); ok && params[g.code.info.Uses[id]] {
		add(g.writes, of, g.code.info.Uses[s.Sel])
	}
}

// field is the selector that an assignment to an expression writes through.
func field(e ast.Expr) *ast.SelectorExpr {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		return e
	case *ast.IndexExpr:
		return field(e.X)
	}
	return nil
}

// function is the function, or the variable that holds one, that a name means.
func (g *graph) function(id *ast.Ident) node {
	o := g.code.info.Uses[id]
	if o == nil {
		o = g.code.info.Defs[id]
	}
	switch o := o.(type) {
	case *types.Func:
		return types.Object(o.Origin())
	case *types.Var:
		if _, ok := o.Type().Underlying().(*types.Signature); ok {
			return types.Object(o.Origin())
		}
	}
	return nil
}

// named is function for an expression that may be a name.
func (g *graph) named(e ast.Expr) node {
	switch e := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		return e
	case *ast.Ident:
		return g.function(e)
	case *ast.SelectorExpr:
		return g.function(e.Sel)
	case *ast.IndexExpr: // an instance of a generic function
		return g.named(e.X)
	}
	return nil
}

// hold records that a variable may hold a function.
func (g *graph) hold(variable, value ast.Expr) {
	if v, f := g.named(variable), g.named(value); v != nil && f != nil {
		add(g.calls, v, f)
	}
}

// arguments records which functions a call passes on.
func (g *graph) arguments(call *ast.CallExpr) {
	f, ok := g.callee(call).(*types.Func)
	if !ok {
		return
	}
	params := f.Signature().Params()
	for i, a := range call.Args {
		if v := g.named(a); v != nil && i < params.Len() {
			add(g.calls, node(types.Object(params.At(i))), v)
		}
	}
}

// callee is what a call calls; nil where that is no function by name.
func (g *graph) callee(call *ast.CallExpr) node { return g.named(call.Fun) }

// implementations lets an interface's methods call those of the types that have
// them.
func (g *graph) implementations() {
	var interfaces, concrete []*types.Named
	for _, p := range g.code.packages {
		for _, name := range p.Scope().Names() {
			t, ok := p.Scope().Lookup(name).Type().(*types.Named)
			if !ok || t.TypeParams().Len() > 0 {
				continue
			}
			if types.IsInterface(t) {
				interfaces = append(interfaces, t)
			} else {
				concrete = append(concrete, t)
			}
		}
	}
	for _, i := range interfaces {
		for _, c := range concrete {
			g.implement(i.Underlying().(*types.Interface), types.NewPointer(c))
		}
	}
}

func (g *graph) implement(i *types.Interface, c types.Type) {
	if !types.Implements(c, i) {
		return
	}
	for k := range i.NumMethods() {
		m := i.Method(k)
		o, _, _ := types.LookupFieldOrMethod(c, true, m.Pkg(), m.Name())
		add(g.calls, node(types.Object(m)), node(o))
	}
}

// reaching lists the nodes from which calls come to one of the targets, which
// are among them.
func (g *graph) reaching(targets map[node]bool) map[node]bool {
	callers := map[node][]node{}
	for from, to := range g.calls {
		for t := range to {
			callers[t] = append(callers[t], from)
		}
	}
	return closure(targets, func(n node) []node { return callers[n] })
}

// reached lists the nodes that calls from a set come to, which is among them.
func (g *graph) reached(from map[node]bool) map[node]bool {
	return closure(from, func(n node) []node {
		var out []node
		for t := range g.calls[n] {
			out = append(out, t)
		}
		return out
	})
}

func closure(start map[node]bool, next func(node) []node) map[node]bool {
	out := map[node]bool{}
	var todo []node
	for n := range start {
		out[n] = true
		todo = append(todo, n)
	}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, t := range next(n) {
			if !out[t] {
				out[t] = true
				todo = append(todo, t)
			}
		}
	}
	return out
}

// ours tells whether an object is the project's.
func ours(o types.Object) bool {
	return o.Pkg() != nil && strings.HasPrefix(o.Pkg().Path()+"/", module)
}
