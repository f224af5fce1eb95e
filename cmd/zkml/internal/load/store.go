package load

import (
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/srs"
)

// Store opens the SRSs known here, with their progress and notes.
func Store(a *app.App) (*srs.Store, error) {
	s, err := srs.Open("")
	if err != nil {
		return nil, err
	}
	s.Progress = a.Progress.Step
	s.Note = func(m string) { a.Note("%s", m) }
	return s, nil
}
