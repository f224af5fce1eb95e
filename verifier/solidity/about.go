package solidity

import (
	"fmt"
	"strings"

	"github.com/zkml-go/zkml/visibility"
)

// about says what a caller must know about an argument. before is the prefix of each line
// except the first.
func (v view) about(a argument, before string) string {
	var text string
	switch {
	case a.Input != nil && a.Input.Used != nil:
		text = fmt.Sprintf("%s%s in %s of 32 bytes, each in its own\nformat: see %s%s.",
			v.items("%d inputs, one after the other, together "), inRows(a.Input.Count, "element"),
			count(len(a.Input.Used), "word"), v.Name, encoderSuffix)
	case a.Input != nil:
		text = fmt.Sprintf("%s%s, %s each, big-endian. An element holds\n"+
			"v + %d below 2^%d; the real value is v × %s.",
			v.items("%d inputs, one after the other, together "), inRows(a.Input.Count, "element"),
			count(a.Input.Size, "byte"), a.Port.Zero, a.Input.Bits, a.Scale())
	case a.Output != nil && a.Port.Threshold != nil:
		text = fmt.Sprintf("%sClass 1 where the score is above %g, else class 0.", v.items("Input by input: "),
			*a.Port.Threshold)
	case a.Output != nil && a.Port.Classes:
		text = v.items("Input by input: ") + "The class"
		if a.Output.Count > 1 {
			text += fmt.Sprintf(" of each of %d groups", a.Output.Count)
		}
		text += ", counted from 0."
	case a.Output != nil && a.Port.Type != visibility.Real:
		text = v.items("Input by input: ") + inRows(a.Output.Count, "integer") + "."
	case a.Output != nil:
		text = fmt.Sprintf("%s%s; the real value is v × %s.",
			v.items("Input by input: "), inRows(a.Output.Count, "integer"), a.Scale())
	default:
		text = roleTexts[a.Port.Role]
		if strings.Contains(text, "%s") {
			text = fmt.Sprintf(text, a.Of+v.items(", all %d items of the batch"))
		}
	}
	return strings.ReplaceAll(text, "\n", "\n"+before)
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// inRows is count of what a tensor holds, with its order if there are several.
func inRows(n int, noun string) string {
	if n == 1 {
		return count(n, noun)
	}
	return count(n, noun) + " in row-major order"
}

// items returns a text about the items of a batch, with their number if the text has a verb
// for it, or "" without a batch.
func (v view) items(text string) string {
	switch {
	case v.Batch == 0:
		return ""
	case strings.Contains(text, "%d"):
		return fmt.Sprintf(text, v.Batch)
	}
	return text
}

// roleTexts describe arguments that are not the elements of a tensor; %s is the subject.
var roleTexts = map[visibility.Role]string{
	visibility.RoleInput:  "The salted commitment to %s, below the field's\nsize.",
	visibility.RoleOutput: "The salted commitment to %s, below the field's\nsize.",
	visibility.RoleContext: "What the proof was made for, below the field's size: a consumer\n" +
		"compares it with what it expects, or a proof serves anybody.",
	visibility.RoleModel: "Which model it is: the salted commitment to its weights,\n" +
		"below the field's size. The key serves every model of the architecture, so a\n" +
		"consumer compares it with one that it trusts, or keeps in a registry.",
	visibility.RoleSigner: "The key of who signed %s, a point's coordinates: a consumer\n" +
		"compares it with a key that it trusts, or anybody's signature serves.",
}
