package prove

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// privateFile returns the file for the salts of a proof.
func (o *proveOptions) privateFile() string {
	return strings.TrimSuffix(o.out, ".json") + app.PrivateSuffix
}

// checkFiles returns an error unless the proof and its salts may be written. An older
// proof is overwritten, and its salts are renamed. Salts without a proof beside them
// belong to a commitment, and are not touched.
func (o *proveOptions) checkFiles(l visibility.Layout) error {
	reads := slices.Concat([]string{o.signature}, o.salts, o.inputs)
	if err := app.CheckFile(o.out, "-o", app.AProof, reads...); err != nil {
		return err
	}
	commitments := l.Commitments()
	if len(commitments) == 0 {
		return nil
	}
	hidden := slices.ContainsFunc(commitments, func(p *visibility.Port) bool { return p.Role == visibility.RoleOutput })
	path := o.privateFile()
	old, err := verifier.ReadSecrets(path)
	if err == nil && !hidden && same(old, o.carried) {
		return nil
	}
	if err := app.CheckFile(path, "-o", app.SaltsOfOne, reads...); err != nil {
		return err
	}
	if _, missing := os.Stat(o.out); err == nil && missing != nil && loses(old, o.carried) {
		return app.WithHint(fmt.Errorf("%s is in the way: it holds salts, and no proof is beside it", path),
			"reuse its commitment with --salt %s, or choose another file with -o", app.Quoted(path))
	}
	return nil
}

// same reports whether two files would hold the same salts.
func same(a, b verifier.Secrets) bool { return !loses(a, b) && !loses(b, a) }

// loses reports whether old holds a salt that is not in new.
func loses(old, new verifier.Secrets) bool {
	for _, x := range old.Openings {
		if !slices.ContainsFunc(new.Openings, func(y verifier.Opening) bool { return bytes.Equal(x.Salt, y.Salt) }) {
			return true
		}
	}
	return false
}

// write writes the salts, if any, and then the proof, so that there is never a proof
// without its salts. Older salts in that file are kept.
func (o *proveOptions) write(a *app.App, res *zkml.ProveResult, r *proveResult) error {
	if len(res.Secrets.Openings) > 0 {
		r.PrivateFile = o.privateFile()
		if err := o.writeSalts(a, res.Secrets, r); err != nil {
			return err
		}
	}
	return app.WriteFile(o.out, res.Proof)
}

func (o *proveOptions) writeSalts(a *app.App, s verifier.Secrets, r *proveResult) error {
	old, err := verifier.ReadSecrets(r.PrivateFile)
	if err == nil && same(old, s) {
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) && (err != nil || loses(old, s)) {
		if r.KeptPrivateFile, err = app.SetAside(r.PrivateFile); err != nil {
			return err
		}
		a.Note("the salts of an older proof are kept as %s", r.KeptPrivateFile)
	}
	return verifier.WriteSecrets(r.PrivateFile, s)
}
