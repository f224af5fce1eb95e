// Package readme checks README.md: it runs the commands, compares their output, and
// compiles the contract. It must not know what the commands do. Nobody imports it.
package readme
