// Builds the page for browsers as `vite build` does, and runs what was built where nothing
// of Node is in reach: node build.mjs prints what the page shows.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { build, createLogger } from "vite";

const warnings = [];
const logger = createLogger("warn");
logger.warn = logger.warnOnce = (message) => warnings.push(message);
await build({
  configFile: false,
  customLogger: logger,
  logLevel: "warn",
  // The polyfill wants a document; the size of viem is no matter of the client's.
  build: { modulePreload: { polyfill: false }, chunkSizeWarningLimit: Infinity },
});
assert.deepEqual(warnings, []);
const [entry, ...others] = readdirSync("dist/assets").filter((name) => /^index-.*\.js$/.test(name));
assert.deepEqual(others, []);
const { log } = console;
for (const name of ["process", "Buffer", "global", "require"]) delete globalThis[name];
await import(pathToFileURL(`dist/assets/${entry}`).href);
log(JSON.stringify(await globalThis.shown));
