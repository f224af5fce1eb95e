package conformance

import (
	"bytes"
	"encoding/json"
	"runtime"
	"sync"
	"testing"

	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/testkit/artifacttest"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// mostAudited is the most that one audit within the budgets of Few may allocate: some
// kilobytes for each row.
const mostAudited = 64 << 20

// salted is a model whose files are the same in every process of a fuzz run.
var salted = sync.OnceValue(func() *model {
	n := small()
	n.Salt = 1
	return newModel(&testing.T{}, n, 1)
})

// published are the parts of what an auditor is given. Files are put together from
// them with every digest right, so that what stands behind the digests is reached.
type published struct{ layout, vk, program, proof []byte }

func (p published) audit(t *testing.T) (*Architecture, []Check, error) {
	t.Helper()
	var layout visibility.Layout
	if err := json.Unmarshal(p.layout, &layout); err != nil {
		return nil, nil, err
	}
	model, err := program.Decode(p.program)
	if err != nil {
		return nil, nil, err
	}
	h := salted()
	a := &Architecture{Version: ArchitectureVersion, Layout: layout, Digit: h.arch.Digit, Formats: h.arch.Formats,
		Steps: model.Words(), Program: p.program}
	if a, err = ReadArchitecture(bytes.NewReader(a.bytes())); err != nil {
		return nil, nil, err
	}
	key := *h.key
	key.Layout, key.VK = layout, p.vk
	if key.VKSHA256, err = key.Digest(); err != nil {
		return nil, nil, err
	}
	var file bytes.Buffer
	if _, err := key.WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	read, err := verifier.ReadKey(&file)
	if err != nil {
		return nil, nil, err
	}
	proof, err := ReadProof(bytes.NewReader(p.proof))
	if err != nil {
		return nil, nil, err
	}
	checks, err := CheckArchitecture(ctx, read, a, proof, options)
	return a, checks, err
}

// parts are those of a model's files.
func (m *model) parts(tb testing.TB) published {
	tb.Helper()
	layout, err := json.Marshal(m.key.Layout)
	if err != nil {
		tb.Fatal(err)
	}
	var proof bytes.Buffer
	if _, err := m.proof.WriteTo(&proof); err != nil {
		tb.Fatal(err)
	}
	return published{layout, m.key.VK, m.arch.Program, proof.Bytes()}
}

// FuzzAudit takes a key, an architecture and a conformance proof the whole way: an
// error or checks, within bounded memory, and nothing is accepted but the honest files.
func FuzzAudit(f *testing.F) {
	good := salted().parts(f)
	artifacttest.Few(f)
	f.Add(good.layout, good.vk, good.program, good.proof)
	f.Fuzz(func(t *testing.T, layout, vk, program, proof []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		arch, checks, err := published{layout, vk, program, proof}.audit(t)
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > mostAudited {
			t.Errorf("%d bytes were allocated", n)
		}
		unchanged := bytes.Equal(vk, good.vk) && err == nil && bytes.Equal(arch.bytes(), salted().arch.bytes())
		if err == nil && Accepted(checks) && !unchanged {
			t.Errorf("accepted: %+v", checks)
		}
	})
}

// TestFuzzedAuditReachesTheEnd: the seed is accepted within the budgets of the fuzz
// target, or it would examine nothing but the first errors.
func TestFuzzedAuditReachesTheEnd(t *testing.T) {
	good := salted().parts(t)
	artifacttest.Few(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, checks, err := good.audit(t); err != nil || !Accepted(checks) {
		t.Errorf("%+v, %v", checks, err)
	}
	runtime.ReadMemStats(&after)
	t.Logf("%d bytes are allocated", after.TotalAlloc-before.TotalAlloc)
}
