package solidity

import (
	"fmt"
	"reflect"

	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// Arguments returns what the wrapper's calls take for a proof under the layout, in order: a
// struct if they take one, and last the proof. A program that calls a contract needs
// nothing else. It is an error if the public inputs do not fit the layout.
func Arguments(layout visibility.Layout, p *verifier.Proof) ([]verifier.Argument, error) {
	values, _, err := arguments(layout, p)
	if err != nil {
		return nil, fmt.Errorf("arguments: %w", err)
	}
	return written(values), nil
}

// CheckArguments requires that the arguments in a proof's file, if it has any, are those of
// its public inputs. The error is verifier.ErrRejected if they are not.
func CheckArguments(layout visibility.Layout, p *verifier.Proof) error {
	if p.Arguments == nil {
		return nil
	}
	want, err := Arguments(layout, p)
	if err != nil {
		return fmt.Errorf("%w: %w", verifier.ErrRejected, err)
	}
	if !reflect.DeepEqual(want, p.Arguments) {
		return fmt.Errorf("%w: the arguments of a contract's call differ from the public inputs", verifier.ErrRejected)
	}
	return nil
}

// written returns values in the form of a proof's file.
func written(values []value) []verifier.Argument {
	list := make([]verifier.Argument, len(values))
	for i, v := range values {
		list[i] = verifier.Argument{Name: v.Name, Type: v.Type}
		if v.Type == structType {
			list[i].Components = written(v.fields)
		} else {
			list[i].Value = v.text()
		}
	}
	return list
}

// text returns a value in the form that JSON libraries for contracts take: hex, integers as
// decimal text, and lists of these.
func (v value) text() any {
	one := hexText
	if v.integer {
		one = signed
	}
	switch v.Type {
	case integersType, pair:
		list := []any{}
		for at := 0; at < len(v.data); at += 32 {
			list = append(list, one(v.data[at:at+32]))
		}
		return list
	}
	return one(v.data)
}

func hexText(data []byte) string { return fmt.Sprintf("%#x", data) }
