package app

// Version is written into bundles and keys, so that it is a constant:
// compiling twice gives the same bytes.
const Version = "0.1.0"
