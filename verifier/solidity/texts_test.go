package solidity_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

// TestTexts writes a library of labels where they are few and short, and no text as it is.
func TestTexts(t *testing.T) {
	const evil = "*/ contract Evil {}"
	many := make([]string, 10)
	for k := range many {
		many[k] = strings.Repeat("x", 33) + fmt.Sprint(k)
	}
	for name, c := range map[string]struct {
		texts []string
		want  string // in the library; empty where there is none
	}{
		"labels": {[]string{"cat", evil, "ü", ""}, `if (number == 0) return string(bytes(hex"636174"));`},
		"utf-8":  {[]string{"cat", evil, "ü", ""}, `if (number == 2) return string(bytes(hex"c3bc"));`},
		"long":   {many, ""},
		"none":   {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := toy.Find("private input, class")
			out := s.Layout.Outputs()[0]
			for k, text := range c.texts {
				out.Texts = append(out.Texts, visibility.Text{Number: int64(k), Text: text})
			}
			p, err := toy.New(s.Layout, toy.About(), 0)
			if err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(t.TempDir(), "out")
			r, err := solidity.Export(p.Key, nil, "pet", dir, solidity.WithClient)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "consumer", "PetTexts.sol")
			text, err := os.ReadFile(path)
			if (err == nil) != (c.want != "") || !strings.Contains(string(text), c.want) {
				t.Errorf("%v: %s", err, text)
			}
			for _, f := range r.Files {
				if filepath.Ext(f) == ".sol" && strings.Contains(read(t, dir, f), "Evil") {
					t.Errorf("%s holds text of the key", f)
				}
			}
		})
	}
}
