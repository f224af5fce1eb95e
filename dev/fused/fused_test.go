package fused

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// mathAlone imports a package math that has Abs and nothing else: no sources of Go are needed.
type mathAlone struct{}

func (mathAlone) Import(path string) (*types.Package, error) {
	p := types.NewPackage(path, "math")
	number := types.NewTuple(types.NewParam(token.NoPos, p, "x", types.Typ[types.Float64]))
	of := types.NewSignatureType(nil, nil, nil, number, number, false)
	p.Scope().Insert(types.NewFunc(token.NoPos, p, "Abs", of))
	p.MarkComplete()
	return p, nil
}

// TestFind marks the lines that must be found with a comment.
func TestFind(t *testing.T) {
	const source = `package p

import "math"

type scale float64

func f(x, y, z float64, s scale, i, j int) float64 {
	a := x*y + z            // fused
	b := float64(x*y) + z
	c := z - (x * y)        // fused
	d := float64(-(x*y)) + z
	a += x * y              // fused
	a += float64(x * y)
	a *= x                  // fused
	k := i*j + 1
	t := x * y              // fused
	u := math.Abs(x * y)
	v := g(x * y)           // fused
	w := int(x * y / z)
	q := scale(s*s) + s
	r := s*s + s            // fused
	if x*y < z || x*y*z > 1 {
		return x * y        // fused
	}
	l := []float64{x * y}   // fused
	m := max(x*y, z)        // fused
	const two = 2.0 * 3.0
	return -(x * y) + a + b + c + d + float64(k) + t + u + v + float64(w) + float64(q+r) + l[0] + m + two // fused
}

func g(x float64) float64 { return x }

func h[T int | float64](x, y, z T) T {
	return x*y + z          // fused
}
`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Importer: mathAlone{}, Error: func(error) {}}
	_, _ = conf.Check("p", fset, []*ast.File{file}, info) // variables that nobody reads are no matter here
	got := map[int]bool{}
	for _, n := range Find(info, file) {
		got[fset.Position(n.Pos()).Line] = true
	}
	for i, line := range strings.Split(source, "\n") {
		if want := strings.HasSuffix(line, "// fused"); got[i+1] != want {
			t.Errorf("line %d: found %v, want %v: %s", i+1, got[i+1], want, line)
		}
	}
}
