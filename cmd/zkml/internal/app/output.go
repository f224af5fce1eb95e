package app

import "fmt"

// ShownScores is how many scores a person is shown.
const ShownScores = 20

// Megabytes writes a number of bytes.
func Megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// OrNothing writes the word for no words.
func OrNothing(words string) string {
	if words == "" {
		return "nothing"
	}
	return words
}

// DefaultProof is where prove leaves a proof.
const DefaultProof = "proof.json"
