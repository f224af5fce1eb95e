package circuits_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/testkit/adversary"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// rowFormats are the formats of a table's row: 3 bits, 5 of which the lowest integer is for a
// missing value, a constant, 9, which are 3 digits, and 1.
func rowFormats() []visibility.Element {
	lowest := int64(-4)
	return []visibility.Element{
		{Bits: 3, Scale: 0.5}, {Bits: 5, Zero: 4, Scale: 1, Missing: &lowest}, {Bits: 0, Zero: -7, Scale: 0.25},
		{Bits: 9, Zero: -300, Scale: 2}, {Bits: 1, Scale: 1},
	}
}

// rowPlan is of an input of such rows, and of its weighted sum.
func rowPlan(formats []visibility.Element) visibility.Plan {
	return visibility.Plan{
		Reveal:  visibility.Scores,
		Inputs:  []visibility.Tensor{{Name: "row", Shape: []int{len(formats)}, Elements: formats}},
		Outputs: []visibility.Tensor{{Name: "sum", Shape: []int{1}, Bits: 16, Zero: 1 << 15, Scale: 1}},
	}
}

// rowProgram weighs the elements of each row of a batch by 1, 2, 3 and so on; it reads
// constant elements, or does not.
func rowProgram(in visibility.Tensor, items int, constants bool) *program.Program {
	perItem := in.Count() / items
	rows := make([]program.LinearRow, items)
	var each []program.Interval
	for i := range in.Count() {
		each = append(each, program.Interval{Lo: in.LowestOf(i), Hi: in.HighestOf(i)})
		if row := &rows[i/perItem]; constants || !in.Element(i).Constant() {
			row.Terms = append(row.Terms, circuits.RowTerm{Index: int32(i), W: int64(i%perItem + 1)})
		}
	}
	p := &program.Program{
		Values:  []program.Value{{Shape: in.Shape, Scale: 1}, {Shape: []int{items}, Scale: 1}},
		Inputs:  make([]program.Interval, 1),
		Steps:   []program.Step{{Node: "sum", Kernel: program.NewLinear(rows...), In: []int{0}, Out: 1}},
		Outputs: []int{1},
	}
	p.SetInputRange(0, each)
	return p
}

// rowStatement is the statement of a plan of rowPlan.
func rowStatement(plan visibility.Plan) (*circuits.Statement, *program.Program) {
	l := circuittest.Layout(plan)
	p := rowProgram(l.Inputs()[0].Tensor, l.Items(), true)
	return &circuits.Statement{Layout: l, Model: p, Digit: 4}, p
}

// rowPlans are public and private inputs, and a batch of which no word ends with a row.
func rowPlans(batches ...int) map[string]visibility.Plan {
	out := map[string]visibility.Plan{}
	for _, private := range []bool{false, true} {
		for _, batch := range append([]int{0}, batches...) {
			p := rowPlan(rowFormats())
			p.Private.Input, p.Batch = private, batch
			out[fmt.Sprintf("private %t, batch %d", private, batch)] = p
		}
	}
	return out
}

// rowInputs are the lowest integers, the highest, and some between.
func rowInputs(in visibility.Tensor) (low, high, middle []int64) {
	for i := range in.Count() {
		lo, hi := in.LowestOf(i), in.HighestOf(i)
		low, high, middle = append(low, lo), append(high, hi), append(middle, lo+(hi-lo)*int64(i%3)/2)
	}
	return low, high, middle
}

// TestElementsAreBound: in every scenario the circuit computes from elements of formats of
// their own, to their ends, and none of its inputs can be altered alone.
func TestElementsAreBound(t *testing.T) {
	for name, plan := range rowPlans(15) {
		t.Run(name, func(t *testing.T) {
			st, p := rowStatement(plan)
			s := circuittest.Compile(t, st)
			low, high, middle := rowInputs(st.Layout.Inputs()[0].Tensor)
			for _, in := range [][]int64{low, high, middle} {
				s.Accepts(in, p.Eval(in)[0])
			}
			out := p.Eval(middle)[0]
			for i := range st.Layout.Count() {
				c := assignment(t, s, middle, out)
				if c.Public[i] = plusOne(c.Public[i]); solves(t, s, c) {
					t.Errorf("public input %d altered is admitted", i)
				}
			}
			for i := range st.Layout.SecretCount() {
				c := assignment(t, s, middle, out)
				if c.Secret[i] = plusOne(c.Secret[i]); solves(t, s, c) {
					t.Errorf("secret input %d altered is admitted", i)
				}
			}
		})
	}
}

// TestElementsStayInTheirBits: an element beyond its own bits but within the widest format
// takes a bit of its neighbour, so that the words, and what commits to them, are the same.
// Only the range checks refuse it: the claimed outputs are those of what is moved.
func TestElementsStayInTheirBits(t *testing.T) {
	for name, plan := range rowPlans(15) {
		t.Run(name, func(t *testing.T) {
			st, p := rowStatement(plan)
			s := circuittest.Compile(t, st)
			in, out := st.Layout.Inputs()[0], st.Layout.Outputs()[0]
			_, high, _ := rowInputs(in.Tensor)
			places := variablePlaces(in.Tensor)
			moves := 0
			for k, from := range places[:len(places)-1] {
				to := places[k+1]
				if from.Word != to.Word {
					continue
				}
				values := slices.Clone(high)
				values[from.element] = in.LowestOf(from.element)
				c := assignment(t, s, values, p.Eval(values)[0])
				if !solves(t, s, c) {
					t.Fatal("the honest prover is rejected")
				}
				values[from.element] += 1 << from.Bits
				values[to.element]--
				c.Secret[k], c.Secret[k+1] = values[from.element], values[to.element]
				for i, v := range p.Eval(values)[0] {
					c.Public[out.Start+i] = v
				}
				if moves++; solves(t, s, c) {
					t.Errorf("a bit of element %d that is one of element %d is admitted", to.element, from.element)
				}
			}
			if least := 3 * st.Layout.Items(); moves < least {
				t.Errorf("%d bits moved, want %d", moves, least)
			}
		})
	}
}

