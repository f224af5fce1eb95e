package app

// flagNames is the table of what this command calls the options of the library, and
// what else its errors refer to.
var flagNames = map[string]string{
	"BindModel": "--bind-model", "Commitment": "--salt", "InputFormat": "--input-format", "Labels": "--labels",
	"Model": "--model", "Private": "--private", "Salt": "--salt",
}

// flagName names an option of the library.
func flagName(option string) string {
	if flag, ok := flagNames[option]; ok {
		return flag
	}
	return option
}
