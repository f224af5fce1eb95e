package rules

import (
	"bytes"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// packages gives what every package of the project depends on, tests aside, by
// import path.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	cmd := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Deps " "}}`, "./...")
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	deps := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		fields := strings.Fields(line)
		deps[fields[0]] = fields[1:]
	}
	return deps
}

// matches tells whether a path is a pattern, or lies below one that ends in
// "/...". Patterns without a dot in their first part are the project's own.
func matches(path, pattern string) bool {
	if first, _, _ := strings.Cut(pattern, "/"); !strings.Contains(first, ".") {
		pattern = module + "/" + pattern
	}
	tree, below := strings.CutSuffix(pattern, "/...")
	return path == tree || below && strings.HasPrefix(path, tree+"/")
}

func matchesAny(path string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(path, p) })
}

// everything is all of the project.
const everything = module + "/..."

// ground is what every package may import: it knows nothing of any of them.
var ground = []string{"budget", "printable", "problem"}

// edges are the package rules of docs/architecture.md: what packages must not
// depend on, directly or through others. but lists what is allowed all the same.
var edges = []struct {
	from      []string
	forbidden []string
	but       []string
	why       string
}{
	{[]string{"verifier", "verifier/solidity"}, []string{everything}, []string{"visibility", "verifier", "jsonfile"},
		"what a user must trust stays small"},
	{[]string{"budget", "printable", "problem", "libm", "visibility", "tensor", "internal/progress"},
		[]string{everything}, nil,
		"what everybody imports knows nobody"},
	{[]string{"input", "plot"}, []string{everything}, []string{"tensor"},
		"files and pictures have nothing to do with models"},
	{[]string{"sparse"}, []string{everything}, nil,
		"matrices of floats and of integers know neither models nor circuits"},
	{[]string{"gate"}, []string{everything}, nil,
		"gates know no lookups, gadgets or models"},
	{[]string{"argument"}, []string{everything}, []string{"gate"},
		"what arguments share knows none of them"},
	{[]string{"lookup"}, []string{everything}, []string{"argument", "gate"},
		"a lookup argument knows no tensors or models"},
	{[]string{"circuits"}, []string{everything}, []string{"argument", "gate", "lookup", "visibility"},
		"circuits never know ONNX or graphs"},
	{[]string{"signature"}, []string{everything}, []string{"argument", "circuits", "gate", "lookup", "visibility",
		"verifier", "jsonfile"},
		"a device that signs knows no models and makes no proofs"},
	{[]string{"compiler/graph"}, []string{everything}, []string{"tensor"},
		"the float graph knows no operators"},
	{[]string{"compiler/ir"}, []string{everything}, []string{"libm", "sparse"},
		"the float IR stands for itself"},
	{[]string{"compiler/stair"}, []string{everything}, nil,
		"integer stairs stand for themselves"},
	{[]string{"compiler/onnx"}, []string{everything}, []string{"compiler/graph", "tensor"},
		"the wire format knows no meaning of operators"},
	{[]string{"compiler/op"}, []string{everything}, []string{"budget", "compiler/graph", "compiler/ir",
		"compiler/stair", "libm", "sparse", "tensor"},
		"an operator knows neither ONNX's wire format nor integer formats nor circuits"},
	{[]string{"program"}, []string{everything}, []string{"argument", "circuits", "gate", "lookup", "sparse",
		"visibility"},
		"kernels know no ONNX, no float graph and no proving"},
	{[]string{"compiler"}, []string{"compiler/onnx", "prover/...", "verifier/...", "artifact", "cmd/...", "input"}, nil,
		"the compiler knows neither files nor proving"},
	{[]string{"srs"}, []string{everything}, nil,
		"an SRS knows no circuits, models or proofs"},
	{[]string{"artifact"}, []string{"prover/...", "compiler", "compiler/op", "compiler/onnx", "cmd/..."},
		[]string{"srs"},
		"a bundle knows not how proofs are made, nor ONNX"},
	{[]string{"prover"}, []string{"compiler", "compiler/op", "compiler/onnx", "compiler/graph", "cmd/..."}, nil,
		"the prover knows no ONNX and no float models"},
	{[]string{"conformance"}, []string{"compiler", "compiler/op", "compiler/onnx", "cmd/..."}, nil,
		"audits know no ONNX and no float models"},
	{[]string{"jsonfile"}, []string{everything}, nil,
		"the form of a file knows nothing of what is in it"},
	{[]string{"..."}, []string{"cmd/...", "examples/...", "dev/rules"},
		[]string{"cmd/zkml/...", "examples/measure", "examples/mnist/..."},
		"commands and examples are ends: nobody imports them"},
	{[]string{"examples/...", "dev/..."}, []string{"cmd/..."}, nil,
		"commands are ends: nobody imports them"},
	{[]string{"cmd/..."}, []string{
		"testkit/optest", "testkit/circuittest", "testkit/toy", "chain/evm", "examples/...",
		"github.com/consensys/gnark/test/...", "github.com/ethereum/go-ethereum/ethclient/simulated/...",
		"github.com/ethereum/go-ethereum/core/vm/...",
		"github.com/ethereum/go-ethereum/eth/...", "testing",
	}, nil, "the tool carries no tests and no chain"},
	{[]string{"chain/solc"}, []string{everything}, nil,
		"a compiler knows no models"},
	{[]string{"chain/calldata"}, []string{everything}, []string{"verifier", "printable", "jsonfile", "visibility"},
		"whoever encodes a call knows neither chains nor models"},
	{[]string{"chain"}, []string{everything}, []string{"chain/solc", "chain/calldata", "jsonfile",
		"verifier/solidity", "verifier", "visibility"},
		"what sends transactions knows proofs and contracts, not how they are made"},
	{[]string{"chain/explorer"}, []string{"prover/...", "circuits/...", "compiler/...", "artifact", "cmd/..."}, nil,
		"what speaks to an explorer knows deployments, not models"},
}

