package artifacttest

import (
	"testing"

	"github.com/zkml-go/zkml/budget"
)

// Few makes the budgets so small, until the test ends, that an input of a fuzz target
// which goes the whole way takes milliseconds. Small networks are within them.
func Few(tb testing.TB) {
	tb.Helper()
	lower := func(limit *budget.Limit, most int64) {
		was := limit.Most
		limit.Most = most
		tb.Cleanup(func() { limit.Most = was })
	}
	for _, limit := range []*budget.Limit{
		&budget.Elements, &budget.LayoutElements, &budget.Terms, &budget.Indices, &budget.Steps,
		&budget.Entries, &budget.AllEntries, &budget.Products, &budget.Multiplications,
	} {
		lower(limit, 1<<10)
	}
	lower(&budget.Rows, 1<<12) // the salt of a private model takes most of them
}
