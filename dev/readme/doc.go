// Package readme checks README.md, docs/classical.md, docs/deploying.md and the pages of
// examples: it runs their commands, compares what they print, compiles the contract, and asks of
// every other block of commands, also those of contracts/README.md, who runs it. It must not
// know what the commands do. Nobody imports it.
package readme
