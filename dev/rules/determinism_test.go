package rules

import (
	"bytes"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/dev/fused"
)

// deciding are the packages from which, with all of the project that they depend on,
// follow the formats, the weights and the structure of a circuit.
var deciding = []string{"./compiler/...", "./input", "./program", "./visibility", "./libm"}

// exactMath are the functions of package math that the standards define to the last
// bit, on every processor; FMA is one.
var exactMath = []string{"Abs", "Ceil", "Copysign", "FMA", "Float32bits", "Float32frombits", "Float64bits",
	"Float64frombits", "Floor", "Frexp", "Inf", "IsInf", "IsNaN", "Ldexp", "Max", "Min", "Mod", "Modf", "NaN",
	"Nextafter", "Round", "RoundToEven", "Signbit", "Sqrt", "Trunc"}

// typed is a package with the types of its expressions, tests aside.
type typed struct {
	path  string
	fset  *token.FileSet
	files []*ast.File
	info  *types.Info
}

// TestSameFloatsOnEveryProcessor finds what makes one model and one set of formats
// into different keys on different processors.
func TestSameFloatsOnEveryProcessor(t *testing.T) {
	for _, p := range load(t, deciding) {
		for _, f := range p.files {
			for _, n := range fused.Find(p.info, f) {
				t.Errorf("%s: this product may be fused into a sum; round it: float64(x*y)", p.fset.Position(n.Pos()))
			}
			for _, name := range inexact(p.info, f) {
				t.Errorf("%s: math.%s differs between processors; use package libm", p.fset.Position(name.Pos()),
					name.Name)
			}
		}
	}
}

// inexact lists the functions of package math in file that processors compute
// differently.
func inexact(info *types.Info, file *ast.File) []*ast.Ident {
	var out []*ast.Ident
	ast.Inspect(file, func(n ast.Node) bool {
		name, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		used, ok := info.Uses[name].(*types.Func)
		if ok && used.Pkg() != nil && used.Pkg().Path() == "math" && !slices.Contains(exactMath, used.Name()) {
			out = append(out, name)
		}
		return true
	})
	return out
}

// load checks the types of packages and of all of the project that they depend on.
func load(t *testing.T, patterns []string) []typed {
	t.Helper()
	args := append([]string{"list", "-deps", "-export", "-f",
		`{{.ImportPath}} {{.Export}} {{.Dir}} {{join .GoFiles " "}}`}, patterns...)
	cmd := exec.Command("go", args...)
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	exports := map[string]string{}
	fset := token.NewFileSet()
	imports := importer.ForCompiler(fset, "gc",
		func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	var loaded []typed
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimSpace(line), " ")
		exports[fields[0]] = fields[1]
		if !matches(fields[0], everything) {
			continue
		}
		p := typed{path: fields[0], fset: fset,
			info: &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}}
		for _, name := range fields[3:] {
			f, err := parser.ParseFile(fset, filepath.Join(fields[2], name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			p.files = append(p.files, f)
		}
		if _, err := (&types.Config{Importer: imports}).Check(p.path, fset, p.files, p.info); err != nil {
			t.Fatal(err)
		}
		loaded = append(loaded, p)
	}
	if len(loaded) < len(patterns) {
		t.Fatalf("only %d packages of the project among %v: the rule would hold of nothing", len(loaded), patterns)
	}
	return loaded
}
