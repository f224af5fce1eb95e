// Checks exported clients: node check.mjs CLIENT FOLDER..., each with the file CLIENT (its
// source, or what was made of it), description.json and proof.json, beside vectors.json, the
// known answers. The chain is a function in their place.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { createPublicClient, custom, decodeFunctionData, encodeErrorResult, encodeFunctionData, encodeFunctionResult } from "viem";

const address = "0x00000000000000000000000000000000000000aa";
const read = (path) => JSON.parse(readFileSync(path, "utf8"));

// chain answers eth_call with what answer makes of the calldata. A revert is asked for once:
// viem would wait and ask again.
const chain = (answer) => {
  const request = async ({ method, params }) => {
    assert.equal(method, "eth_call");
    return answer(params[0].data);
  };
  return createPublicClient({ transport: custom({ request }, { retryCount: 0 }) });
};

const reverts = (data) => () => {
  throw Object.assign(new Error("execution reverted"), { code: 3, data });
};

function checkArguments(model, description, proof) {
  const args = model.toArguments(proof);
  const check = (parameter, value) => {
    if (parameter.components) return parameter.components.forEach((c) => check(c, value[c.name]));
    const wanted = description.fixture.arguments[parameter.name];
    if (Array.isArray(value)) assert.deepEqual(value, wanted.map(BigInt), parameter.name);
    else assert.equal(value, typeof value === "bigint" ? BigInt(wanted) : wanted, parameter.name);
  };
  description.abi.find((e) => e.name === "verify").inputs.forEach((parameter, i) => check(parameter, args[i]));
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
  for (const port of description.layout.ports.filter((p) => p.role === "input" && p.visibility === "public")) {
    const beyond = BigInt(proof.public_inputs[port.start]) | (1n << 253n);
    const words = [...proof.public_inputs];
    words[port.start] = word(beyond);
    assert.throws(changed({ public_inputs: words }), { name: "MalformedProofFile" });
  }
  for (const port of description.layout.ports.filter((p) => p.role === "output" && /scores|class/.test(p.visibility))) {
    const words = [...proof.public_inputs];
    words[port.start] = word((1n << BigInt(port.bits)) - BigInt(port.zero ?? 0));
    assert.throws(changed({ public_inputs: words }), { name: "MalformedProofFile", message: /outside its format/ });
  }
}

// A file may repeat its arguments; those that say another thing are refused.
function checkRepeated(model, proof) {
  const { arguments: given, ...without } = proof;
  assert.ok(given, "the proof's file repeats no arguments");
  assert.deepEqual(model.toArguments(without), model.toArguments(proof));
  const refuses = (args) =>
    assert.throws(() => model.toArguments({ ...proof, arguments: args }), { name: "MalformedProofFile", message: /its arguments differ/ });
  const refused = (change) => {
    const changed = structuredClone(given);
    change(changed);
    refuses(changed);
  };
  const fields = (list) => list[0].components ?? list;
  for (let i = 0; i < fields(given).length; i++) {
    refused((list) => { fields(list)[i].name += "x"; });
    refused((list) => { fields(list)[i].type = "string"; });
    refused((list) => { delete fields(list)[i].value; });
    refused((list) => { fields(list)[i].value = [fields(list)[i].value].flat().map((v) => v + "1"); });
    refused((list) => { fields(list)[i].value = [fields(list)[i].value].flat().slice(1); });
    refused((list) => { fields(list).splice(i, 1); });
  }
  refused((list) => { list.at(-1).value += "00"; });
  refused((list) => { list.push(list.at(-1)); });
  for (const strange of [null, 1, "x", {}, [], [null], given.map(() => null), given.map((a) => [a])]) refuses(strange);
}

