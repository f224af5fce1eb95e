package visibility

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/printable"
)

// MaxPorts bounds the ports of a layout.
var MaxPorts = int(budget.Ports.Most)

// maxPurpose bounds the bytes of a purpose.
var maxPurpose = int(budget.PurposeBytes.Most)

// Check refuses a layout that the other methods could not work with: they trust their
// receiver. It also refuses what the format can express but no circuit supports yet.
func (l Layout) Check() error {
	if err := l.check(); err != nil {
		return fmt.Errorf("layout: %w", err)
	}
	return nil
}

func (l Layout) check() error {
	if l.Version != LayoutVersion {
		return fmt.Errorf("version %d; this zkml reads version %d", l.Version, LayoutVersion)
	}
	if len(l.Ports) > MaxPorts {
		return fmt.Errorf("%d ports; at most %d are supported", len(l.Ports), MaxPorts)
	}
	if l.Batch < 0 {
		return fmt.Errorf("batch is %d; it cannot be negative", l.Batch)
	}
	if err := budget.Batch.Check("", int64(l.Batch)); err != nil {
		return err
	}
	elements := 0
	for i := range l.Ports {
		p := &l.Ports[i]
		if err := l.checkPort(p); err != nil {
			return fmt.Errorf("%q: %w", p.Name, err)
		}
		if elements += p.Count(); elements > maxElements {
			return fmt.Errorf("the ports have more than %d elements in total", maxElements)
		}
	}
	if err := l.checkTable(); err != nil {
		return err
	}
	if err := l.checkShown(); err != nil {
		return err
	}
	for i, p := range l.placed().Ports {
		if q := &l.Ports[i]; p.Start != q.Start || p.Words != q.Words {
			return fmt.Errorf("%q: %d public inputs from %d on; it has %d from %d on", p.Name, q.Words, q.Start,
				p.Words, p.Start)
		}
	}
	return nil
}

// checkTable requires at least one output, one model, at most one context,
// roles in order, and names that are unique within a role.
func (l Layout) checkTable() error {
	order := []Role{RoleInput, RoleOutput, RoleContext, RoleModel, RoleSigner}
	last, seen := 0, map[Role]map[string]bool{}
	for i := range l.Ports {
		p := &l.Ports[i]
		at := slices.Index(order, p.Role)
		if at < last {
			return fmt.Errorf("%q: a port of role %s comes after those of role %s", p.Name, p.Role, order[last])
		}
		last = at
		if seen[p.Role] == nil {
			seen[p.Role] = map[string]bool{}
		}
		if seen[p.Role][p.Name] {
			return fmt.Errorf("two ports of role %s are called %q", p.Role, p.Name)
		}
		seen[p.Role][p.Name] = true
	}
	for _, x := range []struct {
		role        Role
		least, most int
	}{{RoleInput, 0, MaxPorts}, {RoleOutput, 1, MaxPorts}, {RoleContext, 0, 1}, {RoleModel, 1, 1}, {RoleSigner, 0, 1}} {
		if n := len(seen[x.role]); n < x.least || n > x.most {
			return fmt.Errorf("%d ports of role %s", n, x.role)
		}
	}
	return nil
}

// checkShown refuses a threshold of a private model: the integer that it becomes is a constant of
// the circuit, and nothing shows that it is the right one.
func (l Layout) checkShown() error {
	for _, out := range l.Outputs() {
		if out.Threshold != nil && l.PrivateModel() {
			return fmt.Errorf("%q: a private model's class has a threshold, and nothing shows that it is the right one",
				out.Name)
		}
	}
	return nil
}

func (l Layout) checkPort(p *Port) error {
	for _, text := range []string{p.Name, p.Purpose} {
		if err := printable.Check(text); err != nil {
			return err
		}
	}
	if p.Name == "" {
		return fmt.Errorf("a port has no name")
	}
	if p.Kind().Name == "" {
		return fmt.Errorf("a port of role %q cannot have visibility %q", string(p.Role), string(p.Visibility))
	}
	if err := p.checkThreshold(); err != nil {
		return err
	}
	if p.Visibility == ByClass && !p.Classes {
		return fmt.Errorf("it shows a class, but the output has no classes")
	}
	if p.hasTensor() {
		if err := p.Tensor.check(); err != nil {
			return err
		}
		if l.Batch > 0 && (len(p.Shape) == 0 || p.Shape[0] != l.Batch) {
			return fmt.Errorf("shape %v does not begin with the batch of %d", p.Shape, l.Batch)
		}
		if err := l.checkEach(p); err != nil {
			return err
		}
		if err := p.checkInputTexts(); err != nil {
			return err
		}
	} else if p.Shape != nil || p.Bits != 0 || p.Zero != 0 || p.Scale != 0 || p.Type != Real || p.Classes ||
		p.ClassCount != 0 || p.Elements != nil || p.Texts != nil || p.Others {
		return fmt.Errorf("a port of role %s has no tensor format", p.Role)
	}
	return l.checkReferences(p)
}

// checkEach checks that only inputs have a format for each element, and for each of one item.
func (l Layout) checkEach(p *Port) error {
	switch perItem := p.Count() / l.Items(); {
	case len(p.Elements) == 0 || p.Role == RoleInput && len(p.Elements) == perItem:
		return nil
	case p.Role != RoleInput:
		return fmt.Errorf("an output has a format for each element; only inputs can have them")
	default:
		return fmt.Errorf("formats for %d elements; an input has %d", len(p.Elements), perItem)
	}
}

// checkThreshold checks that only a class, 0 or 1, of each item has a threshold.
func (p *Port) checkThreshold() error {
	switch t := p.Threshold; {
	case t == nil:
	case math.IsNaN(*t) || math.IsInf(*t, 0):
		return fmt.Errorf("threshold %g is not a finite number", *t)
	case p.Role != RoleOutput || p.Visibility != ByClass:
		return fmt.Errorf("it has a threshold, but shows no class")
	case p.Bits != 1:
		return fmt.Errorf("a class beyond a threshold has 1 bit, not %d", p.Bits)
	}
	return nil
}

// checkReferences checks the names by which a port refers to another one.
func (l Layout) checkReferences(p *Port) error {
	other := l.Input(p.With)
	switch shares := p.Visibility == Shared; {
	case shares && (other == nil || other.Visibility != Committed):
		return fmt.Errorf("it shares the commitment of %q, which has no commitment", p.With)
	case !shares && p.With != "":
		return fmt.Errorf("it names the input %q but shares no commitment", p.With)
	}
	switch signs := p.Role == RoleSigner; {
	case signs && l.Input(p.Of) == nil:
		return fmt.Errorf("it signs the input %q, which does not exist", p.Of)
	case signs && !slices.Contains(schemes, p.Scheme):
		return fmt.Errorf("unknown signature scheme %q", string(p.Scheme))
	case signs && len(p.Purpose) > maxPurpose:
		return fmt.Errorf("a purpose of %d bytes; at most %d are supported", len(p.Purpose), maxPurpose)
	case !signs && (p.Of != "" || p.Scheme != "" || p.Purpose != ""):
		return fmt.Errorf("it says what is signed, but is not a signer")
	}
	return nil
}

// CheckClaim requires that every revealed element fits its declared format, so that a
// field element stands for exactly one integer.
func (l Layout) CheckClaim(c Claim) error {
	for i := range l.Ports {
		p := &l.Ports[i]
		for k, v := range c[i].Integers {
			if e := p.Element(k); v < e.Lowest() || v > e.Highest() {
				return fmt.Errorf("%s: element %d does not fit its %d-bit format", p.Name, k, e.Bits)
			}
		}
	}
	return nil
}
