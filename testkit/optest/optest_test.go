package optest_test

import (
	"testing"

	"github.com/zkml-go/zkml/testkit/optest"
)

func TestCases(t *testing.T) { optest.RunAll(t) }
