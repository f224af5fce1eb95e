package compiler

import "github.com/zkml-go/zkml/program"

// pickTechniques tries every technique of every kernel, and keeps what makes the
// circuit cheapest. A technique changes the gates of its step and of the readers that
// close what it leaves open, so that these are all that is counted for it.
func (r *Result) pickTechniques() error {
	around, err := program.NewSurroundings(r.Program, r.Statement.Digit)
	if err != nil {
		return err
	}
	if err := r.pickWith(around); err != nil {
		return err
	}
	r.Cost, err = r.Statement.Count()
	return err
}

func (r *Result) pickWith(around *program.Surroundings) error {
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
			return err
		}
		for _, t := range others {
			n, err := around.Count(i, t.Kernel)
			if err != nil {
				return err
			}
			if n < least {
				least, s.Kernel = n, t.Kernel
			}
		}
	}
	return nil
}
