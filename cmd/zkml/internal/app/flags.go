package app

// flagNames maps the options of the library, and other things that its errors refer to, to
// what this command calls them.
var flagNames = map[string]string{
	"Batch":         "--batch",
	"BindModel":     "--bind-model",
	"Commit":        "--commit",
	"Commitment":    "--salt",
	"Context":       "--context",
	"HideStructure": "--hide-structure",
	"Input":         "--input",
	"InputFormats":  "--input-format",
	"InputSignedBy": "--input-signed-by",
	"Labels":        "--labels",
	"Limited":       "--saturate",
	"Model":         "--model",
	"Output":        "--output",
	"Outputs":       "--output",
	"Picture":       "--image",
	"Private":       "--private",
	"Purpose":       "--purpose",
	"Reveal":        "--reveal",
	"Reveals":       "--reveal",
	"Resize":        "--resize",
	"Salt":          "--salt",
	"Samples":       "--calibrate",
	"Shapes":        "--shape",
	"Signature":     "--signature",
	"Target":        "--target",
	"Thresholds":    "--threshold",
	"Trust":         "--trust",
	"UnsafeSRS":     "--unsafe-srs",

	"another folder":              "another folder with -o",
	"another place":               "another place with -o",
	"say which input it is of":    "say which input it is of with --salt NAME=FILE",
	"the formats in the manifest": "the formats that `zkml inspect --stage formats` prints",
	"where that is taken":         "where the command takes that",
}

// flagName returns the flag for an option of the library.
func flagName(option string) string {
	if flag, ok := flagNames[option]; ok {
		return flag
	}
	return option
}
