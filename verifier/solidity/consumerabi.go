package solidity

// consumerABI is the ABI of the example contract as it is exported, and the wrapper's
// errors: the example passes them on, and who calls it reads them by this ABI.
func consumerABI(v view) []Entry {
	address := Parameter{Type: "address"}
	sender := []Parameter{{Name: "sender", Type: "address"}}
	list := []Entry{
		{Type: "constructor", Inputs: v.consumerConstruction(), StateMutability: "nonpayable"},
		{Type: "event", Name: "Accepted", Inputs: []Parameter{{Name: "sender", Type: "address", Indexed: true}}},
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
