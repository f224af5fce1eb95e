// A page with an exported client, as Vite's template for TypeScript has it.
import { createPublicClient, custom, decodeFunctionData, encodeFunctionData, encodeFunctionResult } from "viem";
import { abi, readClaim, submission, verify } from "./client";
import proof from "./proof.json";

const address = "0x00000000000000000000000000000000000000aa";
const asked: string[] = [];
const client = createPublicClient({
  transport: custom({
    async request({ params }: { params: [{ data: `0x${string}` }] }) {
      asked.push(decodeFunctionData({ abi, data: params[0].data }).functionName);
      return encodeFunctionResult({ abi, functionName: "verify", result: true });
    },
  }),
});

async function show() {
  return {
    holds: await verify(client, address, proof),
    asked,
    claim: Object.keys(readClaim(proof)),
    submission: encodeFunctionData(submission(address, proof)),
  };
}

Object.assign(globalThis, { shown: show() });
