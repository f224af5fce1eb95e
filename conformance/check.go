package conformance

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/kzg"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/srs"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// Check is one check of an audit, with its outcome.
type Check struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	// Problem says what is wrong; empty if the check holds.
	Problem string `json:"problem,omitempty"`
}

// Accepted reports whether every check holds.
func Accepted(checks []Check) bool {
	for _, c := range checks {
		if !c.OK {
			return false
		}
	}
	return len(checks) > 0
}

// audit collects checks.
type audit struct{ checks []Check }

// add records a check that fails with the given problem.
func (a *audit) add(name string, ok bool, problem string) {
	a.checks = append(a.checks, NewCheck(name, ok, problem))
}

// NewCheck makes a check; problem says what is wrong if it does not hold.
func NewCheck(name string, ok bool, problem string) Check {
	if ok {
		problem = ""
	}
	return Check{name, ok, problem}
}

// CheckArchitecture audits a key: that it belongs to a model of the architecture, with
// some weights and salt. If ceremony or layout fail, or the architecture's size is not
// the key's, the other checks are not made. An error means that the audit could not be
// carried out, for instance because the store does not have the key's SRS.
func CheckArchitecture(
	ctx context.Context, key *verifier.Key, arch *Architecture, p *Proof, o prover.Options,
) ([]Check, error) {
	a := &audit{}
	if err := a.begin(key, arch.Layout, o); err != nil || !Accepted(a.checks) {
		return a.checks, err
	}
	if err := prover.CheckSize(arch.blank(), key.VerifyingKey().Size); err != nil {
		a.add("domain", false, err.Error())
		return a.checks, nil
	}
	o.SRS = identity(key)
	t, err := newTemplate(ctx, arch, o)
	if err != nil {
		return nil, err
	}
	vk := key.VerifyingKey()
	a.structure(vk, t.vk)
	if err := a.digests(key, arch, p, t); err != nil {
		return nil, err
	}
	a.opening(vk, p, t)
	a.formats(key, arch)
	return a.checks, nil
}

// begin makes the checks that come before all work: the ceremony and the layout. It is
// an error if the auditor does not have the key's SRS in the key's size.
func (a *audit) begin(key *verifier.Key, want visibility.Layout, o prover.Options) error {
	safe := o.UnsafeSRS || !key.SRS.Unsafe
	a.add("ceremony", safe, "the key was made with an unsafe SRS: anybody can forge its proofs")
	if safe {
		if _, err := Ceremony(key, o); err != nil {
			return err
		}
	}
	if err := prover.CheckRoom(key.Layout, key.VerifyingKey().Size); err != nil {
		return err
	}
	a.add("layout", reflect.DeepEqual(key.Layout, want), "the key has other public inputs")
	return nil
}

// Ceremony returns the SRS from which a key was derived. It is found in the auditor's
// store by the [τ]₂ in the key, whatever the key's file says about it. Its entry says
// whether it is from a ceremony known to zkml, or one that the auditor vouched for. It is
// an error if the store does not have it in the key's size.
func Ceremony(key *verifier.Key, o prover.Options) (srs.Entry, error) {
	return o.Entry(key.VerifyingKey().Size, identity(key))
}

// identity returns the SRS from which a key was derived, by its [τ]₂.
func identity(key *verifier.Key) *srs.Identity {
	tau := key.VerifyingKey().Kzg.G2[1].Bytes()
	return &srs.Identity{Source: key.SRS.Source, TauG2: hex.EncodeToString(tau[:]), Unsafe: key.SRS.Unsafe}
}

// structure checks that the two keys differ only in the commitments to qL, qR and qK,
// if at all.
func (a *audit) structure(vk, want *plonk.VerifyingKey) {
	a.add("SRS", vk.Kzg.G1.Equal(&want.Kzg.G1) && vk.Kzg.G2 == want.Kzg.G2, "the key's SRS is not the ceremony's")
	a.add("domain", vk.Size == want.Size && vk.NbPublicVariables == want.NbPublicVariables &&
		vk.CosetShift.Equal(&want.CosetShift),
		fmt.Sprintf("the key has %d rows and %d public inputs, the architecture %d and %d", vk.Size,
			vk.NbPublicVariables, want.Size, want.NbPublicVariables))
	a.add("commitment rows", reflect.DeepEqual(vk.CommitmentConstraintIndexes, want.CommitmentConstraintIndexes),
		"the key's challenge is in another row than the architecture's")
	points := []struct {
		name      string
		got, want bn254.G1Affine
	}{
		{"S1", vk.S[0], want.S[0]}, {"S2", vk.S[1], want.S[1]}, {"S3", vk.S[2], want.S[2]},
		{"qM", vk.Qm, want.Qm}, {"qO", vk.Qo, want.Qo},
	}
	for _, p := range points {
		a.add(p.name, p.got.Equal(&p.want), "the key's commitment is not the architecture's")
	}
	same := len(vk.Qcp) == len(want.Qcp)
	for i := range want.Qcp {
		same = same && vk.Qcp[i].Equal(&want.Qcp[i])
	}
	a.add("qCp", same, "the key's commitment is not the architecture's")
}

