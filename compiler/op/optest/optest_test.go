package optest_test

import (
	"testing"

	"github.com/zkml-go/zkml/compiler/op/optest"
)

func TestCases(t *testing.T) { optest.RunAll(t) }