// The example contract is called with the arguments of verify, and its errors, and the model's
// that it passes on, have names.
function checkConsumer(model, description, proof) {
  const call = model.submission(address, proof);
  assert.equal(call.address, address);
  const data = encodeFunctionData(call);
  assert.equal(data.slice(10), description.fixture.calldata.slice(10));
  assert.deepEqual(decodeFunctionData({ abi: model.consumerAbi, data }), { functionName: "submit", args: call.args });
  const errors = (abi) => abi.filter((e) => e.type === "error").map((e) => e.name);
  const own = errors(model.consumerAbi).filter((name) => !errors(model.abi).includes(name));
  assert.deepEqual(errors(model.consumerAbi), [...own, ...errors(model.abi)]);
  assert.ok(own.includes(description.layout.ports.some((p) => p.role === "context") ? "WrongContext" : "AlreadyUsed"));
}

// Values by name: what the client writes is what the proof's words say, and what has no
// name, or no place in a format, is refused.
function checkNames(model, description, proof) {
  const ports = (role) => description.layout.ports.filter((p) => p.role === role);
  assert.deepEqual(Object.keys(model.inputs), ports("input").map((p) => p.name));
  assert.deepEqual(Object.keys(model.outputs), ports("output").map((p) => p.name));
  for (const port of [...ports("input"), ...ports("output")]) {
    const { texts } = (port.role === "input" ? model.inputs : model.outputs)[port.name];
    const wanted = port.texts && Object.fromEntries(port.texts.map(({ number, text }) => [number, text]));
    assert.deepEqual(texts, wanted);
  }
  const single = ports("input").length === 1;
  const write = (name, values) => (single ? model.encodeInput(values) : model.encodeInput(name, values));
  const claim = model.readClaim(proof);
  for (const port of ports("input")) {
    const format = model.inputs[port.name];
    assert.equal(format.shown, port.visibility);
    if (port.visibility !== "public") {
      if (model.encodeInput) assert.throws(() => write(port.name, [1n]), /is private/);
      continue;
    }
    const values = port.elements ? packed(port, format.count, claim[format.argument]) : spread(format, claim[format.argument]);
    assert.equal(write(port.name, values), claim[format.argument]);
    assert.throws(() => write(port.name, [...values, 1n]), /takes/);
    const elements = elementsOf(port, format.count);
    for (const i of [0, format.count - 1]) {
      const one = elements.map((e) => -e.zero);
      one[i] = (1n << BigInt(elements[i].bits)) - elements[i].zero;
      assert.throws(() => write(port.name, one), /outside its format/);
      one[i] = -1n - elements[i].zero;
      assert.throws(() => write(port.name, one), /outside its format/);
    }
    for (const strange of [undefined, NaN, 0, "0", null]) {
      assert.throws(() => write(port.name, Array(format.count).fill(strange)), { name: "TypeError" });
    }
    assert.throws(() => write(port.name, Array(format.count)), /element 0 is not a bigint/);
  }
  for (const strange of ["no such", "toString", "", "constructor", "valueOf"]) {
    if (ports("input").some((port) => port.name === strange)) continue;
    if (!single && model.encodeInput) assert.throws(() => model.encodeInput(strange, [1n]), /among the model's/);
  }
  for (const port of ports("output")) checkOutput(model, port, claim, ports("output").length === 1);
}

// The formats of an input's elements, as the layout has them.
function elementsOf(port, count) {
  return Array.from({ length: count }, (_, i) => {
    const { bits, zero, scale, missing } = port.elements ? port.elements[i % port.elements.length] : port;
    return { bits, zero: BigInt(zero ?? 0), scale, missing: missing === undefined ? undefined : BigInt(missing) };
  });
}

// The integers in bytes of which each element takes as many.
function spread(format, text) {
  const size = 2 * format.bytes;
  return Array.from({ length: format.count }, (_, i) => BigInt("0x" + text.slice(2 + i * size, 2 + (i + 1) * size)) - format.zero);
}

// The integers in words of which each element takes its own bits.
function packed(port, count, text) {
  let [word, at] = [0, 0];
  return elementsOf(port, count).map(({ bits, zero }) => {
    if (at + bits > 253) [word, at] = [word + 1, 0];
    const digits = BigInt("0x" + text.slice(2 + 64 * word, 2 + 64 * (word + 1))).toString(2).padStart(256, "0");
    const digit = digits.slice(256 - at - bits, 256 - at);
    at += bits;
    return BigInt("0b0" + digit) - zero;
  });
}

// Real numbers become integers as zkml rounds them; what is missing has an integer, or is refused.
function checkReals(model, description) {
  for (const port of description.layout.ports.filter((p) => p.role === "input")) {
    const elements = elementsOf(port, model.inputs[port.name].count);
    const top = (e) => (1n << BigInt(e.bits)) - 1n - e.zero;
    const numbers = elements.map((e) => [e.missing === -e.zero ? 1n - e.zero : -e.zero, e.missing === top(e) ? top(e) - 1n : top(e)]);
    const from = (of) => model.fromReals(port.name, elements.map(of));
    assert.deepEqual(from((e, i) => Number(numbers[i][0]) * e.scale), numbers.map(([lowest]) => lowest));
    if (port.type !== "integer" && port.type !== "boolean") {
      assert.deepEqual(from(() => -Infinity), numbers.map(([lowest]) => lowest));
      assert.deepEqual(from(() => 1e300), numbers.map(([, highest]) => highest));
      const near = (e, i) => (Number(numbers[i][0]) + (e.bits > 1 ? 1 : 0) - 0.5) * e.scale;
      const exact = elements.every((e) => (e.bits < 50 || e.zero < 1n << 50n) && Number.isInteger(Math.log2(e.scale)));
      if (exact) assert.deepEqual(from(near), numbers.map(([lowest], i) => lowest + (elements[i].bits > 1 ? 1n : 0n)));
    } else assert.throws(() => from(() => 0.5), /not an integer from/);
    for (const nothing of [null, NaN]) {
      elements.forEach((e, i) => {
        const one = () => from((o, k) => (k === i ? nothing : Number(numbers[k][0]) * o.scale))[i];
        if (e.missing === undefined) assert.throws(one, /has no integer for that/);
        else assert.equal(one(), e.missing);
      });
    }
    assert.throws(() => model.fromReals(port.name, [...elements.map(() => 0), 0]), /takes/);
  }
}

function checkOutput(model, port, claim, single) {
  const { argument, scale, shown } = model.outputs[port.name];
  assert.equal(shown, port.visibility);
  if (single) {
    if (model.scores) assert.deepEqual(model.scores(claim), claim.output.map((v) => Number(v) * port.scale));
    assert.equal(Boolean(model.integersOf), Boolean(port.type));
    if (port.type) assert.equal(model.integersOf(claim), claim.output);
    return;
  }
  const readers = { scores: model.scores, class: model.classes, whole: model.integersOf };
  const want = {
    scores: () => claim[argument].map((v) => Number(v) * scale), class: () => [claim[argument]].flat(),
    whole: () => claim[argument],
  };
  for (const [way, reader] of Object.entries(readers)) {
    if (!reader) continue;
    if (shown === "scores" && (way === "scores" || way === "whole") && (way === "whole") !== Boolean(port.type)) {
      assert.throws(() => reader(claim, port.name), /read it with/);
    } else if (way === shown || way === "whole" && port.type) assert.deepEqual(reader(claim, port.name), want[way]());
    else assert.throws(() => reader(claim, port.name), /is shown by its/);
    assert.throws(() => reader(claim, "no such"), /among the model's/);
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
  // a client need not be viem's
  const readContract = async (call) => (call.functionName === "verify" ? true : "0x" + model.vkSha256);
  assert.equal(await model.verify({ readContract }, address, proof), true);
  assert.equal(await model.isThisModel({ readContract }, address), true);
  for (const strange of [undefined, null, 1, 1n, "true", {}]) {
    await assert.rejects(model.verify({ readContract: async () => strange }, address, proof), { name: "TypeError" });
  }
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

// Known answers, which docs/vectors.md describes: the client's own arithmetic comes to them.
const vectors = read("vectors.json");
const used = { widths: new Set(), commitments: 0 };

function checkVectors(model, folder) {
  const numbers = (list) => list.map(BigInt);
  const has = (elements) => model.widths.includes([4, 8, 12].find((w) => elements < w) ?? 16);
  const formatOf = ({ format: f }) => {
    const format = { ...f, zero: BigInt(f.zero) };
    if (f.elements) format.elements = f.elements.map((e) => ({ ...e, zero: BigInt(e.zero) }));
    return format;
  };
  for (const v of vectors.permutations.filter((v) => model.widths.includes(v.width))) {
    assert.deepEqual(model.permute(numbers(v.in)), numbers(v.out));
    used.widths.add(v.width);
  }
  for (const v of vectors.tags) assert.equal(model.tagOf(v.domain, v.elements), BigInt(v.tag));
  for (const v of vectors.packings) {
    assert.deepEqual(model.pack(formatOf(v), numbers(v.values)), numbers(v.words));
  }
  const hashes = [
    ...vectors.hashes,
    ...vectors.messages.map((v) => ({ domain: v.domain, elements: v.tensor.words, hash: v.message })),
    ...vectors.commitments.map((v) => ({
      domain: v.domain,
      elements: [v.salt, ...(v.words ?? v.tensors.flatMap((t) => t.words))],
      hash: v.commitment,
    })),
  ];
  for (const v of hashes.filter((v) => has(v.elements.length))) {
    assert.equal(model.hash(v.domain, numbers(v.elements)), BigInt(v.hash));
  }
  const c = vectors.challenge;
  if (has(5)) {
    const full = model.hash("zkml input signature v1", numbers([...c.r, ...c.key, c.message]));
    assert.equal(full & ((1n << 128n) - 1n), BigInt(c.challenge));
  }
  assert.throws(() => model.hash("x", []), /nothing to hash/);
  if (/^v/.test(folder)) checkCommitment(model, vectors.commitments[Number(folder.slice(1))]);
}

function checkCommitment(model, v) {
  const values = Object.fromEntries(v.tensors.map((t) => [t.format.name, t.values.map(BigInt)]));
  const [argument] = Object.keys(model.commitments);
  assert.equal(model.commitments[argument].domain, v.domain);
  assert.equal(model.commitmentTo(argument, values, v.salt), v.commitment);
  const [first] = Object.keys(values);
  assert.throws(() => model.commitmentTo(argument, { ...values, strange: [1n] }, v.salt), /does not cover/);
  assert.throws(() => model.commitmentTo(argument, {}, v.salt), /are missing/);
  assert.throws(() => model.commitmentTo("strange", values, v.salt), /no "strange"/);
  assert.throws(() => model.commitmentTo(argument, values, "0x" + "ff".repeat(32)), /below the field/);
  const other = { ...values, [first]: [...values[first]] };
  other[first][0] += 1n;
  assert.notEqual(model.commitmentTo(argument, other, v.salt), v.commitment);
  used.commitments++;
}

const [file, ...folders] = process.argv.slice(2);
for (const folder of folders) {
  const model = await import(pathToFileURL(`${folder}/${file}`).href);
  const description = read(`${folder}/description.json`);
  const proof = read(`${folder}/proof.json`);
  checkArguments(model, description, proof);
  checkRefusals(model, description, proof);
  checkRepeated(model, proof);
  checkConsumer(model, description, proof);
  checkNames(model, description, proof);
  if (model.fromReals) checkReals(model, description);
  if (model.hash) checkVectors(model, folder);
  await checkCalls(model, description, proof);
  await checkReasons(model, description, proof);
  console.log(`ok ${folder}`);
}
if (folders.some((folder) => /^v/.test(folder))) {
  // a client for each known commitment is here: no known answer stays unasked
  assert.deepEqual([...used.widths].sort((a, b) => a - b), [4, 8, 12, 16]);
  assert.equal(used.commitments, vectors.commitments.filter((v) => v.tensors).length);
}
