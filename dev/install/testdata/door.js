const assert = require("node:assert");
const { ethers } = require("hardhat");

const bytes = (text) => ethers.hexlify(ethers.toUtf8Bytes(text));

it("opens for a proof", async () => {
  const [visitor] = await ethers.getSigners();
  const registry = await ethers.deployContract("ModelRegistry");
  const door = await ethers.deployContract("Door", [registry]);
  await assert.rejects(door.visit(), /NoPass/);
  await assert.rejects(door.enter(bytes("an input"), [2], bytes("the proof")), /NotAdmitted/);
  await assert.rejects(door.enter(bytes("an input"), [3], bytes("another proof")), /InvalidProof/);
  await door.enter(bytes("an input"), [3], bytes("the proof"));
  await door.visit();
  assert.equal(await door.visits(visitor), 1n);
});

it("is found as Node finds packages", () => {
  assert(require.resolve("zkml-contracts/src/ModelRegistry.sol").endsWith("src/ModelRegistry.sol"));
  assert.throws(() => require.resolve("zkml-contracts/LICENSE"), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" });
});
