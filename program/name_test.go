package program_test

import (
	"strings"
	"testing"

	"github.com/zkml-go/zkml/program"
)

// TestNames refuses names that could pass for other text on a terminal, and makes
// plain ones of them.
func TestNames(t *testing.T) {
	for name, c := range map[string]struct{ raw, plain string }{
		"plain":            {"conv1 (Conv)", "conv1 (Conv)"},
		"letters":          {"слой 1, 層", "слой 1, 層"},
		"longest":          {strings.Repeat("r", program.MaxName), strings.Repeat("r", program.MaxName)},
		"two lines":        {"relu\nv9 = argmax", "relu?v9 = argmax"},
		"of a terminal":    {"\x1b[2Jrelu", "?[2Jrelu"},
		"runs backwards":   {"relu\u202e", "relu?"},
		"no text":          {"relu\xff", "relu?"},
		"too long":         {strings.Repeat("r", program.MaxName+1), strings.Repeat("r", program.MaxName-3) + "…"},
		"too long letters": {strings.Repeat("層", 100), strings.Repeat("層", 65) + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := program.PlainName(c.raw); got != c.plain || program.PlainName(got) != got ||
				len(got) > program.MaxName {
				t.Errorf("%q becomes %q, want %q", c.raw, got, c.plain)
			}
			for what, set := range map[string]func(*program.Program){
				"node":  func(p *program.Program) { p.Steps[1].Node = c.raw },
				"table": func(p *program.Program) { table(p).Name = c.raw },
			} {
				p := onePerKind()
				set(p)
				if err := p.Check(); (err == nil) != (c.raw == c.plain) {
					t.Errorf("as the name of a %s: %v", what, err)
				}
			}
		})
	}
}

// TestContentsAreTold: tables, and public layers, that differ in one number do not
// read the same; secret weights are in no words.
func TestContentsAreTold(t *testing.T) {
	first := func(p *program.Program, f func(row program.LinearRow)) {
		edit(linear(p), func(rows []program.LinearRow) []program.LinearRow { f(rows[0]); return rows })
	}
	reweigh := func(p *program.Program) { first(p, func(r program.LinearRow) { r.Terms[1].W ^= 1 }) }
	rewire := func(p *program.Program) { first(p, func(r program.LinearRow) { r.Terms[0].Index ^= 1 }) }
	for name, c := range map[string]struct {
		change func(*program.Program)
		same   bool
	}{
		"table":         {func(p *program.Program) { table(p).Out[3]++ }, false},
		"table's start": {func(p *program.Program) { table(p).First-- }, false},
		"exponential":   {func(p *program.Program) { softmax(p).Exp[0]++ }, false},
		"weight":        {reweigh, false},
		"bias":          {func(p *program.Program) { linear(p).Bias[0]++ }, false},
		"wiring":        {rewire, false},
		"secret weight": {reweigh, true},
	} {
		t.Run(name, func(t *testing.T) {
			p, q := onePerKind(), onePerKind()
			linear(p).Secret, linear(q).Secret = c.same, c.same
			c.change(q)
			if same := p.Text() == q.Text(); same != c.same {
				t.Errorf("same words: %t, want %t", same, c.same)
			}
		})
	}
}
