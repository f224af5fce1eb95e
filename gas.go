package zkml

import (
	"fmt"

	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/visibility"
)

// What verifying took in a transaction when measured (see `make bench`): it follows the
// public inputs.
const (
	gasBase       = 318_885 // with gasBaseInputs public inputs
	gasBaseInputs = 2
	gasPerInput   = 920
)

// MostGas is the most gas that one transaction may use on Ethereum, whatever its block
// has room for: EIP-7825, in force since the upgrade Fusaka of December 2025. Blocks held
// 30 to 60 million before and after. Other chains have limits of their own.
const MostGas = 1 << 24

// VerifyGas is about how much gas a transaction takes that verifies a proof.
func VerifyGas(l visibility.Layout) int64 {
	return gasBase + gasPerInput*int64(l.Count()-gasBaseInputs)
}

// GasProblem says that no transaction on Ethereum can verify a proof: it takes more gas
// than MostGas. It is nil where one can.
func GasProblem(l visibility.Layout) error {
	gas := VerifyGas(l)
	if gas <= MostGas {
		return nil
	}
	return &problem.Error{
		Code:      problem.Limit,
		Got:       fmt.Sprintf("verifying a proof of %d public inputs takes about %d gas", l.Count(), gas),
		Supported: fmt.Sprintf("a transaction on Ethereum may use %d (EIP-7825)", MostGas),
		Remedy:    "commit to inputs in place of showing them, and reveal a class in place of scores",
	}
}
