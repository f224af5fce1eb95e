package compiler

import "github.com/zkml-go/zkml/program"

// pickTechniques tries every technique of every kernel, and keeps what makes the
// circuit cheapest. A technique changes the gates of its step and of the readers that
// close what it leaves open, so that these are all that is counted for it.
func (r *Result) pickTechniques() error {
	changed, err := r.pickWith(program.NewSurroundings(r.bounded, r.Statement.Digit))
	if err != nil || !changed {
		return err
	}
	s := *r.Statement
	s.Model = r.bounded // whose ranges are known
	r.Cost, err = s.Count()
	return err
}

func (r *Result) pickWith(around *program.Surroundings) (changed bool, err error) {
	for i := range r.Program.Steps {
		s := &r.Program.Steps[i]
		k, ok := s.Kernel.(program.Chooser)
		if !ok {
			continue
		}
		others := k.Techniques()
		if len(others) == 0 {
			continue
		}
		least, err := around.Count(i, s.Kernel)
		if err != nil {
			return false, err
		}
		for _, t := range others {
			n, err := around.Count(i, t.Kernel)
			if err != nil {
				return false, err
			}
			if n < least {
				least, s.Kernel, changed = n, t.Kernel, true
			}
		}
	}
	return changed, nil
}
