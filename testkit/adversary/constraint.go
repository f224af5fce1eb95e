package adversary

import (
	"strings"

	"github.com/consensys/gnark/constraint/solver"

	"github.com/zkml-go/zkml/lookup"
)

// phrases name the constraints of the project's own functions, for people; those
// of others go by their function's name.
var phrases = map[string]string{
	"circuits.(*Builder).check":         "range polynomial",
	"circuits.(*slot).bind":             "pack equation",
	"circuits.(*Builder).bind":          "reconstruction equation",
	"circuits.(*Builder).productZero":   "product of differences is zero",
	"circuits.(*Builder).ArgMax":        "selected difference is zero",
	"circuits.(*Builder).ranks":         "selectors sum to one",
	"circuits.(*Builder).Top":           "place of an element",
	"circuits.(*Builder).floorQuotient": "division equation",
	"circuits.(*Builder).Distances":     "distance is zero",
	"circuits.(*Builder).equal":         "equality with a public input",
	"circuits.(*border).bindInputs":     "public input's word",
	"lookup.(*Table).fractions":         "fraction of a table's entry",
}

// finish is the function of the lookup argument that asserts identities.
const finish = "lookup.(*Argument).Finish"

// Constraint names what an op asserts.
func (s *System) Constraint(at int) string {
	o := &s.ops[at]
	label := s.labels[o.label]
	if o.kind == gateOp {
		return "gate without a solution"
	}
	if maker := s.maker[o.a]; maker != none && s.ops[maker].kind == inverseOp && s.ops[maker].label == o.label &&
		!o.m.IsZero() {
		return "inverse of a denominator"
	}
	if label == finish {
		return s.identity(at)
	}
	if p, ok := phrases[label]; ok {
		return p
	}
	return strings.NewReplacer("(*", "", ")", "").Replace(label)
}

// identity tells a range's lookup from a function's: of the latter some entry
// has an output.
func (s *System) identity(at int) string {
	for i := at; i >= 0; i-- {
		o := &s.ops[i]
		if o.kind != hintOp || o.id != solver.GetHintID(lookup.Fractions) {
			continue
		}
		for k := 4; k < len(o.in); k += 3 { // α, β, then for each entry its count, in and out
			if !o.in[k].coef.IsZero() {
				return "function lookup"
			}
		}
		break
	}
	return "range lookup"
}

// name is a hint's name without its path.
func (o *op) name() string {
	full := solver.GetHintName(o.hint)
	return full[strings.LastIndex(full, "/")+1:]
}
