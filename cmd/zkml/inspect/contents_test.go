package inspect

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/testkit/svgtest"
)

var update = flag.Bool("update", false, "write the golden texts anew")

// shownModels are exports of scikit-learn, one of each family that has contents.
var shownModels = []string{"bagging", "binary", "boosting", "clusters", "columns", "extra-values", "mlp", "one-class",
	"pca", "perceptron", "scaled-forest", "svc-linear", "svc-rbf", "targets", "texts"}

// text is how contents are printed.
func (c contents) text(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	c.print(w)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestContents prints models and draws them.
func TestContents(t *testing.T) {
	for _, name := range shownModels {
		t.Run(name, func(t *testing.T) {
			g, _, err := onnx.Load(filepath.Join("..", "..", "..", "compiler", "testdata", "classical", name+".onnx"))
			if err != nil {
				t.Fatal(err)
			}
			held, err := compiler.ContentsOf(g)
			if err != nil {
				t.Fatal(err)
			}
			c := contents{name + ".onnx", held}
			golden := filepath.Join("testdata", "contents", name+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(c.text(t)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.text(t); got != string(want) {
				t.Errorf("it prints\n%s\nwant\n%s", got, want)
			}
			drawn(t, c)
		})
	}
}

// drawn examines the picture: a box for each score, centroid or ensemble.
func drawn(t *testing.T, c contents) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.bars().Write(&b); err != nil {
		t.Fatal(err)
	}
	p := svgtest.Check(t, b.Bytes())
	want := 0
	for _, part := range c.Parts[:min(mostParts, len(c.Parts))] {
		if want += min(mostColumns, len(part.Scores)+part.Clusters); part.Trees != nil {
			want++
		}
	}
	if len(p.Boxes) != want {
		t.Errorf("%d boxes, want %d", len(p.Boxes), want)
	}
	return b.String()
}

// TestLargeContents: of many parts, features, scores and thresholds the first are shown, and
// how many more there are; names from files act on no terminal.
func TestLargeContents(t *testing.T) {
	const hostile = "x\x1b[31m \u202e</text><script>"
	usage := compiler.FeatureUsage{Name: hostile, Splits: 2, Share: new(float64), Cover: new(float64)}
	scores := compiler.Part{Node: hostile, Kind: "linear", Classes: []string{hostile}}
	for range 100 {
		usage.Coefficients = append(usage.Coefficients, -1.5)
		usage.Thresholds = append(usage.Thresholds, 0.1)
		scores.Scores = append(scores.Scores, compiler.PartScore{Name: hostile})
	}
	trees := compiler.Part{Node: "trees", Kind: "trees", Trees: &compiler.PartTrees{Trees: 1,
		Depths: []compiler.TreesOfDepth{{Depth: 4, Trees: 1}}}}
	for range 100 {
		scores.Features, trees.Features = append(scores.Features, usage), append(trees.Features, usage)
	}
	held := &compiler.Contents{Operators: map[string]int{hostile: 1},
		Inputs: []compiler.ContentsPort{{Name: hostile, Type: hostile, Shape: []any{hostile}}}}
	for range 20 {
		held.Parts = append(held.Parts, scores, trees)
	}
	c := contents{hostile, held}
	text := c.text(t)
	for _, want := range []string{"and 28 more parts: --json has all", "and 80 more features: --json has all",
		"and 92 more columns: --json has all", "0.1 and 92 more\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	if lines := strings.Count(text, "\n"); lines > 400 {
		t.Errorf("%d lines", lines)
	}
	if picture := drawn(t, c); strings.ContainsAny(picture, "\x1b\u202e") || strings.Contains(picture, "<script") {
		t.Error("a name is drawn as it is")
	}
	if _, err := json.Marshal(c); err != nil {
		t.Error(err)
	}
}

// TestEmptyContents: a graph of anything else has no parts, and says so.
func TestEmptyContents(t *testing.T) {
	strange := &graph.Node{Name: "a", Op: "Unheard", Outputs: []string{"y"}}
	held, err := compiler.ContentsOf(&graph.Graph{Nodes: []*graph.Node{strange}})
	if err != nil {
		t.Fatal(err)
	}
	c := contents{"-", held}
	if !strings.Contains(c.text(t), "no trees, linear model, support vectors or centroids") {
		t.Error(c.text(t))
	}
	drawn(t, c)
}
