package visibility

// Bind says what fixes the weights of a private model.
type Bind string

// The ways to bind a private model.
const (
	BindKey  Bind = ""     // the verifying key: they are constants of the circuit
	BindHash Bind = "hash" // a salted commitment to them, which is a public input
)

// keyWord is how BindKey is written.
const keyWord = "key"

// ParseBind reads what binds a private model: "key" or "hash".
func ParseBind(text string) (Bind, error) { return parse("${BindModel}", text, binds) }

// String returns the word that ParseBind reads.
func (b Bind) String() string {
	if b == BindKey {
		return keyWord
	}
	return string(b)
}

// Commit says which private inputs share a commitment.
type Commit string

// The ways to commit.
const (
	CommitTogether Commit = ""     // one commitment to all of them
	CommitEach     Commit = "each" // a commitment to each
)

// togetherWord is how CommitTogether is written.
const togetherWord = "together"

// ParseCommit reads how private inputs are committed to: "together" or "each".
func ParseCommit(text string) (Commit, error) { return parse("${Commit}", text, commits) }

// String returns the word that ParseCommit reads.
func (c Commit) String() string {
	if c == CommitTogether {
		return togetherWord
	}
	return string(c)
}
