package srs

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// section of a .ptau file under construction.
type section struct {
	id   uint32
	data []byte
}

// madePtau makes the sections of a sound .ptau file from known τ, α, β.
func madePtau(power int) []section {
	tau, alpha, beta := fr.NewElement(77), fr.NewElement(5), fr.NewElement(11)
	head := binary.LittleEndian.AppendUint32(nil, fp.Bytes)
	prime := fp.Modulus().FillBytes(make([]byte, fp.Bytes))
	slices.Reverse(prime)
	head = append(head, prime...)
	head = binary.LittleEndian.AppendUint32(head, uint32(power))
	head = binary.LittleEndian.AppendUint32(head, 28)
	n := 1 << power
	return []section{
		{ptauHeader, head},
		{ptauTauG1, rawPowersG1(2*n-1, fr.One(), tau)},
		{ptauTauG2, rawPowersG2(n, fr.One(), tau)},
		{ptauAlphaTauG1, rawPowersG1(n, alpha, tau)},
		{ptauBetaTauG1, rawPowersG1(n, beta, tau)},
		{ptauBetaG2, rawPowersG2(1, beta, tau)},
		{ptauContributions, make([]byte, 4)},
	}
}

func powers(n int, first, tau fr.Element) []fr.Element {
	out := make([]fr.Element, n)
	for i := range out {
		out[i] = first
		first.Mul(&first, &tau)
	}
	return out
}

func rawPowersG1(n int, first, tau fr.Element) []byte {
	_, _, g, _ := bn254.Generators()
	points := bn254.BatchScalarMultiplicationG1(&g, powers(n, first, tau))
	var b bytes.Buffer
	if err := putPoints(&b, points); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func rawPowersG2(n int, first, tau fr.Element) []byte {
	_, _, _, g := bn254.Generators()
	var out []byte
	for _, p := range bn254.BatchScalarMultiplicationG2(&g, powers(n, first, tau)) {
		out = append(out, rawPointG2(p)...)
	}
	return out
}

func rawPointG2(p bn254.G2Affine) []byte {
	b := make([]byte, rawG2)
	halves := []bn254.G1Affine{{X: p.X.A0, Y: p.X.A1}, {X: p.Y.A0, Y: p.Y.A1}}
	putG1(b, &halves[0])
	putG1(b[rawG1:], &halves[1])
	return b
}

func encodePtau(sections []section) []byte {
	out := binary.LittleEndian.AppendUint32([]byte(ptauMagic), ptauVersion)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(sections)))
	for _, s := range sections {
		out = binary.LittleEndian.AppendUint32(out, s.id)
		out = binary.LittleEndian.AppendUint64(out, uint64(len(s.data)))
		out = append(out, s.data...)
	}
	return out
}

func writeFile(t *testing.T, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	overwrite(t, path, b)
	return path
}

