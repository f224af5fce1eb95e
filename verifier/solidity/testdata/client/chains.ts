// Compiled beside an exported client, and never run: clients of viem for chains whose blocks
// and transactions have types of their own, with the methods that their chains add.
import { createClient, createPublicClient, createWalletClient, http, parseEventLogs, publicActions } from "viem";
import type { Address, Hex, Log, PublicClient } from "viem";
import type { CeloTransactionRequest } from "viem/celo";
import { base, celo, mainnet, optimism, zksync } from "viem/chains";
import { publicActionsL1, publicActionsL2, walletActionsL1, walletActionsL2 } from "viem/op-stack";
import { eip712WalletActions, publicActionsL2 as zksyncL2 } from "viem/zksync";
import { abi, consumerAbi, isThisModel, submission, verify, verifyOrRevert } from "./client.js";
import type { Arguments, ProofFile, Reader } from "./client.js";

const transport = http();
const account = "0x00000000000000000000000000000000000000bb" satisfies Address;

async function ask(client: Reader, address: Address, file: ProofFile): Promise<boolean> {
  await verifyOrRevert(client, address, file);
  return (await isThisModel(client, address)) && verify(client, address, file);
}

export async function readers(address: Address, file: ProofFile): Promise<void> {
  await ask(createPublicClient({ transport }), address, file);
  await ask(createPublicClient({ chain: mainnet, transport }).extend(publicActionsL1()), address, file);
  await ask(createPublicClient({ chain: base, transport }), address, file);
  await ask(createPublicClient({ chain: base, transport }).extend(publicActionsL2()), address, file);
  await ask(createPublicClient({ chain: optimism, transport }), address, file);
  await ask(createPublicClient({ chain: optimism, transport }).extend(publicActionsL2()), address, file);
  await ask(createPublicClient({ chain: celo, transport }), address, file);
  await ask(createPublicClient({ chain: zksync, transport }), address, file);
  await ask(createPublicClient({ chain: zksync, transport }).extend(zksyncL2()), address, file);
  await ask(createClient({ chain: celo, transport }).extend(publicActions), address, file);
  await ask(createWalletClient({ chain: zksync, transport }).extend(publicActions), address, file);
  await ask({ readContract: async () => true }, address, file);
  // @ts-expect-error: it has no readContract.
  await ask(createWalletClient({ chain: base, transport }), address, file);
  // @ts-expect-error: its readContract wants more than it is given.
  await ask({ readContract: async (call: { blockNumber: bigint }) => call.blockNumber }, address, file);
}

export async function submits(consumer: Address, file: ProofFile): Promise<readonly Hex[]> {
  const call = submission(consumer, file);
  await createPublicClient({ chain: base, transport }).simulateContract({ ...call, account });
  const celoClient = createPublicClient({ chain: celo, transport });
  const { request } = await celoClient.simulateContract({ ...call, account });
  const wallet = createWalletClient({ account, chain: celo, transport });
  const fees: Pick<CeloTransactionRequest, "feeCurrency"> = { feeCurrency: account };
  return [
    await wallet.writeContract(request),
    await wallet.writeContract({ ...call, ...fees }),
    await createWalletClient({ account, chain: mainnet, transport }).extend(walletActionsL1()).writeContract(call),
    await createWalletClient({ account, chain: optimism, transport }).extend(walletActionsL2()).writeContract(call),
    await createWalletClient({ account, chain: zksync, transport }).extend(eip712WalletActions()).writeContract(call),
    await createWalletClient({ transport }).writeContract({ ...call, account, chain: base }),
  ];
}

// What viem's own types make of both ABIs.
export async function typed(client: PublicClient, address: Address, args: Arguments, logs: Log[]): Promise<readonly Address[]> {
  const holds: boolean = await client.readContract({ address, abi, functionName: "verify", args });
  const model: Address = await client.readContract({ address, abi: consumerAbi, functionName: "model" });
  // @ts-expect-error: the example has no such method.
  await client.readContract({ address, abi: consumerAbi, functionName: "verify", args });
  const senders = parseEventLogs({ abi: consumerAbi, eventName: "Accepted", logs }).map((log) => log.args.sender);
  return holds ? [model, ...senders] : [];
}
