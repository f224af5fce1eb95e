package visibility_test

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/visibility"
)

// TestThresholds: a threshold is part of the layout of an output that shows a class of one
// bit, and of no other.
func TestThresholds(t *testing.T) {
	plan := func() visibility.Plan {
		p := plans(3, 4)[0]
		p.Private, p.Reveal, p.Thresholds = visibility.Private{}, visibility.Class, map[string]float64{"y": 0.1}
		p.Outputs[0] = visibility.Tensor{Name: "y", Shape: []int{1}, Bits: 1, Scale: 1, Classes: true}
		return p
	}
	for _, batch := range []int{0, 3} {
		p := plan()
		p.Batch = batch
		l, err := p.Layout()
		if err != nil {
			t.Fatal(err)
		}
		if out := l.Output("y"); out.Threshold == nil || *out.Threshold != 0.1 || out.Count() != max(batch, 1) {
			t.Errorf("the output is %+v", out)
		}
		if again, err := l.Plan().Layout(); err != nil || !reflect.DeepEqual(again, l) {
			t.Errorf("%+v comes back as %+v, %v", l, again, err)
		}
	}
	for want, spoil := range map[string]func(*visibility.Plan){
		"threshold NaN is not a finite number":   func(p *visibility.Plan) { p.Thresholds["y"] = math.NaN() },
		"threshold -Inf is not a finite number":  func(p *visibility.Plan) { p.Thresholds["y"] = math.Inf(-1) },
		"but shows no class":                     func(p *visibility.Plan) { p.Reveal = visibility.Commitment },
		"has 1 bit, not 2":                       func(p *visibility.Plan) { p.Outputs[0].Bits = 2 },
		"nothing shows that it is the right one": func(p *visibility.Plan) { p.Private.Model = true },
	} {
		p := plan()
		spoil(&p)
		if _, err := p.Layout(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	l, err := plan().Layout()
	if err != nil {
		t.Fatal(err)
	}
	l.Ports[0].Threshold = new(float64)
	if err := l.Check(); err == nil || !strings.Contains(err.Error(), "but shows no class") {
		t.Errorf("the threshold of an input: %v", err)
	}
}
