// Command application shows two proofs about one private input: a lender learns
// an applicant's credit class by one network and the fraud class by another, each
// compiled apart from the other, and sees that both speak of the same application,
// which it never sees.
//
//	go run ./examples/application
//
// The networks and an application are embedded. It must not be imported.
package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"math/big"
	"os"
	"os/signal"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/srs"
	"github.com/zkml-go/zkml/verifier"
)

//go:embed models/*.onnx
var models embed.FS

// question is what the lender wants to know: a model, and its classes in words.
type question struct {
	model   string
	classes [2]string
}

var questions = []question{
	{"credit", [2]string{"a bad risk", "a good risk"}},
	{"fraud", [2]string{"genuine", "altered"}},
}

// format is the one in which both networks take the application: 256 steps from
// 0 to 1. It is the first model's to choose, and the second's to follow: the
// same as zkml compile --input-format.
var format = compiler.InputFormat{Bits: 8, Scale: 1. / 255}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "application:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer) error {
	dir, err := os.MkdirTemp("", "zkml-application-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	store, err := srs.Open("")
	if err != nil {
		return err
	}
	desk := &desk{dir: dir, store: store}
	salt, err := prover.NewInputSalt()
	if err != nil {
		return err
	}
	mine, changed := sample, sample
	changed.Income *= 2
	var commitment *big.Int
	for _, q := range questions {
		m, err := desk.compile(ctx, q.model)
		if err != nil {
			return err
		}
		if commitment == nil {
			if commitment, err = commit(m, mine, salt); err != nil {
				return err
			}
			fmt.Fprintf(w, "the application, before any proof\n  committed to by 0x%064x\n", commitment)
		}
		if err := answer(ctx, w, desk, q, m, salt, commitment); err != nil {
			return err
		}
		// the same salt does not help; it is used twice only to show that
		other, err := desk.prove(ctx, m, changed, salt, nil)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  with twice the income: %s, but %s\n", q.classes[class(other)], match(other, commitment))
		if _, err := desk.prove(ctx, m, changed, salt, commitment); err != nil {
			fmt.Fprintf(w, "  asked for the first commitment: %v\n", err)
		}
	}
	return nil
}

// answer proves a question's class of the application that was committed to,
// and judges the proof as the lender does.
func answer(ctx context.Context, w io.Writer, d *desk, q question, m *model, salt, commitment *big.Int) error {
	p, err := d.prove(ctx, m, sample, salt, commitment)
	if err != nil {
		return err
	}
	if _, err := verifier.Verify(m.key, p); err != nil {
		return err
	}
	fmt.Fprintf(w, "%s: %s\n  %d bytes of proof, accepted; %s\n", q.model, q.classes[class(p)], len(p.Proof), match(p, commitment))
	return nil
}

// match says whether a proof is about the input of a commitment.
func match(p *verifier.Proof, commitment *big.Int) string {
	if p.Claim.InputCommitment.Int().Cmp(commitment) == 0 {
		return "about the application committed to"
	}
	return "NOT about the application committed to"
}

func class(p *verifier.Proof) int64 { return p.Claim.Output.Class[0] }

// commit is what the applicant publishes first.
func commit(m *model, a application, salt *big.Int) (*big.Int, error) {
	in := m.key.Layout.Input
	words, err := in.Pack(format.Encode(a.features()))
	if err != nil {
		return nil, err
	}
	return circuits.Commit(circuits.InputDomain.Of(in), salt, words), nil
}
