package plot_test

import (
	"strings"
	"testing"

	"github.com/zkml-go/zkml/plot"
)

// TestBars: a box for each group, a bar for each number but zero, to the left where it is
// negative.
func TestBars(t *testing.T) {
	p, text := draw(t, plot.Bars{
		Title: "credit", Note: "coefficients",
		Groups: []plot.BarGroup{
			{Title: "class 1", Note: "intercept 0.3", Rest: 7, Bars: []plot.Bar{
				{"age", 2, "2"}, {"debt", -4, "-4"}, {"income", 0, "0"}, {"loan", 1e-9, "1e-09"}}},
			{Title: "trees", Bars: []plot.Bar{{"age", 3, "75 %"}, {"debt", 1, "25 %"}}},
		},
	}.Write)
	if len(p.Boxes) != 2 {
		t.Errorf("%d boxes", len(p.Boxes))
	}
	for _, want := range []string{
		">and 7 more<", ">-4<", ">intercept 0.3<", ">coefficients<",
		`width="65" height="15" fill="#9db8d9"`, `width="130" height="15" fill="#e3a3a3"`,
		`width="260" height="15" fill="#9db8d9"`, `width="86" height="15" fill="#9db8d9"`,
	} {
		if strings.Count(text, want) != 1 {
			t.Errorf("%q occurs %d times in %s", want, strings.Count(text, want), text)
		}
	}
	if n := strings.Count(text, `height="15"`); n != 4 {
		t.Errorf("%d bars", n)
	}
}

// TestBarsFit: any names and numbers have room, and none at all are a picture too.
func TestBarsFit(t *testing.T) {
	draw(t, plot.Bars{}.Write)
	draw(t, plot.Bars{Groups: []plot.BarGroup{{}}}.Write)
	for _, name := range names {
		bars := []plot.Bar{{name, 1e300, name}, {name, -1e-300, "-1.23457e-300"}}
		_, text := draw(t, plot.Bars{Title: name, Note: name,
			Groups: []plot.BarGroup{{Title: name, Note: name, Bars: bars}}}.Write)
		if strings.Contains(text, "<script") || strings.ContainsAny(text, "\x1b\u202e") {
			t.Errorf("a name is not escaped: %s", text)
		}
	}
}
