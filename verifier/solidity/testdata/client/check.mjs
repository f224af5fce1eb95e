// Checks exported clients: node check.mjs FOLDER..., each with client.js (compiled),
// description.json and proof.json. The chain is a function in their place.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { createPublicClient, custom, encodeErrorResult, encodeFunctionData, encodeFunctionResult } from "viem";

const address = "0x00000000000000000000000000000000000000aa";
const read = (path) => JSON.parse(readFileSync(path, "utf8"));

// chain answers eth_call with what answer makes of the calldata.
const chain = (answer) =>
  createPublicClient({
    transport: custom({
      async request({ method, params }) {
        assert.equal(method, "eth_call");
        return answer(params[0].data);
      },
    }),
  });

const reverts = (data) => () => {
  throw Object.assign(new Error("execution reverted"), { code: 3, data });
};

function checkArguments(model, description, proof) {
  const args = model.toArguments(proof);
  for (const [i, parameter] of description.abi.find((e) => e.name === "verify").inputs.entries()) {
    const given = Array.isArray(args[i]) ? args[i].map(String) : typeof args[i] === "bigint" ? word(args[i]) : args[i];
    const wanted = description.fixture.arguments[parameter.name];
    assert.deepEqual(given, Array.isArray(wanted) ? wanted.map((v) => String(BigInt(v))) : wanted, parameter.name);
  }
  const data = encodeFunctionData({ abi: model.abi, functionName: "verify", args });
  assert.equal(data, description.fixture.calldata);
  assert.equal(model.vkSha256, description.vk_sha256);
  assert.equal(model.unsafeSrs, description.unsafe_srs);
}

const word = (v) => "0x" + v.toString(16).padStart(64, "0");

function checkRefusals(model, proof) {
  const changed = (change) => () => model.toArguments({ ...proof, ...change });
  const [first, ...rest] = proof.public_inputs;
  const refusals = [
    [{ vk_sha256: "00".repeat(32) }, /another key/],
    [{ public_inputs: rest }, /public inputs/],
    [{ public_inputs: ["0x" + "ff".repeat(32), ...rest] }, /below the field/],
    [{ public_inputs: [first.slice(0, -2), ...rest] }, /32 bytes/],
    [{ proof: proof.proof + "00" }, /bytes in hex/],
    [{ proof: "0x" + "zz".repeat(model.proofBytes) }, /bytes in hex/],
  ];
  for (const [change, reason] of refusals) {
    assert.throws(changed(change), { name: "MalformedProofFile", message: reason });
  }
  if (model.input) {
    const beyond = BigInt(first) | (1n << 253n);
    assert.throws(changed({ public_inputs: [word(beyond), ...rest] }), { name: "MalformedProofFile" });
    assert.throws(() => model.encodeInput([1n]), /takes/);
    const one = Array(model.input.count).fill(-model.input.zero);
    one[one.length - 1] = (1n << BigInt(model.input.bits)) - model.input.zero;
    assert.throws(() => model.encodeInput(one), /outside its format/);
  }
}

async function checkCalls(model, description, proof) {
  const { abi } = model;
  const says = (result) => chain((data) => {
    assert.equal(data, description.fixture.calldata);
    return encodeFunctionResult({ abi, functionName: "verify", result });
  });
  assert.equal(await model.verify(says(true), address, proof), true);
  assert.equal(await model.verify(says(false), address, proof), false);
  await model.verifyOrRevert(chain(() => "0x"), address, proof).catch((error) => assert.fail(String(error)));
  const refused = (errorName) => model.verifyOrRevert(chain(reverts(encodeErrorResult({ abi, errorName }))), address, proof);
  await assert.rejects(refused("ProofRejected"), { name: "Rejected", reason: "ProofRejected" });
  await assert.rejects(refused("VerifierOutOfGas"), (e) => model.errorName(e) === "VerifierOutOfGas");
  await assert.rejects(model.verifyOrRevert(chain(reverts("0x")), address, proof), (e) => model.errorName(e) === undefined);
  const key = (result) => chain(() => encodeFunctionResult({ abi, functionName: "VK_SHA256", result }));
  assert.equal(await model.isThisModel(key("0x" + model.vkSha256), address), true);
  assert.equal(await model.isThisModel(key("0x" + "00".repeat(32)), address), false);
}

for (const folder of process.argv.slice(2)) {
  const model = await import(pathToFileURL(`${folder}/client.js`).href);
  const description = read(`${folder}/description.json`);
  const proof = read(`${folder}/proof.json`);
  checkArguments(model, description, proof);
  checkRefusals(model, proof);
  await checkCalls(model, description, proof);
  if (model.scores) {
    const output = description.fixture.arguments.output.map((v) => Number(v) * description.layout.output.scale);
    assert.deepEqual(model.scores(model.readClaim(proof)), output);
  }
  console.log(`ok ${folder}`);
}
