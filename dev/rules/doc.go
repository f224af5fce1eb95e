// Package rules holds the rules of the house as tests: which package may import
// which, where floats end, how long files and functions may be, what a file may
// say. It must not know what any package does. Nobody imports it.
package rules
