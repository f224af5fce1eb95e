package srs

import (
	"bytes"
	"testing"
)

// FuzzCeremonyFile reads arbitrary bytes as a ceremony file: an error or a
// sound list of powers, never a panic. The checks draw random weights, so that
// their coverage differs from run to run: give go test -fuzzminimizetime=1x,
// lest it spends its time on minimising inputs that are nothing new.
func FuzzCeremonyFile(f *testing.F) {
	good := encodePtau(madePtau(2))
	f.Add(good)
	f.Add(good[:len(good)-5])
	f.Add(embedded[embeddedG1 : embeddedG1+5*32])
	f.Add([]byte("ptau\x01\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x40\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := openCeremony(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		points, err := file.points(func(int, int) {})
		if err != nil {
			return
		}
		if err := checkPowers(points, file.tau(), func(int, int) {}); err != nil {
			t.Error(err)
		}
	})
}
