package lookup

// MaxTerms is what queries and entries of a table stay below.
const MaxTerms = 1 << degreeBits
