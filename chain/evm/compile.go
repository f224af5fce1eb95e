package evm

import "github.com/zkml-go/zkml/chain/solc"

// Artifact is a compiled contract.
type Artifact = solc.Artifact

// ErrNoCompiler says that there is no Solidity compiler: see package solc.
var ErrNoCompiler = solc.ErrNoCompiler

// Compile compiles sources, given by path, with the pinned compiler: see
// solc.Compile.
func Compile(sources map[string]string) (map[string]Artifact, error) { return solc.Compile(sources) }

// CompileDir compiles all .sol files under a folder: see solc.CompileDir.
func CompileDir(dir string) (map[string]Artifact, error) { return solc.CompileDir(dir) }

// Sources reads all .sol files under a folder: see solc.Sources.
func Sources(dir string) (map[string]string, error) { return solc.Sources(dir) }
