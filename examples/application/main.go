// Command application shows two proofs about one private input: a lender learns
// an applicant's credit class from one network and the fraud class from another. The
// two are compiled separately, and the lender sees that both are about the same
// application, which it never sees.
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
	"os"
	"os/signal"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/compiler"
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
	desk := &desk{dir: dir}
	mine, changed := sample, sample
	changed.Income *= 2
	var commitment verifier.Word
	var secrets verifier.Secrets
	for i, q := range questions {
		m, err := desk.compile(ctx, q.model)
		if err != nil {
			return err
		}
		if i == 0 {
			if _, secrets, err = zkml.Commit(m.key.Layout, zkml.Sample{mine.features()}); err != nil {
				return err
			}
			commitment = secrets.Openings[0].Commitment
			fmt.Fprintf(w, "the application, before any proof\n  committed to by %s\n", commitment)
		}
		if err := answer(ctx, w, desk, q, m, secrets); err != nil {
			return err
		}
		other, err := desk.prove(ctx, m, changed, verifier.Secrets{})
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  with twice the income: %s, but %s\n", q.classes[class(other)], match(other, commitment))
		if _, err := desk.prove(ctx, m, changed, secrets); err != nil {
			fmt.Fprintf(w, "  asked for the first commitment: %v\n", err)
		}
	}
	return nil
}

// answer proves a question's class of the application that was committed to,
// and judges the proof as the lender does.
func answer(ctx context.Context, w io.Writer, d *desk, q question, m *model, secrets verifier.Secrets) error {
	p, err := d.prove(ctx, m, sample, secrets)
	if err != nil {
		return err
	}
	if _, err := zkml.Verify(m.key, p); err != nil {
		return err
	}
	fmt.Fprintf(w, "%s: %s\n  %d bytes of proof, accepted; %s\n",
		q.model, q.classes[class(p)], len(p.Proof), match(p, secrets.Openings[0].Commitment))
	return nil
}

// match says whether a proof is about the input of a commitment.
func match(p *verifier.Proof, commitment verifier.Word) string {
	if *p.Claim.InputCommitment == commitment {
		return "about the application committed to"
	}
	return "NOT about the application committed to"
}

func class(p *verifier.Proof) int64 { return p.Claim.Output.Class[0] }
