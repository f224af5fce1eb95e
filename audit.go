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

// AuditModelOptions are the options of AuditModel.
type AuditModelOptions struct {
	// Salt is the salt of a private model, from its bundle.
	Salt []*big.Int
	// Samples measure the agreement with the float model, and Target is the agreement
	// required. If there are no samples, some are made up in the range MadeUp.
	Samples []Sample
	MadeUp  [2]float64
	Target  compiler.Target
	// Setup's UnsafeSRS accepts a key of an SRS whose secret is public.
	Setup Setup
}

// AuditResult is the result of an audit.
type AuditResult struct {
	Accepted bool                `json:"accepted"`
	Checks   []conformance.Check `json:"checks"`
	VKSHA256 string              `json:"vk_sha256"`
	// About is what proofs of the key are about; nil if the key was refused.
	About *About `json:"about,omitempty"`
	// Ceremony is nil if the key says that its SRS is unsafe and that was not allowed.
	Ceremony *Ceremony `json:"ceremony,omitempty"`
	// Agreement is set by AuditModel. AgreementJudged says whether there was a target:
	// without one, a key is accepted whatever its agreement.
	Agreement       *Agreement `json:"agreement,omitempty"`
	AgreementJudged bool       `json:"agreement_judged"`
	UnsafeSRS       bool       `json:"unsafe_srs"`
	Seconds         float64    `json:"seconds"`

	// Verdict says in words what accepting the key means.
	Verdict string            `json:"-"`
	Layout  visibility.Layout `json:"-"`
}

func newAudit(key *verifier.Key, verdict string) *AuditResult {
	return &AuditResult{VKSHA256: key.VKSHA256, UnsafeSRS: key.SRS.Unsafe, Layout: key.Layout, Verdict: verdict}
}

// close sets the result of all checks together.
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
// names, and checks that it is the same. If a check fails, the error is
// conformance.ErrFailed, together with a result; any other error means that the audit
// could not be carried out.
func AuditModel(ctx context.Context, key *verifier.Key, m *Model, o AuditModelOptions) (*AuditResult, error) {
	begin := time.Now()
	verdict := "the key belongs to this model, in the formats that its file names"
	if key.Layout.Hashed() {
		verdict = "the key belongs to every model of this architecture and formats; commitments tell them apart"
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
			"the key's file names another file"))
	}
	if r.AgreementJudged = o.Target != (compiler.Target{}); r.AgreementJudged {
		r.Checks = append(r.Checks, conformance.NewCheck("agreement", o.Target.Met(c.Report),
			fmt.Sprintf("the integers agree with the float model less than %s requires", o.Target)))
	}
	return r.close(begin)
}

// AuditArchitecture checks a conformance proof: that the key of a private model is the
// key of some model of a published architecture. Errors are as for AuditModel.
func AuditArchitecture(
	ctx context.Context, key *verifier.Key, a *conformance.Architecture, p *conformance.Proof, s Setup,
) (*AuditResult, error) {
	begin := time.Now()
	if !key.Layout.PrivateModel() {
		return nil, errPublicModel
	}
	r := newAudit(key, "the key belongs to a model of this architecture")
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

// begin checks a key against the store before any model is compiled for it. An unsafe
// SRS is accepted only if the key's file says that it has one; if that was not allowed,
// the check of the ceremony fails later.
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

// compilerOptions returns the options that a key was compiled with, from its file.
func compilerOptions(key *verifier.Key) (compiler.Options, error) {
	formats, err := decodeFormats(key.Formats)
	if err != nil {
		return compiler.Options{}, fmt.Errorf(
			"the key's file has no formats to follow (%w): it is too old for an audit; compile the model again", err)
	}
	o := compiler.Options{Formats: formats}
	o.Follow(key.Layout)
	return o, nil
}

func decodeFormats(text string) (*compiler.Formats, error) {
	f := new(compiler.Formats)
	return f, jsonfile.Decode([]byte(text), f)
}

// saltFor returns the salt with which a key's model is compiled again.
func saltFor(key *verifier.Key, given []*big.Int) ([]*big.Int, error) {
	switch l := key.Layout; {
	case !l.PrivateModel() && len(given) > 0:
		return nil, errSaltOfPublic
	case !l.PrivateModel() || len(given) > 0:
		return given, nil
	case l.Hashed(): // any salt leads to the same key
		return prover.SaltFor((&artifact.Contents{Layout: l}).Statement())
	}
	return nil, errNoSalt
}
