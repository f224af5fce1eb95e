// Package readme holds README.md to its word: its commands are run, its output
// is compared, its contract is compiled. It must not know what the commands do.
// Nobody imports it.
package readme
