// Package install installs contracts/ as its users do, in projects of their own outside
// the repository, and runs what is in them. It must not know what the contracts do
// beyond a first call. Nobody imports it.
package install
