package solidity

import "github.com/zkml-go/zkml/visibility"

// consumerABI is the ABI of the example contract as it is exported, and the wrapper's
// errors: the example passes them on, and who calls it reads them by this ABI.
func consumerABI(v view) []Entry {
	address := Parameter{Type: "address"}
	sender := []Parameter{{Name: "sender", Type: "address"}}
	list := []Entry{
		{Type: "constructor", Inputs: v.consumerConstruction(), StateMutability: "nonpayable"},
		{Type: "event", Name: "Accepted", Inputs: v.accepted()},
		{Type: "function", Name: "submit", Inputs: v.calls, Outputs: &[]Parameter{}, StateMutability: "nonpayable"},
		getter("model", nil, address),
	}
	if v.Hashed {
		list = append(list, getter("trusted", nil, Parameter{Type: wordType}))
	}
	for _, s := range v.Signers() {
		for _, coordinate := range []string{"X", "Y"} {
			list = append(list, getter(s.Name+coordinate, nil, Parameter{Type: numberType}))
		}
	}
	if v.Context {
		list = append(list, getter("nonces", sender, Parameter{Type: numberType}),
			getter("contextOf", sender, Parameter{Type: numberType}))
	} else {
		list = append(list, getter("used", []Parameter{{Name: "claim", Type: wordType}}, Parameter{Type: "bool"}))
	}
	for _, o := range v.Outputs() {
		list = append(list, getter(o.Getter(), sender, Parameter{Type: o.kept()}))
	}
	list = append(list, v.consumerErrors()...)
	return append(list, v.errorEntries()...)
}

// Shown are the arguments that the example's event repeats, under the names that they have
// there: commitments, outputs and the context. A public input may be long, and who was
// trusted is known.
func (v view) Shown() []argument {
	var list []argument
	for _, a := range v.Claim {
		switch role := a.Port.Role; {
		case a.Input != nil || role == visibility.RoleModel || role == visibility.RoleSigner:
			continue
		case a.Place == "" && a.OneClass():
			a.Name, a.Type, a.Expr = "class", numberType, "uint256("+a.Expr+"[0])"
		}
		list = append(list, a)
	}
	return list
}

// accepted is what the example's event has: a struct where the calls take one, since any
// number of ports fits that.
func (v view) accepted() []Parameter {
	var shown []Parameter
	for _, a := range v.Shown() {
		shown = append(shown, a.Parameter)
	}
	if v.Struct {
		shown = []Parameter{{Name: "shown", Type: structType, Internal: "struct " + v.Name + "Consumer.Shown",
			Components: shown}}
	}
	return append([]Parameter{{Name: "sender", Type: "address", Indexed: true}}, shown...)
}

// consumerConstruction is what the example is deployed with.
func (v view) consumerConstruction() []Parameter {
	list := []Parameter{{Name: "model_", Type: "address"}}
	if v.Hashed {
		list = append(list, Parameter{Name: "trusted_", Type: wordType})
	}
	for _, s := range v.Signers() {
		list = append(list, Parameter{Name: s.Name + "_", Type: pair})
	}
	return list
}

// consumerErrors are the example's own.
func (v view) consumerErrors() []Entry {
	once := errorEntry("AlreadyUsed")
	if v.Context {
		once = errorEntry("WrongContext", Parameter{Name: "expected", Type: numberType})
	}
	list := []Entry{once}
	if v.Hashed {
		list = append(list, errorEntry("WrongModel"))
	}
	if v.Signed {
		list = append(list, errorEntry("WrongSigner"))
	}
	return list
}

// kept is the type of what the example keeps of an output.
func (a argument) kept() string {
	if a.OneClass() {
		return numberType
	}
	return a.Type
}
