package input

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/budget"
)

// lower makes a limit smaller until the test ends.
func lower(t *testing.T, l *budget.Limit, most int64) {
	old := l.Most
	l.Most = most
	t.Cleanup(func() { l.Most = old })
}

// allocated is what a call takes of memory, in all.
func allocated(call func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	call()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// claim is a file that claims, or unfolds to, more than there is room for.
type claim struct {
	name  string
	file  string
	data  []byte
	spec  Spec
	limit *budget.Limit
	most  int64
	want  string
}

func claims(t *testing.T) []claim {
	const size = 1 << 22
	zeros := npyBytes(t, 1, "|u1", "(4194304,)", false, little, make([]byte, size))
	long := npyBytes(t, 1, "|u1", "(4,)", false, little, make([]byte, size))
	lying := npyBytes(t, 1, "|u1", "(65536, 65536)", false, little, make([]byte, 4))
	return []claim{
		{"npz bomb", "a.npz", zipBytes(t, member{"x.npy", zeros}), row4(), &budget.DataBytes, size / 2,
			"4194304 bytes; at most 2097152 are supported"},
		{"npz longer than it claims", "a.npz", zipBytes(t, member{"x.npy", long}), row4(), nil, 0,
			"claims shape 4 with 1 bytes a value, but 5 bytes follow"},
		{"npz shorter than it claims", "a.npz", zipBytes(t, member{"x.npy", lying}), row4(), &budget.DataBytes, 1 << 40,
			"claims shape 65536x65536, more than its"},
		{"npz of many", "a.npz", manyArrays(t, 5), row4(), &budget.Members, 4,
			"5 names in one object or archive; at most 4"},
		{"npy", "a.npy", npyBytes(t, 1, "|u1", "(1000, 4)", false, little, make([]byte, 4000)), row4(),
			&budget.SampleElements, 3999, "4000 elements of all samples"},
		{"npy of many", "a.npy", npyBytes(t, 1, "|u1", "(1000, 4)", false, little, make([]byte, 4000)), row4(),
			&budget.Samples, 999, "1000 samples; at most 999"},
		{"idx", "a.idx", idxBytes(t, 0x08, make([]byte, 4000), 1000, 2, 2), square2(), &budget.SampleElements, 3999,
			"4000 elements of all samples"},
		{"csv rows", "a.csv", []byte(strings.Repeat("1,2,3,4\n", 1000)), row4(), &budget.Samples, 999,
			"1000 samples; at most 999"},
		{"csv cells", "a.csv", []byte(strings.Repeat("1,2,3,4\n", 1000)), row4(), &budget.SampleElements, 3999,
			"4000 elements of all samples"},
		{"csv row", "a.csv", []byte("# c\n1,2,3,4\n\"\n\"" + strings.Repeat(",\"\n\"", 999)), row4(),
			&budget.LayoutElements, 999, "a row: 1000 elements"},
		{"json numbers", "a.json", []byte("[" + strings.Repeat("1,", 999) + "1]"), row4(), &budget.SampleElements, 999,
			"1000 elements of all samples"},
		{"json members", "a.json", []byte(`{"p":1,"q":2,"x":[1,2,3,4]}`), row4(), &budget.Members, 2,
			"3 names in one object or archive"},
		{"json records", "a.json", []byte(strings.Repeat(`{"x":[1,2,3,4]} `, 10)), row4(), &budget.Samples, 9,
			"10 samples; at most 9"},
		{"png", "a.png", claimSize(pngBytes(t, grey(2, 1, 2, 3, 4)), 100, 100), square2(), &budget.Pixels, 9999,
			"is a picture of 100x100; at most 9999 pixels"},
		{"pgm", "a.pgm", []byte("P5 100 100 255 " + strings.Repeat("x", 10000)), square2(), &budget.Pixels, 9999,
			"is a picture of 100x100; at most 9999 pixels"},
		{"picture to resize", "a.pgm", []byte("P5 1 100 255 " + strings.Repeat("x", 100)),
			Spec{Name: "x", Shape: []int{1, 1, 2, 64}, Resize: true}, &budget.Pixels, 6399,
			"while it is resized: 6400 pixels"},
		{"gzip bomb", "a.csv.gz", gzipBytes(t, make([]byte, size)), row4(), &budget.DataBytes, 1 << 16,
			"holds more than"},
	}
}

// TestClaimsAreHeldAgainstTheBudget gives files that hold more than there is room for:
// each is refused before memory is taken for it.
func TestClaimsAreHeldAgainstTheBudget(t *testing.T) {
	for _, test := range claims(t) {
		t.Run(test.name, func(t *testing.T) {
			if test.limit != nil {
				lower(t, test.limit, test.most)
			}
			path := save(t, test.file, test.data)
			var err error
			took := allocated(func() { _, err = ReadSet(path, nil, test.spec, 0) })
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			if most := uint64(len(test.data))*4 + 1<<20; took > most {
				t.Errorf("it took %d bytes, %d at most are right", took, most)
			}
		})
	}
}

func manyArrays(t *testing.T, n int) []byte {
	var members []member
	for i := range n {
		members = append(members, member{string(rune('p'+i)) + ".npy", nil})
	}
	return zipBytes(t, members...)
}

// TestInputsShareOneBudget: what the inputs of a model ask for is summed.
func TestInputsShareOneBudget(t *testing.T) {
	files(t, aFew(t))
	lower(t, &budget.SampleElements, 7)
	var e *budget.Exceeded
	if _, err := ReadSamples([]string{"set.npz"}, nil, twoInputs(), 0); !errors.As(err, &e) || e.Asked != 8 {
		t.Errorf("one file: %v", err)
	}
	if _, err := ReadInputs([]string{"a=as.npy", "b=c=bs.npy"}, nil, twoInputs(), 2); !errors.As(err, &e) ||
		e.Asked != 8 {
		t.Errorf("two files: %v", err)
	}
}