// importTrusted imports a home-made file by its digest.
func importTrusted(t *testing.T, store *Store, power int) Entry {
	t.Helper()
	b := encodePtau(madePtau(power))
	e, err := store.Import(writeFile(t, "made.ptau", b), digestOf(b))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestImportTrust(t *testing.T) {
	b := encodePtau(madePtau(4))
	path, digest := writeFile(t, "made.ptau", b), digestOf(b)
	for _, c := range []struct{ name, trust, want string }{
		{"none", "", "option Trust " + digest},
		{"another file's", strings.Repeat("0", 64), "its sha256 is " + digest},
		{"a part of it", digest[:20], "its sha256 is " + digest},
		{"a word", "yes", "its sha256 is " + digest},
		{"its own", digest, ""},
		{"its own, capitals and prefix", "sha256:" + strings.ToUpper(digest), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := newStore(t)
			e, err := store.Import(path, c.trust)
			if c.want != "" {
				wantError(t, err, c.want)
				if left := files(t, store.Dir); len(left) != 0 {
					t.Errorf("left %v", left)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if e.Known || e.Power != 4 || e.Digest != digest || e.Origin != "made.ptau" ||
				!strings.HasPrefix(e.Source, "unknown") {
				t.Errorf("entry %+v", e)
			}
			if err := store.Verify(e); err != nil {
				t.Error(err)
			}
			if list := store.List(); len(list) != 2 || list[1] != e {
				t.Errorf("list %+v", list)
			}
			if found, err := store.Find(digest[:8]); err != nil || found != e {
				t.Errorf("found %+v, error %v", found, err)
			}
		})
	}
}

// ptauFault alters a file's sections; want is what the error says then.
type ptauFault struct {
	name  string
	alter func(s []section) []section
	want  string
}

// ptauData gives the data of the section with a number.
func ptauData(id uint32) func([]section) []byte {
	return func(s []section) []byte { return s[id-1].data }
}

func sectionFaults() []ptauFault {
	header := ptauData(ptauHeader)
	return []ptauFault{
		{"field of another curve", func(s []section) []section { header(s)[4] ^= 2; return s },
			"its field is not BN254's"},
		{"n8 of another field", func(s []section) []section { header(s)[0] = 48; return s },
			"its field is not BN254's"},
		{"power above the ceremony's", func(s []section) []section { header(s)[36] = 29; return s }, "makes no sense"},
		{"power zero", func(s []section) []section { header(s)[36] = 0; return s }, "makes no sense"},
		{"power too large", func(s []section) []section { header(s)[36] = 28; return s }, "largest supported"},
		{"power another", func(s []section) []section { header(s)[36] = 4; return s }, "power 4 needs"},
		{"header too short", func(s []section) []section { s[0].data = s[0].data[:40]; return s }, "no header section"},
		{"no header", func(s []section) []section { return s[1:] }, "no header section"},
		{"no tauG1", func(s []section) []section { return append(s[:1:1], s[2:]...) }, "no tauG1 section"},
		{"no contributions", func(s []section) []section { return s[:6] }, "no contributions"},
		{"section twice", func(s []section) []section { return append(s, s[0]) }, "appears twice"},
		{"tauG1 too short", func(s []section) []section { s[1].data = s[1].data[:64]; return s },
			"tauG1 section has 64 bytes"},
	}
}

func pointFaults(power int) []ptauFault {
	data, g1, g2 := ptauData, ptauData(ptauTauG1), ptauData(ptauTauG2)
	return []ptauFault{
		{"first not the generator", func(s []section) []section {
			s[1].data = rawPowersG1(2<<power-1, fr.NewElement(3), fr.NewElement(77))
			return s
		}, "tauG1: point 0 is not the generator"},
		{"τ of G1 not that of G2", func(s []section) []section {
			s[1].data = rawPowersG1(2<<power-1, fr.One(), fr.NewElement(78))
			return s
		}, "tauG1: points are not successive powers"},
		{"last power wrong", func(s []section) []section {
			b := g1(s)
			copy(b[len(b)-rawG1:], b[:rawG1])
			return s
		}, "tauG1: points are not successive powers"},
		{"G1 off the curve", func(s []section) []section { g1(s)[5*rawG1] ^= 1; return s },
			"tauG1: point 5 is not on the curve"},
		{"G1 at infinity", func(s []section) []section { clear(g1(s)[6*rawG1 : 7*rawG1]); return s },
			"tauG1: point 6 is not on the curve"},
		{"coordinate not reduced", func(s []section) []section { g1(s)[2*rawG1+31] = 0xff; return s },
			"tauG1: point 2 is not on the curve"},
		{"G2 starts elsewhere", func(s []section) []section { copy(g2(s), g2(s)[rawG2:2*rawG2]); return s },
			"not the generator of G2"},
		{"τ·G2 at infinity", func(s []section) []section { clear(g2(s)[rawG2 : 2*rawG2]); return s },
			"tauG2: point 1 is not in the subgroup"},
		{"G2 outside the subgroup", func(s []section) []section {
			copy(g2(s)[3*rawG2:], rawPointG2(outsideSubgroup()))
			return s
		}, "tauG2: point 3 is not in the subgroup"},
		{"G2 another power", func(s []section) []section { copy(g2(s)[3*rawG2:], g2(s)[:rawG2]); return s },
			"tauG2: points are not successive"},
		{"alpha another power", func(s []section) []section {
			copy(data(ptauAlphaTauG1)(s)[rawG1:], g1(s)[:rawG1])
			return s
		}, "alphaTauG1: points are not successive"},
		{"beta another power", func(s []section) []section {
			copy(data(ptauBetaTauG1)(s)[rawG1:], g1(s)[:rawG1])
			return s
		}, "betaTauG1: points are not successive"},
		{"beta of G2 another", func(s []section) []section {
			copy(data(ptauBetaG2)(s), g2(s)[rawG2:2*rawG2])
			return s
		}, "betaG2: points are not"},
	}
}

// TestPtauRefused breaks a trusted file in one place at a time.
func TestPtauRefused(t *testing.T) {
	const power = 3
	for _, c := range slices.Concat(sectionFaults(), pointFaults(power)) {
		t.Run(c.name, func(t *testing.T) { refused(t, encodePtau(c.alter(madePtau(power))), c.want) })
	}
}

// outsideSubgroup is a point of the twist that is not in G2.
func outsideSubgroup() bn254.G2Affine {
	var p bn254.G2Affine
	p.X.A0.SetUint64(5)
	return bn254.MapToCurve2(&p.X)
}

// refused imports b with its own digest as trusted, so that only its content
// can be the reason.
func refused(t *testing.T, b []byte, want string) {
	t.Helper()
	store := newStore(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := store.Import(writeFile(t, "bad.ptau", b), digestOf(b))
	runtime.ReadMemStats(&after)
	wantError(t, err, want)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 16<<20 {
		t.Errorf("allocated %d bytes", grown)
	}
	if left := files(t, store.Dir); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}

// TestFrameRefused breaks what stands around the sections.
func TestFrameRefused(t *testing.T) {
	good := encodePtau(madePtau(3))
	put := func(at int, b ...byte) []byte {
		out := slices.Clone(good)
		copy(out[at:], b)
		return out
	}
	for _, c := range []struct {
		name string
		b    []byte
		want string
	}{
		{"empty", nil, "too short"},
		{"random", bytes.Repeat([]byte{0xa7, 0x31, 0x5c}, 100), "neither a .ptau file"},
		{"another version", put(4, 2), ".ptau version 2"},
		{"4 thousand million sections", put(8, 0xff, 0xff, 0xff, 0xff), "claims 4294967295 sections"},
		{"one section more", put(8, 8), "the file ends here"},
		{"one section less", put(8, 6), "bytes follow the last section"},
		{"a section claims 1 GB", put(16, 0, 0, 0, 0x40), "type 1 claims 1073741824 bytes"},
		{"a section claims 2^64-1", put(16, bytes.Repeat([]byte{0xff}, 8)...), "type 1 claims 18446744073709551615"},
		{"truncated in the last section", good[:len(good)-1], "the file has 3 left"},
		{"truncated in tauG1", good[:400], "type 2 claims"},
		{"truncated in a frame", good[:75], "the file ends here"},
		{"magic alone", append([]byte("ptau"), make([]byte, 28)...), ".ptau version 0"},
		{"trailing bytes", append(slices.Clone(good), 1, 2, 3), "3 bytes follow"},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, c.b, c.want) })
	}
}

