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

// Commit says what the commitments to private inputs are about.
type Commit string

// The values of --commit.
const (
	CommitTogether Commit = ""     // one commitment to all
	CommitEach     Commit = "each" // one to each
)

// togetherWord is how CommitTogether is written.
const togetherWord = "together"

// ParseCommit reads the value of --commit: together or each.
func ParseCommit(text string) (Commit, error) { return parse("commit", text, commits) }

// String gives the word that ParseCommit reads.
func (c Commit) String() string {
	if c == CommitTogether {
		return togetherWord
	}
	return string(c)
}
