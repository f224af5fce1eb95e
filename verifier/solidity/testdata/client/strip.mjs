// Strips the types of exported clients as Node does, which has the same stripper inside, for a
// Node that is older: node strip.mjs FOLDER... writes client.mjs beside each client.ts.
import { readFileSync, writeFileSync } from "node:fs";
import amaro from "amaro";

for (const folder of process.argv.slice(2)) {
  const source = readFileSync(`${folder}/client.ts`, "utf8");
  writeFileSync(`${folder}/client.mjs`, amaro.transformSync(source, { mode: "strip-only" }).code);
}