func TestImportPoints(t *testing.T) {
	const each = bn254.SizeOfG1AffineCompressed
	good := embedded[embeddedG1 : embeddedG1+100*each]
	alter := func(f func(b []byte) []byte) []byte { return f(slices.Clone(good)) }
	foreign, err := Unsafe(4, "")
	if err != nil {
		t.Fatal(err)
	}
	var others []byte
	for _, p := range foreign.Canonical.Pk.G1 {
		b := p.Bytes()
		others = append(others, b[:]...)
	}
	for _, c := range []struct {
		name string
		b    []byte
		want string
	}{
		{"half a point more", alter(func(b []byte) []byte { return append(b, make([]byte, 16)...) }),
			"not a whole number"},
		{"two points", good[:2*each], "not a whole number of at least 5"},
		{"another τ", others, "file holds no other evidence"},
		{"two points swapped", alter(func(b []byte) []byte {
			copy(b[10*each:], good[11*each:12*each])
			copy(b[11*each:], good[10*each:11*each])
			return b
		}), "not successive powers"},
		{"not a point", alter(func(b []byte) []byte { copy(b[9*each:], bytes.Repeat([]byte{0xff}, each)); return b }),
			"point 9 is not a compressed point"},
		{"infinity", alter(func(b []byte) []byte {
			infinity := (&bn254.G1Affine{}).Bytes()
			copy(b[9*each:], infinity[:])
			return b
		}), "point 9 is not a compressed point"},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, c.b, c.want) })
	}
	t.Run("sound", func(t *testing.T) {
		store := newStore(t)
		e, err := store.Import(writeFile(t, "g1.point", good), "")
		if err != nil {
			t.Fatal(err)
		}
		if e.Power != 6 || !e.Known || !e.Same(embeddedEntry().Identity) {
			t.Errorf("entry %+v", e)
		}
		if err := store.Verify(e); err != nil {
			t.Error(err)
		}
		if p, err := store.For(6); err != nil || p.Identity != embeddedEntry().Identity {
			t.Errorf("an import that adds nothing changed the choice (error %v)", err)
		}
	})
}

func TestImportNoFile(t *testing.T) {
	store := newStore(t)
	_, err := store.Import(filepath.Join(t.TempDir(), "absent.ptau"), "")
	wantError(t, err, "absent.ptau: no such file")
	_, err = store.Import(t.TempDir(), "")
	wantError(t, err, "not a regular file")
}

// TestDamagedImport damages a file that the store keeps.
func TestDamagedImport(t *testing.T) {
	for _, c := range []struct {
		name   string
		at     int // from the end where negative
		listed bool
	}{
		{"in the header", 30, false},
		{"in the points", -50, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := newStore(t)
			e := importTrusted(t, store, 4)
			b, err := os.ReadFile(e.Where)
			if err != nil {
				t.Fatal(err)
			}
			b[(c.at+len(b))%len(b)] ^= 1
			overwrite(t, e.Where, b)
			var notes []string
			store.Note = func(m string) { notes = append(notes, m) }
			if listed := len(store.List()) == 2; listed != c.listed {
				t.Errorf("listed: %v, notes %q", listed, notes)
			}
			if _, err := store.For(4, WithIdentity(e.Identity)); err == nil {
				t.Error("served")
			}
			wantError(t, store.Verify(e), "import it again")
		})
	}
}
