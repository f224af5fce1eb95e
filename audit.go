package zkml

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/conformance"
	"github.com/zkml-go/zkml/internal/interrupt"
	"github.com/zkml-go/zkml/jsonfile"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// AuditModelOptions are what an audit of a model is asked.
type AuditModelOptions struct {
	// Salt is that of a private model, which its bundle holds.
	Salt []*big.Int
	// Samples measure the agreement with the float model, and Target says what is
	// asked of it. Where there are no samples, some are made up, in MadeUp.
	Samples []Sample
	MadeUp  [2]float64
	Target  compiler.Target
	// Setup's UnsafeSRS accepts a key of an SRS whose secret anybody can know.
	Setup Setup
}

// AuditResult is the answer of an audit.
type AuditResult struct {
	Accepted bool                `json:"accepted"`
	Checks   []conformance.Check `json:"checks"`
	VKSHA256 string              `json:"vk_sha256"`
	// About is what proofs of the key are about; nil where it was refused.
	About *About `json:"about,omitempty"`
	// Ceremony is nil where the key says that its SRS is unsafe and that was not allowed.
	Ceremony *Ceremony `json:"ceremony,omitempty"`
	// Agreement is there where the model was given, and AgreementJudged tells whether a
	// target was asked of it: without one, a key is accepted whatever its agreement.
	Agreement       *Agreement `json:"agreement,omitempty"`
	AgreementJudged bool       `json:"agreement_judged"`
	UnsafeSRS       bool       `json:"unsafe_srs"`
	Seconds         float64    `json:"seconds"`

	// Verdict says in words what an accepted key stands for.
	Verdict string            `json:"-"`
	Layout  visibility.Layout `json:"-"`
}

func newAudit(key *verifier.Key, verdict string) *AuditResult {
	return &AuditResult{VKSHA256: key.VKSHA256, UnsafeSRS: key.SRS.Unsafe, Layout: key.Layout, Verdict: verdict}
}

// close sums up the checks.
func (r *AuditResult) close(begin time.Time) (*AuditResult, error) {
	r.Accepted, r.Seconds = conformance.Accepted(r.Checks), time.Since(begin).Seconds()
	if !r.Accepted {
		return r, conformance.ErrFailed
	}
	about := AboutOf(r.Layout)
	r.About = &about
	return r, nil
}

// AuditModel derives a key again from a model, in the formats that the key's file
// names: it must be the same. The error is conformance.ErrFailed, beside a result,
// where a check does not hold; any other error says that the audit could not be made.
func AuditModel(ctx context.Context, key *verifier.Key, m *Model, o AuditModelOptions) (*AuditResult, error) {
	begin := time.Now()
	verdict := "the key is that of this model, in the formats that its file names"
	if key.Layout.Hashed() {
		verdict = "the key is that of every model of this architecture and formats; commitments tell them apart"
	}
	r := newAudit(key, verdict)
	options, err := r.begin(ctx, key, o.Setup)
	if err != nil {
		return nil, err
	}
	of, err := compilerOptions(key)
	if err != nil {
		return nil, err
	}
	of.Samples, of.Range, of.Target, of.Progress = o.Samples, o.MadeUp, o.Target, o.Setup.Progress.step(ctx)
	c, err := m.compile(ctx, of)
	if err != nil {
		return nil, err
	}
	if c.Statement.Salt, err = saltFor(key, o.Salt); err != nil {
		return nil, err
	}
	r.Checks, err = interrupt.Await(ctx, func() ([]conformance.Check, error) {
		return conformance.CheckModel(ctx, key, c.Statement, options)
	})
	if err != nil {
		return nil, err
	}
	g := agreementOf(c.Report, of)
	r.Agreement = &g
	if key.ModelSHA256 != "" {
		r.Checks = append(r.Checks, conformance.NewCheck("ONNX file", key.ModelSHA256 == m.SHA256(),
			"the key's file names another one"))
	}
	if r.AgreementJudged = o.Target != (compiler.Target{}); r.AgreementJudged {
		r.Checks = append(r.Checks, conformance.NewCheck("agreement", o.Target.Met(c.Report),
			fmt.Sprintf("the integers agree less with the float model than %s", o.Target)))
	}
	return r.close(begin)
}

// AuditArchitecture checks a conformance proof: the key of a private model is one of
// some model of a published architecture. Errors are those of AuditModel.
func AuditArchitecture(
	ctx context.Context, key *verifier.Key, a *conformance.Architecture, p *conformance.Proof, s Setup,
) (*AuditResult, error) {
	begin := time.Now()
	if !key.Layout.PrivateModel() {
		return nil, errPublicModel
	}
	r := newAudit(key, "the key is one of a model of this architecture")
	options, err := r.begin(ctx, key, s)
	if err != nil {
		return nil, err
	}
	r.Checks, err = interrupt.Await(ctx, func() ([]conformance.Check, error) {
		return conformance.CheckArchitecture(ctx, key, a, p, options)
	})
	if err != nil {
		return nil, err
	}
	return r.close(begin)
}

// begin holds a key against what is here before any model is compiled for it. An
// unsafe SRS is accepted only from a key that says that it has one; a key with one that
// was not asked for fails its check later.
func (r *AuditResult) begin(ctx context.Context, key *verifier.Key, s Setup) (prover.Options, error) {
	s.UnsafeSRS = s.UnsafeSRS && key.SRS.Unsafe
	o, err := s.options(ctx)
	if err == nil {
		err = prover.CheckRoom(key.Layout, key.VerifyingKey().Size)
	}
	if err != nil || key.SRS.Unsafe != o.UnsafeSRS {
		return o, err
	}
	e, err := conformance.Ceremony(key, o)
	r.Ceremony = newCeremony(e)
	return o, err
}

// compilerOptions are those that a key was compiled with, as its file says.
func compilerOptions(key *verifier.Key) (compiler.Options, error) {
	formats, err := decodeFormats(key.Formats)
	if err != nil {
		return compiler.Options{}, fmt.Errorf(
			"the key's file has no formats to follow (%w): it is older than audits; compile the model again", err)
	}
	o := compiler.Options{Formats: formats}
	o.Follow(key.Layout)
	return o, nil
}

func decodeFormats(text string) (*compiler.Formats, error) {
	f := new(compiler.Formats)
	return f, jsonfile.Decode([]byte(text), f)
}

// saltFor is the salt that a key's model is compiled again with.
func saltFor(key *verifier.Key, given []*big.Int) ([]*big.Int, error) {
	switch l := key.Layout; {
	case !l.PrivateModel() && len(given) > 0:
		return nil, errSaltOfPublic
	case !l.PrivateModel() || len(given) > 0:
		return given, nil
	case l.Hashed(): // its key is the same with any
		return prover.SaltFor((&artifact.Contents{Layout: l}).Statement())
	}
	return nil, errNoSalt
}