// digests checks that the proof is about this key and this architecture.
func (a *audit) digests(key *verifier.Key, arch *Architecture, p *Proof, t *template) error {
	template, err := keySHA256(t.vk)
	if err != nil {
		return err
	}
	const other = "the proof is about another one"
	a.add("architecture", p.ArchitectureSHA256 == arch.SHA256(), other)
	a.add("template", p.TemplateSHA256 == template, other)
	a.add("key", p.PlonkKeySHA256 == digest(key.VK), other)
	for k, name := range selectors {
		a.add("rows of "+name, p.RowsSHA256[k] == t.rowsSHA256(k), "the proof is about other rows")
		a.add("salt rows of "+name, len(t.rows[k]) >= circuits.SaltRows, "fewer rows than the salt needs")
	}
	return nil
}

// opening checks the six evaluations at the challenge, and that each selector's
// difference to the template is the product of the quotient and the polynomial that
// vanishes outside its rows.
func (a *audit) opening(vk *plonk.VerifyingKey, p *Proof, t *template) {
	var challenge, mix fr.Element
	var d *decoded
	err := p.Rises.shape(t.stairs)
	if err == nil {
		d, err = p.decode()
	}
	if err == nil && p.Rises != nil {
		mix, err = p.mix(t)
	}
	if err == nil {
		challenge, err = p.challenge(t)
	}
	a.add("encoding", err == nil, fmt.Sprint(err))
	if err != nil {
		return
	}
	digests := append(selectorDigests(vk), d.quotients...)
	err = kzg.BatchVerifySinglePoint(digests, &d.opening, challenge, newHash(), t.vk.Kzg, p.transcript(t))
	a.add("opening", err == nil, "the values are not those of the committed polynomials at the challenge")
	for k, name := range selectors {
		got, rest := d.opening.ClaimedValues[k], t.restAt(k, challenge)
		want := t.outsideAt(k, challenge)
		got.Sub(&got, &rest)
		want.Mul(&want, &d.opening.ClaimedValues[len(selectors)+k])
		a.add(name, got.Equal(&want), "it differs from the architecture's outside the rows of weights and salt")
	}
	if d.rises != nil {
		a.add("thresholds", d.rises.holds(t, d.opening.ClaimedValues[inQR], mix, challenge),
			"they do not rise, or some are too far apart: an input could have two classes")
		a.add("opening of thresholds", d.rises.opens(t, challenge),
			"the value is not that of the committed polynomials after the challenge")
	}
}

// CheckModel audits a key against a statement with all its weights and, for a private
// model, its salt: derived again, the key must be the same.
func CheckModel(ctx context.Context, key *verifier.Key, s *circuits.Statement, o prover.Options) ([]Check, error) {
	a := &audit{}
	if err := a.begin(key, s.Layout, o); err != nil || !Accepted(a.checks) {
		return a.checks, err
	}
	if err := prover.CheckSize(s, key.VerifyingKey().Size); err != nil {
		a.add("domain", false, err.Error())
		return a.checks, nil
	}
	o.SRS = identity(key)
	setup, err := prover.NewSetup(ctx, s, o)
	if err != nil {
		return nil, err
	}
	vk, want := key.VerifyingKey(), setup.VK
	a.structure(vk, want)
	points := selectorDigests(want)
	for k, p := range selectorDigests(vk) {
		a.add(selectors[k], p.Equal(&points[k]), "the key's commitment is not the model's: other weights, formats "+
			"or salt")
	}
	again, err := keySHA256(want)
	if err != nil {
		return nil, err
	}
	a.add("key", again == digest(key.VK), "derived again, the key is different")
	return a.checks, nil
}

// ErrFailed says that an audit found something.
var ErrFailed = errors.New("the audit failed")
