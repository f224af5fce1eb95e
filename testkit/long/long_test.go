package long_test

import (
	"testing"

	"github.com/zkml-go/zkml/testkit/long"
)

func TestCount(t *testing.T) {
	for _, test := range []struct {
		set   string
		whole bool
		count int
	}{{"", false, 3}, {"1", true, 20}} {
		t.Setenv("ZKML_WHOLE", test.set)
		if long.Whole() != test.whole || long.Count(3, 20) != test.count {
			t.Errorf("ZKML_WHOLE=%q: %v, %d", test.set, long.Whole(), long.Count(3, 20))
		}
	}
}
