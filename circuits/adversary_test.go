package circuits_test

import (
	"testing"

	"github.com/zkml-go/zkml/circuits/circuittest/adversary"
)

func TestAdversary(t *testing.T) {
	total := 0
	for _, e := range examples() {
		t.Run(e.name, func(t *testing.T) {
			s, err := adversary.Statement(e.Statement())
			if err != nil {
				t.Fatal(err)
			}
			inputs := e.Inputs(nil, 5)
			for k, in := range inputs[:2] {
				tally, err := s.Attack(in, e.Eval(in), 200, int64(k))
				if err != nil {
					t.Fatal(err)
				}
				total += tally.Tried
				t.Log(s.Open.Gates, tally.Tried, tally.By)
				for _, a := range tally.Accepted {
					t.Error(a)
				}
			}
		})
	}
	t.Log(total)
}
