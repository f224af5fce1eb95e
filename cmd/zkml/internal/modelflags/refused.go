package modelflags

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/visibility"
)

// Refused has an error of a compilation say that inspect shows more of it, where the model itself
// is refused.
func (o *Options) Refused(ctx context.Context, m *zkml.Model, path string, err error) error {
	none := slices.Contains(slices.Collect(maps.Values(o.Parsed.Reveals)), visibility.None)
	if none || ctx.Err() != nil || app.Hinted(err) {
		return err // inspect would look at outputs that are left out
	}
	s, other := m.Survey(ctx, o.Parsed)
	if other != nil || len(s.Refusals) == 0 {
		return err
	}
	same := func(r compiler.ModelRefusal) bool { return strings.HasSuffix(err.Error(), r.Err.Error()) }
	if !slices.ContainsFunc(s.Refusals, same) {
		return err // of the flags, or of the samples
	}
	words := []string{"zkml", "inspect", path}
	for _, shape := range o.shapes {
		words = append(words, "--shape", shape)
	}
	for _, out := range o.outputs {
		words = append(words, "--output", out)
	}
	what := "the model's nodes"
	if n := len(s.Refusals); n > 1 {
		what = fmt.Sprintf("all %d refusals", n)
	}
	return app.WithHint(err, "`%s` shows %s", app.ShellLine(words...), what)
}
