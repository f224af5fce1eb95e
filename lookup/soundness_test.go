package lookup_test

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/lookup"
	"github.com/zkml-go/zkml/testkit/adversary"
	"github.com/zkml-go/zkml/testkit/long"
)

var update = flag.Bool("update", false, "rewrite testdata/soundness")

// question is what a circuit asks of tables about its public inputs, with inputs
// for which that is true and others for which it is not.
type question struct {
	name         string
	ask          func(a *lookup.Argument, in []gate.Wire)
	right, wrong [][]int64
}

// questions are of every kind of table.
func questions() []question {
	var out []question
	for bits := 2; bits < 6; bits++ {
		most := int64(1)<<bits - 1
		out = append(out, question{
			name: fmt.Sprintf("range of %d bits", bits),
			ask: func(a *lookup.Argument, in []gate.Wire) {
				for _, w := range in {
					a.Range(bits).Contain(w, 3)
				}
			},
			right: [][]int64{{-3, most - 3, 0}, {-2, -2, -2}},
			wrong: [][]int64{{-4, 0, 0}, {0, most - 2, -3}, {1 << 40, -3, -3}},
		})
	}
	values := []int64{3, 0, 1, 2, 0, -7}
	return append(out, question{
		name: "function",
		ask: func(a *lookup.Argument, in []gate.Wire) {
			a.Function("f", -2, values).Map(in[0], in[1])
			a.Function("f", -2, values).Map(in[2], in[1])
		},
		right: [][]int64{{-1, 0, 2}, {-2, 3, -2}},
		wrong: [][]int64{{-1, 1, 2}, {-3, 3, -2}, {2, 2, 1}},
	}, question{
		name: "set",
		ask: func(a *lookup.Argument, in []gate.Wire) {
			for _, w := range in {
				a.Set("s", []int64{-9, 0, 2, 1 << 40}).Contain(w, 1)
			}
		},
		right: [][]int64{{-10, 1, 1<<40 - 1}, {-1, -1, -1}},
		wrong: [][]int64{{-10, 1, 0}, {-9, 1, 1}, {1 << 40, -1, -1}},
	}, question{
		name: "several: two functions and a range",
		ask: func(a *lookup.Argument, in []gate.Wire) {
			a.Function("f", -2, values).Map(in[0], in[1])
			a.Function("g", 0, []int64{0, 1}).Map(in[2], in[2])
			a.Range(3).Contain(in[0], 2)
		},
		right: [][]int64{{-2, 3, 0}, {3, -7, 1}},
		wrong: [][]int64{{-2, 0, 0}, {-2, 3, 2}, {6, 0, 0}},
	})
}

// questionLies is how many lies are told of each list of inputs.
func questionLies() int { return long.Count(150, 1500) }

// TestSoundness attacks the argument: what is true has one witness, what is not
// has none. What is true of it is kept in testdata/soundness.
func TestSoundness(t *testing.T) {
	r := adversary.NewRecords(t, filepath.Join("testdata", "soundness"), *update)
	for _, q := range questions() {
		t.Run(q.name, func(t *testing.T) {
			s, err := adversary.Gates(3, 0, func(g gate.API, in []gate.Wire) []gate.Wire {
				a := lookup.New(g)
				q.ask(a, in)
				finish(g, a)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			tally := adversary.Tally{}
			for k, in := range q.right {
				one, err := s.Attack(in, nil, questionLies(), int64(k))
				if err != nil {
					t.Fatal(err)
				}
				tally.Add(one)
			}
			for k, in := range q.wrong {
				one, err := s.Claim(in, nil, questionLies(), int64(k))
				if err != nil {
					t.Fatal(err)
				}
				tally.Add(one)
			}
			subject, _, _ := strings.Cut(strings.Replace(q.name, ":", "", 1), " ")
			r.Attacked(t, subject, q.name, s.Open, tally)
			r.Pinned(t, subject, q.name, s.Open.Pins())
		})
	}
	r.Check(t)
}
