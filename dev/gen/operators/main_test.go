package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/zkml-go/zkml/testkit/optest"
)

// TestUpToDate checks that the page is what the generator writes now.
func TestUpToDate(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	want, err := render(root)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not up to date; run go run ./dev/gen/operators", page)
	}
}

func TestParse(t *testing.T) {
	r, err := parse("passed\tAdd\ttest_add\t\n" +
		"refused\tCast\ttest_cast\ttype 17 of \"x\" is odd\n" +
		"unsupported\tSin\ttest_sin\t\n")
	if err != nil {
		t.Fatal(err)
	}
	share := optest.Share{Passed: 1, Of: 3, GalleryPassed: 1, GalleryOf: 3}
	if r.total("unsupported") != 1 || r.share != share ||
		r.total("passed") != 1 || r.reasons["refused"][cause{"Cast", `type … of "…" is odd`}] != 1 {
		t.Errorf("%+v", r)
	}
	for _, bad := range []string{"passed\tAdd\n", "passed\tAdd\ttest_add\n"} {
		if _, err := parse(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}
