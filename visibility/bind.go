package visibility

// Bind says what fixes the weights of a private model.
type Bind string

// The values of --bind-model.
const (
	BindKey  Bind = ""     // the verifying key, which has them in its constants
	BindHash Bind = "hash" // a salted commitment to them, a public input
)

// keyWord is how BindKey is written.
const keyWord = "key"

// ParseBind reads the value of --bind-model: key or hash.
func ParseBind(text string) (Bind, error) { return parse("bind-model", text, binds) }

// String gives the word that ParseBind reads.
func (b Bind) String() string {
	if b == BindKey {
		return keyWord
	}
	return string(b)
}

// Hashed tells whether the model's weights are bound by a commitment among the
// public inputs, so that one key serves every model of the architecture.
func (l Layout) Hashed() bool { return l.Private.Model && l.Bind == BindHash }
