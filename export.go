package zkml

import (
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// ExportOptions are what is asked of an export.
type ExportOptions struct {
	// Name is the model's, of which the contract's name is made.
	Name string
	// Proof, if not nil, goes along as an example. It must hold.
	Proof *verifier.Proof
	// Client asks for a TypeScript client too.
	Client bool
	// Shared calls a verifier that serves all models, in the place of one of this key
	// only.
	Shared bool
}

// ExportResult is what was written.
type ExportResult struct {
	Directory string   `json:"directory"`
	Contracts []string `json:"contracts"`
	Files     []string `json:"files"`
	// Fixture tells that a proof went along.
	Fixture   bool `json:"fixture"`
	Shared    bool `json:"shared"`
	UnsafeSRS bool `json:"unsafe_srs"`

	// Name is the contract's, and Removed are files of an earlier export that are gone.
	Name    string   `json:"-"`
	Removed []string `json:"-"`
}

// Export writes the contracts that check a key's proofs on a chain into the folder
// dir: a Foundry project whose tests pass as they stand. An earlier export there is
// replaced; any other file in the way is an error.
func Export(key *verifier.Key, dir string, o ExportOptions) (*ExportResult, error) {
	export := solidity.Export
	if o.Shared {
		export = solidity.ExportShared
	}
	var with []solidity.Option
	if o.Client {
		with = append(with, solidity.WithClient)
	}
	w, err := export(key, o.Proof, o.Name, dir, with...)
	if err != nil {
		return nil, err
	}
	return &ExportResult{
		Directory: w.Directory, Contracts: w.Contracts, Files: w.Files, Fixture: o.Proof != nil, Shared: o.Shared,
		UnsafeSRS: key.SRS.Unsafe, Name: w.Name, Removed: w.Removed,
	}, nil
}
