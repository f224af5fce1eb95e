package conformance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/jsonfile"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/visibility"
)

// formatsOf publishes the input's format, as the compiler does.
func formatsOf(s *circuits.Statement) string {
	in := s.Layout.Inputs()[0]
	return fmt.Sprintf(`{"input":{"bits":%d,"zero":%d,"scale":%g},"steps":[]}`, in.Bits, in.Zero, in.Scale)
}

// TestFormatsAreChecked publishes formats that are not the key's, not the layout's, or
// that two readers read differently.
func TestFormatsAreChecked(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to string
		// both tells that the key's file says the same.
		both bool
	}{
		{"only the architecture's are others", "[]", "[{}]", false},
		{"another zero", `"zero":`, `"zero":1`, true},
		{"another number of bits", `"bits":`, `"bits":1`, true},
		{"a name in another case", `{"input"`, `{"Input":{},"input"`, true},
		{"a name twice", `{"input"`, `{"input":{},"input"`, true},
		{"hidden trees of no size", `"steps"`, `"hide_structure":{"depth":"2"},"steps"`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := honest().copy()
			arch, key := *m.arch, *m.key
			arch.Formats = strings.Replace(arch.Formats, c.from, c.to, 1)
			if c.both {
				key.Formats = arch.Formats
			}
			m.arch, m.key = &arch, &key
			if bad := failing(t, m); !slices.Contains(bad, "formats") {
				t.Errorf("%q did not refuse it; these did: %v", "formats", bad)
			}
		})
	}
}

// TestFormatsOfSeveralInputs reads the formats of one input without a name, and of several
// with theirs.
func TestFormatsOfSeveralInputs(t *testing.T) {
	layout := func(names ...string) visibility.Layout {
		plan := visibility.Plan{Reveal: visibility.Scores, Outputs: []visibility.Tensor{{Name: "y", Bits: 1, Scale: 1}}}
		for _, name := range names {
			plan.Inputs = append(plan.Inputs, visibility.Tensor{Name: name, Shape: []int{2}, Bits: 3, Zero: 1,
				Scale: 0.5})
		}
		l, err := plan.Layout()
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	const format = `"bits":3,"zero":1,"scale":0.5}`
	const other = `{"bits":4,"zero":0,"scale":2,"missing":15}`
	one, two, row := layout("x"), layout("x", "w"), layout("x").Clone()
	highest := int64(15)
	row.Ports[0].Bits, row.Ports[0].Zero, row.Ports[0].Scale = 0, 0, 0
	row.Ports[0].Elements = []visibility.Element{{Bits: 3, Zero: 1, Scale: 0.5}, {Bits: 4, Scale: 2, Missing: &highest}}
	for _, c := range []struct {
		text string
		of   visibility.Layout
		ok   bool
	}{
		{`{"input":{` + format + `,"steps":[]}`, one, true},
		{`{"inputs":[{"name":"x",` + format + `,{"name":"w",` + format + `],"steps":[]}`, two, true},
		{`{"inputs":[{"name":"x",` + format + `],"steps":[]}`, one, false},
		{`{"input":{"name":"x",` + format + `,"steps":[]}`, one, false},
		{`{"input":{` + format + `,"inputs":[],"steps":[]}`, one, false},
		{`{"inputs":[{"name":"w",` + format + `,{"name":"x",` + format + `],"steps":[]}`, two, false},
		{`{"input":{` + format + `,"inputs":[{"name":"x",` + format + `,{"name":"w",` + format + `],"steps":[]}`, two,
			false},
		{`{"inputs":[{"name":"x",` + format + `],"steps":[]}`, two, false},
		{`{"input":{"elements":[{` + format + `,` + other + `]},"steps":[]}`, row, true},
		{`{"input":{"elements":[` + other + `,{` + format + `]},"steps":[]}`, row, false},
		{`{"input":{"elements":[{` + format + `,{` + format + `]},"steps":[]}`, row, false},
		{`{"input":{"elements":[{` + format + `]},"steps":[]}`, row, false},
		{`{"input":{` + format + `,"steps":[]}`, row, false},
		{`{"steps":[]}`, one, false},
		{`{"steps":[]}`, two, false},
	} {
		var f publishedFormats
		if err := jsonfile.Decode([]byte(c.text), &f); err != nil {
			t.Fatal(err)
		}
		if f.of(c.of) != c.ok {
			t.Errorf("%s: are the formats of %d inputs: %t", c.text, len(c.of.Inputs()), !c.ok)
		}
	}
}

// TestHiddenSizesAreThePrograms: formats declare sizes of hidden trees, which are those of the
// program's, or an audit fails.
func TestHiddenSizesAreThePrograms(t *testing.T) {
	full := func() *program.Program {
		return &program.Program{Steps: []program.Step{{Kernel: &program.Splits{}}, {Kernel: &program.Trees{
			Bit: []int32{0, 1, 2, 3, 4, 5}, High: []int32{^0, ^2, 0, ^4, ^6, 3}, Low: []int32{^1, ^3, 1, ^5, ^7, 4},
			Roots: []int32{2, 5},
		}}}}
	}
	for name, change := range map[string]func(p *program.Program, t *program.Trees){
		"one tree":         func(_ *program.Program, t *program.Trees) { t.Roots = t.Roots[:1] },
		"three trees":      func(_ *program.Program, t *program.Trees) { t.Roots = []int32{2, 5, 4} },
		"one tree twice":   func(_ *program.Program, t *program.Trees) { t.Roots[1] = 2 },
		"a shallower tree": func(_ *program.Program, t *program.Trees) { t.Roots[1] = 4 },
		"a leaf halfway":   func(_ *program.Program, t *program.Trees) { t.Low[5] = ^5 },
		"a node twice":     func(_ *program.Program, t *program.Trees) { t.Low[5] = 3 },
		"no trees":         func(p *program.Program, _ *program.Trees) { p.Steps = p.Steps[:1] },
		"thresholds in order": func(p *program.Program, _ *program.Trees) {
			p.Steps[0].Kernel = &program.Splits{Rank: []int32{0}}
		},
		"other trees after these": func(p *program.Program, _ *program.Trees) {
			p.Steps = append(p.Steps, program.Step{Kernel: &program.Trees{}})
		},
	} {
		p := full()
		if f := hiding(2, 2); !f.sizes(p) || hiding(1, 2).sizes(p) || hiding(2, 3).sizes(p) || hiding(2, 1).sizes(p) {
			t.Fatal("full trees have other sizes than their own")
		}
		if change(p, p.Steps[1].Kernel.(*program.Trees)); hiding(2, 2).sizes(p) {
			t.Errorf("%s: it has the declared sizes", name)
		}
	}
	m := honest().copy()
	arch, key := *m.arch, *m.key
	arch.Formats = strings.Replace(arch.Formats, "{", `{"hide_structure":{"depth":2,"trees":2},`, 1)
	key.Formats = arch.Formats
	m.arch, m.key = &arch, &key
	if bad := failing(t, m); !slices.Contains(bad, "hidden structure") {
		t.Errorf("a model without trees hides them: %v", bad)
	}
}

// hiding are formats that declare sizes of hidden trees.
func hiding(depth, trees int) *publishedFormats {
	f := new(publishedFormats)
	text := fmt.Sprintf(`{"hide_structure":{"depth":%d,"trees":%d}}`, depth, trees)
	if err := jsonfile.Decode([]byte(text), f); err != nil {
		panic(err)
	}
	return f
}
