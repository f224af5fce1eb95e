package srs

import (
	"encoding/hex"
	"fmt"

	"github.com/consensys/gnark-crypto/ecc/bn254"
)

// ceremony is a public setup whose τ nobody knows unless all its
// contributors colluded.
type ceremony struct {
	source       string
	contribution string
	// tauG2 is [τ]₂ in affine coordinates: X.A0, X.A1, Y.A0, Y.A1.
	tauG2 [4]string
}

// ceremonies are the ones known to zkml, in order of preference.
var ceremonies = []ceremony{
	{
		source:       "Perpetual Powers of Tau, challenge_0085",
		contribution: "contribution 65 of the transcript",
		tauG2: [4]string{
			"19394299006376106554626551996044114846855237028623244664226757033024550999552",
			"10478571113809844268398751534081669357808742555529167819607714577862447855483",
			"9205262336805673656533560220225620941045451042642528799409071118332922267006",
			"10552783866161062341197740743287753408530108186218052255509661543860392060676",
		},
	},
	{
		source:       "Hermez powersOfTau28_hez_final",
		contribution: "contribution 55 of the transcript, a public beacon",
		tauG2: [4]string{
			"21831381940315734285607113342023901060522397560371972897001948545212302161822",
			"17231025384763736816414546592865244497437017442647097510447326538965263639101",
			"2388026358213174446665280700919698872609886601280537296205114254867301080648",
			"11507326595632554467052522095592665270651932854513688777769618397986436103170",
		},
	},
}

// unknownCeremony stands for a τ that only the user trusts.
var unknownCeremony = ceremony{
	source:       "unknown ceremony, trusted by its digest alone",
	contribution: "unknown",
}

// tau returns [τ]₂ of a known ceremony.
func (c *ceremony) tau() bn254.G2Affine {
	var p bn254.G2Affine
	p.X.SetString(c.tauG2[0], c.tauG2[1])
	p.Y.SetString(c.tauG2[2], c.tauG2[3])
	return p
}

// ceremonyOf finds the known ceremony with the given [τ]₂. The rank orders
// ceremonies by preference; an unknown one comes last.
func ceremonyOf(tau *bn254.G2Affine) (c *ceremony, rank int, known bool) {
	for i := range ceremonies {
		pinned := ceremonies[i].tau()
		if pinned.Equal(tau) {
			return &ceremonies[i], i, true
		}
	}
	return &unknownCeremony, len(ceremonies), false
}

// decodeTau is the inverse of encodeTau. It refuses points outside the
// subgroup and the point at infinity.
func decodeTau(s string) (bn254.G2Affine, error) {
	var p bn254.G2Affine
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != bn254.SizeOfG2AffineCompressed {
		return p, fmt.Errorf("tau_g2 is not the hex of a compressed G2 point of %d bytes",
			bn254.SizeOfG2AffineCompressed)
	}
	if _, err := p.SetBytes(b); err != nil {
		return p, fmt.Errorf("tau_g2 is not a point of G2: %w", err)
	}
	if p.IsInfinity() {
		return p, fmt.Errorf("tau_g2 is the point at infinity")
	}
	return p, nil
}
