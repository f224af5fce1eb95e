#!/usr/bin/env node
// The pinned Solidity compiler as a program that speaks like the native one:
//
//   solc.js --standard-json    standard JSON from standard input to output
//   solc.js --version          the version, as build tools expect to read it
//
// Imports are answered from the sources of the JSON alone, never from disk, so
// that the paths which build tools add to the command line mean nothing.
"use strict";

const fs = require("fs");

// Emscripten leaves a handler that turns any failure into a stack trace.
function loadCompiler() {
  const solc = require("solc");
  process.removeAllListeners("uncaughtException");
  return solc;
}

const modes = {
  "--standard-json": () => {
    const input = fs.readFileSync(0, "utf8");
    process.stdout.write(loadCompiler().compile(input));
  },
  "--version": () => {
    const version = loadCompiler().version();
    process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
  },
};

const mode = modes[process.argv.find((word) => word in modes)];
if (!mode) {
  process.stderr.write("usage: solc.js --standard-json | --version\n");
  process.exitCode = 2;
} else {
  mode();
}
