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

function checkRefusals(model, description, proof) {
  const changed = (change) => () => model.toArguments({ ...proof, ...change });
  const [first, ...rest] = proof.public_inputs;
  const refusals = [
    [{ version: 9 }, /version 9/],
    [{ version: undefined }, /version undefined/],
    [{ vk_sha256: "00".repeat(32) }, /another key/],
    [{ public_inputs: Array(proof.public_inputs.length) }, /32 bytes/],
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
    const words = [...proof.public_inputs];
    words[description.layout.ports.find((p) => p.role === "input").start ?? 0] = word(beyond);
    assert.throws(changed({ public_inputs: words }), { name: "MalformedProofFile" });
    assert.throws(() => model.encodeInput([1n]), /takes/);
    const one = Array(model.input.count).fill(-model.input.zero);
    one[one.length - 1] = (1n << BigInt(model.input.bits)) - model.input.zero;
    assert.throws(() => model.encodeInput(one), /outside its format/);
    for (const strange of [undefined, NaN, 0, "0", null]) {
      assert.throws(() => model.encodeInput(Array(model.input.count).fill(strange)), { name: "TypeError" });
    }
    assert.throws(() => model.encodeInput(Array(model.input.count)), /element 0 is no bigint/);
  }
}

async function checkCalls(model, description, proof) {
  const { abi } = model;
  const says = (functionName, result) => encodeFunctionResult({ abi, functionName, result });
  const asked = (answer) => chain((data) => {
    assert.equal(data, description.fixture.calldata);
    return answer;
  });
  assert.equal(await model.verify(asked(says("verify", true)), address, proof), true);
  assert.equal(await model.verify(asked(says("verify", false)), address, proof), false);
  const key = (result) => chain(() => says("VK_SHA256", result));
  assert.equal(await model.isThisModel(key("0x" + model.vkSha256), address), true);
  assert.equal(await model.isThisModel(key("0x" + "00".repeat(32)), address), false);
}

async function checkReasons(model, description, proof) {
  const { abi } = model;
  const [yes, no] = [true, false].map((result) => encodeFunctionResult({ abi, functionName: "verify", result }));
  // The first answer is verify's, the second verifyOrRevert's.
  const ask = (answer, then) => {
    const client = chain((data) => (data === description.fixture.calldata ? answer : then()));
    return model.verifyOrRevert(client, address, proof);
  };
  const error = (errorName) => reverts(encodeErrorResult({ abi, errorName }));
  const words = reverts(encodeErrorResult({ abi: [{ type: "error", name: "Error", inputs: [{ type: "string" }] }], errorName: "Error", args: ["paused"] }));
  await ask(yes, () => assert.fail("asked for a reason"));
  await assert.rejects(ask(no, error("ProofRejected")), { name: "Rejected", reason: "ProofRejected" });
  await assert.rejects(ask(no, error("VerifierOutOfGas")), (e) => model.errorName(e) === "VerifierOutOfGas");
  await assert.rejects(ask(no, words), (e) => e.name !== "Rejected" && model.errorName(e) === "Error");
  await assert.rejects(ask(no, reverts("0x")), (e) => model.errorName(e) === undefined);
  await assert.rejects(ask(no, () => "0x"), /gives no reason/);
  for (const nothing of ["0x", "0x01", word(2n), word(1n << 255n)]) {
    await assert.rejects(ask(nothing, () => "0x"), (e) => e.name !== "Rejected", nothing);
  }
}

for (const folder of process.argv.slice(2)) {
  const model = await import(pathToFileURL(`${folder}/client.js`).href);
  const description = read(`${folder}/description.json`);
  const proof = read(`${folder}/proof.json`);
  checkArguments(model, description, proof);
  checkRefusals(model, description, proof);
  await checkCalls(model, description, proof);
  await checkReasons(model, description, proof);
  if (model.scores) {
    const output = description.fixture.arguments.output.map((v) => Number(v) * description.layout.ports.find((p) => p.role === "output").scale);
    assert.deepEqual(model.scores(model.readClaim(proof)), output);
  }
  console.log(`ok ${folder}`);
}
