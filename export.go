package zkml

import (
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// ExportOptions are the options of Export.
type ExportOptions struct {
	// Name is the model's name, from which the contract's name is derived.
	Name string
	// Proof, if not nil, is exported as an example. It must verify.
	Proof *verifier.Proof
	// Client adds a TypeScript client.
	Client bool
	// Model is what the model is called where nobody gives it a name; it is kept in the
	// export's JSON file, beside the name.
	Model string
	// Force writes over files that were edited since an earlier export.
	Force bool
	// Shared uses a verifier contract that serves all models, in place of one for this
	// key only.
	Shared bool
}

// ExportResult describes what was written.
type ExportResult struct {
	Directory string   `json:"directory"`
	Contracts []string `json:"contracts"`
	Files     []string `json:"files"`
	// Fixture says that an example proof was exported.
	Fixture   bool `json:"fixture"`
	Shared    bool `json:"shared"`
	UnsafeSRS bool `json:"unsafe_srs"`

	// Kept are files that were edited since an earlier export and stay as they are, Beside
	// the new forms of those whose form has changed.
	Kept   []string `json:"kept,omitempty"`
	Beside []string `json:"beside,omitempty"`

	// Name is the contract's name, and Removed are the files of an earlier export that
	// were deleted.
	Name    string   `json:"-"`
	Removed []string `json:"-"`
}

// Export writes the contracts that check a key's proofs on a chain into the folder
// dir: a Foundry project whose tests pass unchanged. An earlier export there is
// replaced, but for what was edited since; any other file in the way is an error.
func Export(key *verifier.Key, dir string, o ExportOptions) (*ExportResult, error) {
	export := solidity.Export
	if o.Shared {
		export = solidity.ExportShared
	}
	with := []solidity.Option{solidity.As(o.Model)}
	if o.Force {
		with = append(with, solidity.Force)
	}
	if o.Client {
		with = append(with, solidity.WithClient)
	}
	w, err := export(key, o.Proof, o.Name, dir, with...)
	if err != nil {
		return nil, err
	}
	return &ExportResult{
		Directory: w.Directory, Contracts: w.Contracts, Files: w.Files, Fixture: o.Proof != nil, Shared: o.Shared,
		UnsafeSRS: key.SRS.Unsafe, Name: w.Name, Removed: w.Removed, Kept: w.Kept, Beside: w.Beside,
	}, nil
}
