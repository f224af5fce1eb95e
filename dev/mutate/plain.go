package main

// plain are functions that the call graph takes for ones that emit and that emit
// nothing which a proof rests on, and why.
var plain = map[string]string{
	"Statement.Assign":          assigns,
	"Statement.Claim":           assigns,
	"Statement.ModelCommitment": assigns,
	"Statement.assignModel":     assigns,
	"Statement.recordModel":     assigns,
	"Statement.weights":         assigns,
	"NewCircuit":                assigns,
	"Statement.Count":           counts,
	"Statement.CountWithin":     counts,
	"Statement.count":           counts,
	"layer.count":               counts,
	"secretLayer.arrange":       arranges,
	"secretLayer.cost":          arranges,
	"secretLayer.singleGates":   arranges,
	"secretLayer.packs":         arranges,
	"Commit":                    specifies,
	"Hash":                      specifies,
	"Domain.Of":                 specifies,
	"Domain.tag":                specifies,
	"Saturation.Eval":           specifies,
	"Rescale":                   specifies,
}

const (
	assigns   = "assigns a witness: a wrong one satisfies no circuit"
	counts    = "counts gates on a copy of the statement; the compiled circuit is compared with the count"
	arranges  = "chooses among arrangements of weights that are all sound, by what they cost"
	specifies = "is the specification that the circuit is compared with"
)