// TestEdges keeps the package rules over the import graph.
func TestEdges(t *testing.T) {
	deps := packages(t)
	for _, rule := range edges {
		t.Run(strings.ReplaceAll(rule.from[0], "/", " "), func(t *testing.T) {
			held := 0
			for path, on := range deps {
				if !from(path, rule.from) {
					continue
				}
				held++
				for _, d := range on {
					if d != path && matchesAny(d, rule.forbidden) && !matchesAny(d, rule.but) &&
						!matchesAny(d, ground) {
						t.Errorf("%s depends on %s: %s", path, d, rule.why)
					}
				}
			}
			if held == 0 {
				t.Errorf("no package is %v: the rule would hold of nothing", rule.from)
			}
		})
	}
}

// from is matchesAny, where "..." is every package of the project.
func from(path string, patterns []string) bool {
	return patterns[0] == "..." || matchesAny(path, patterns)
}

// keepers are the packages that alone may import a library, tests included.
var keepers = []struct {
	library string
	only    []string
	why     string
}{
	{"github.com/owulveryck/onnx-go/...", []string{"compiler/onnx"}, "it is old: one package turns its failures " +
		"into errors"},
	{"gorgonia.org/...", []string{"compiler/onnx"}, "tensors of our own serve everybody else"},
	{"github.com/gogo/protobuf/...", []string{"compiler/onnx"}, "the wire format has one reader"},
	{"github.com/spf13/cobra/...", []string{"cmd/..."}, "flags are apart from behaviour"},
	{"github.com/schollz/progressbar/...", []string{"internal/progress"}, "progress looks the same everywhere"},
	{"github.com/ethereum/go-ethereum/...", []string{"chain/evm", "examples/measure", "chain/solc", "chain",
		"chain/calldata", "verifier/solidity"}, "what talks to a chain is one package, and tests"},
	{"github.com/fxamacker/cbor/...", []string{"program"}, "one encoding of programs"},
	{"github.com/consensys/gnark/std/...", []string{"gate", "testkit/circuittest", "circuits"},
		"every gate is counted"},
}

// TestKeepers holds libraries to the packages that keep them.
func TestKeepers(t *testing.T) {
	for _, s := range parse(t, files(t, ".go")) {
		pkg := module
		if i := strings.LastIndex(s.path, "/"); i >= 0 {
			pkg += "/" + s.path[:i]
		}
		for _, spec := range s.file.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			for _, k := range keepers {
				if matches(path, k.library) && !matchesAny(pkg, k.only) {
					t.Errorf("%s:%d imports %s, which belongs to %v: %s", s.path, s.line(spec.Pos()), path, k.only,
						k.why)
				}
			}
		}
	}
}