// placed is the place of an element.
type placed struct {
	element int
	visibility.Place
}

// variablePlaces are the places of the elements that have a secret wire, in their order.
func variablePlaces(in visibility.Tensor) []placed {
	var out []placed
	for i, at := range in.Places() {
		if !at.Constant() {
			out = append(out, placed{i, at})
		}
	}
	return out
}

// TestElementsHaveTheirOwnCommitment: words that are equal under two formats are not the same
// values, and neither the commitment nor the message of one is that of the other.
func TestElementsHaveTheirOwnCommitment(t *testing.T) {
	formats := func(bits ...int) []visibility.Element {
		out := make([]visibility.Element, len(bits))
		for i, n := range bits {
			out[i] = visibility.Element{Bits: n, Scale: 1}
		}
		return out
	}
	claims := map[string]string{}
	var first visibility.Claim
	for _, c := range []struct {
		bits   []int
		values []int64
	}{{[]int{3, 5}, []int64{5, 9}}, {[]int{5, 3}, []int64{13, 2}}, {[]int{4, 4}, []int64{13, 4}}} {
		plan := rowPlan(formats(c.bits...))
		plan.Private.Input = true
		st, p := rowStatement(plan)
		s := circuittest.Compile(t, st)
		in := st.Layout.Inputs()[0].Tensor
		if words, err := in.Pack(c.values); err != nil || len(words) != 1 || words[0].Int64() != 77 {
			t.Fatalf("%v bits: words %v, %v", c.bits, words, err)
		}
		claim, err := s.Claim(c.values, p.Eval(c.values)[0])
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = claim
		}
		for what, v := range map[string]string{"commitment": claim[0].Element().String(),
			"message": messageOf(t, in, "", c.values).String()} {
			if other, same := claims[v]; same {
				t.Errorf("the %s of %v bits is that of %s", what, c.bits, other)
			}
			claims[v] = fmt.Sprint(c.bits, " bits")
		}
		claim[0] = first[0]
		a, err := circuittest.Assign(st, claim, c.values, s.Salts)
		if err != nil {
			t.Fatal(err)
		}
		if admitted := solves(t, s, a); admitted != (c.bits[0] == 3) {
			t.Errorf("the commitment of 3 and 5 bits under %v bits: admitted is %t", c.bits, admitted)
		}
	}
}

// TestElementsCost: an element costs the range check of its own bits, and constants that no
// row weighs a gate together, for the wire that each layer has of every input.
func TestElementsCost(t *testing.T) {
	count := func(formats ...visibility.Element) (rows, input, secrets int) {
		t.Helper()
		st, _ := rowStatement(rowPlan(formats))
		st.Model = rowProgram(st.Layout.Inputs()[0].Tensor, 1, false)
		cost, err := st.Count()
		if err != nil {
			t.Fatal(err)
		}
		return cost.Rows(), cost.Parts[0].Gates, st.Layout.SecretCount()
	}
	wide, bit := visibility.Element{Bits: 8, Scale: 1}, visibility.Element{Bits: 1, Scale: 1}
	three, constant := visibility.Element{Bits: 3, Scale: 1}, visibility.Element{Zero: -7, Scale: 0.5}
	base, before, secrets := count(wide, wide, bit)
	if base != 89 || before != 6 || secrets != 3 {
		t.Errorf("%d rows, %d of the input, and %d secrets", base, before, secrets)
	}
	for _, c := range []struct {
		name  string
		with  []visibility.Element
		input int
	}{
		{"a bit", []visibility.Element{wide, wide, bit, bit}, 2},
		{"three bits", []visibility.Element{wide, wide, bit, three}, 4},
	} {
		if _, input, _ := count(c.with...); input != before+c.input {
			t.Errorf("%s takes %d gates of the input, want %d", c.name, input-before, c.input)
		}
	}
	rows, input, wires := count(wide, wide, bit, constant, constant)
	if rows != base+1 || input != before || wires != secrets {
		t.Errorf("constants take %d rows, %d gates of the input and %d wires", rows-base, input-before, wires-secrets)
	}
}

// attackElements attacks statements of rows with formats of their own.
func attackElements(t *testing.T, r *adversary.Records) {
	for name, plan := range rowPlans(2) {
		t.Run(name, func(t *testing.T) {
			st, p := rowStatement(plan)
			s, err := adversary.Statement(st, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, _, in := rowInputs(st.Layout.Inputs()[0].Tensor)
			tally, err := s.Attack(in, p.Eval(in)[0], attackLies(), 1)
			if err != nil {
				t.Fatal(err)
			}
			r.Attacked(t, "elements", name, s.Open, tally)
			r.Pinned(t, "elements", name, s.Open.Pins())
		})
	}
}
