package app

import "fmt"

// ShownScores is the number of scores that are printed as text.
const ShownScores = 20

// Megabytes writes a number of bytes.
func Megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// OrNothing returns words, or "nothing" if they are empty.
func OrNothing(words string) string {
	if words == "" {
		return "nothing"
	}
	return words
}

// DefaultProof is the file to which prove writes a proof.
const DefaultProof = "proof.json"
