package load

import (
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/srs"
)

// Store opens the user's SRS store, which reports progress and notes to a.
func Store(a *app.App) (*srs.Store, error) {
	s, err := srs.Open("")
	if err != nil {
		return nil, err
	}
	s.Progress = a.Progress.Step
	s.Note = func(m string) { a.Note("%s", m) }
	return s, nil
}
