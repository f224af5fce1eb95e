package visibility_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/visibility"
)

func TestParsePrivate(t *testing.T) {
	cases := map[string]struct {
		want visibility.Private
		ok   bool
	}{
		"":                        {visibility.Private{}, true},
		"input":                   {visibility.Private{Input: true}, true},
		"model":                   {visibility.Private{Model: true}, true},
		"input,model":             {visibility.Private{Input: true, Model: true}, true},
		"model, input":            {visibility.Private{Input: true, Model: true}, true},
		"input:age":               {visibility.Private{Named: []string{"age"}}, true},
		"input:age,input:b,model": {visibility.Private{Named: []string{"age", "b"}, Model: true}, true},
		"input:age,input":         {visibility.Private{Input: true}, true},
		"input:":                  {visibility.Private{}, false},
		"inputs":                  {visibility.Private{}, false},
		"input,":                  {visibility.Private{}, false},
		"all":                     {visibility.Private{}, false},
		"Model":                   {visibility.Private{}, false},
	}
	for text, c := range cases {
		got, err := visibility.ParsePrivate(text)
		if !reflect.DeepEqual(got, c.want) || (err == nil) != c.ok {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
		if err != nil && !strings.Contains(err.Error(), "input and model") {
			t.Errorf("%q: the error %q does not list the words allowed", text, err)
		}
		if back, err := visibility.ParsePrivate(got.String()); !reflect.DeepEqual(back, got) || err != nil {
			t.Errorf("%+v is written %q and read %+v, %v", got, got, back, err)
		}
	}
}

func TestParseReveals(t *testing.T) {
	for text, want := range map[string]string{
		"scores":                   "scores map[]",
		"label=class,p=none":       "scores map[label:class p:none]",
		"none,label=class":         "none map[label:class]",
		"a=b=commitment":           "scores map[a=b:commitment]",
		"class,scores":             "",
		"label=":                   "",
		"=class":                   "",
		"label=class,label=scores": "",
		"label=classes":            "",
		"":                         "",
	} {
		all, by, err := visibility.ParseReveals(text)
		if (err == nil) != (want != "") || err == nil && fmt.Sprint(all, " ", by) != want {
			t.Errorf("%q: %v %v, %v; want %s", text, all, by, err, want)
		}
	}
}

func TestParseReveal(t *testing.T) {
	for _, text := range []string{"scores", "class", "commitment"} {
		if r, err := visibility.ParseReveal(text); string(r) != text || err != nil {
			t.Errorf("%q: %q, %v", text, r, err)
		}
	}
	if _, err := visibility.ParseReveal("score"); err == nil {
		t.Error("a mistyped word is taken")
	}
}

func TestParseScheme(t *testing.T) {
	for text, ok := range map[string]bool{"": true, "eddsa": true, "EdDSA": false, "ecdsa": false} {
		if s, err := visibility.ParseScheme(text); (err == nil) != ok || ok && string(s) != text {
			t.Errorf("%q: %q, %v", text, s, err)
		}
	}
}

// ExamplePlan_Layout lists the public inputs of a private input's class: the class,
// which is small, first.
func ExamplePlan_Layout() {
	l, err := visibility.Plan{
		Private: visibility.Private{Input: true}, Reveal: visibility.Class, Context: true, SignedBy: visibility.EdDSA,
		Inputs:  []visibility.Tensor{{Name: "pixels", Shape: []int{1, 784}, Bits: 3, Scale: 1}},
		Outputs: []visibility.Tensor{{Name: "digit", Shape: []int{1}, Bits: 4, Scale: 1, Classes: true}},
	}.Layout()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range l.Fields() {
		fmt.Println(f.Start, f.Kind, f.Name, f.Count)
	}
	// Output:
	// 0 output digit 1
	// 1 input_commitment pixels 1
	// 2 context context 1
	// 3 signer signer 2
}
