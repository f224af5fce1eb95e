package verifier

import (
	"crypto/sha256"
	"encoding/json"
	"os"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"
)

// TestTranscript holds a proof's challenges against the committed known answers.
func TestTranscript(t *testing.T) {
	text, err := os.ReadFile("../docs/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Transcripts []struct {
			What                     string
			Key, Qcp, LRO, H         []Hex
			Commitments              []Hex
			Z                        Hex
			Inputs                   []Word `json:"public_inputs"`
			Gamma, Beta, Alpha, Zeta Word
		}
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for _, v := range all.Transcripts {
		key, lro, h := pointsOf(t, v.Key), pointsOf(t, v.LRO), pointsOf(t, v.H)
		vk := &plonk.VerifyingKey{Qcp: pointsOf(t, v.Qcp)}
		copy(vk.S[:], key)
		vk.Ql, vk.Qr, vk.Qm, vk.Qo, vk.Qk = key[3], key[4], key[5], key[6], key[7]
		p := &plonk.Proof{Bsb22Commitments: pointsOf(t, v.Commitments), Z: pointsOf(t, []Hex{v.Z})[0]}
		copy(p.LRO[:], lro)
		copy(p.H[:], h)
		public := make(fr.Vector, len(v.Inputs))
		for i := range public {
			public[i].SetBytes(v.Inputs[i][:])
		}
		c, err := derive(sha256.New(), p, vk, public)
		if err != nil {
			t.Fatal(err)
		}
		for name, pair := range map[string]struct {
			got  fr.Element
			want Word
		}{"gamma": {c.gamma, v.Gamma}, "beta": {c.beta, v.Beta}, "alpha": {c.alpha, v.Alpha},
			"zeta": {c.zeta, v.Zeta}} {
			if Word(pair.got.Bytes()) != pair.want {
				t.Errorf("%s, %s: %x, want %x", v.What, name, pair.got.Bytes(), pair.want)
			}
		}
	}
	if len(all.Transcripts) == 0 {
		t.Error("there are no vectors")
	}
}

func pointsOf(t *testing.T, list []Hex) []bn254.G1Affine {
	t.Helper()
	out := make([]bn254.G1Affine, len(list))
	for i, raw := range list {
		if _, err := out[i].SetBytes(raw); err != nil {
			t.Fatal(err)
		}
	}
	return out
}
