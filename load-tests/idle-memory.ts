/**
 * `npm run idle-memory -- --sockets 10000 --data DIR [--gateway gateway-1]`: measures the memory of a joined idle
 * socket in a gateway, as the growth of resident memory. Each socket has its own user. Connects to one gateway's port,
 * from several source addresses. Linux only.
 */
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { LOBBY } from "../shared/limits.ts";
import { findCluster } from "./cluster.ts";
import { createDecoder } from "./decode.ts";
import { type Client, openClient } from "./driver.ts";
import { describeMachine } from "./machine.ts";
import { optionsOrLeave } from "./options.ts";
import { mintUsers } from "./support/commands.ts";
import { startLocalCluster } from "./support/local-cluster.ts";

const values = optionsOrLeave({ sockets: 10_000, warm: 500 }, { data: undefined, gateway: "gateway-1" });
/** Sockets connecting at a time, and the pause between, because a listen queue has room for a few hundred. */
const ABREAST = 50;
const PAUSE_MS = 10;
/** Keeps every source address far below its 28,000 ports. */
const PER_ADDRESS = 5_000;
/** Long enough for presence and garbage collection to settle. */
const SETTLE_MS = 15_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function measure(data: string | undefined): Promise<void> {
  const { processes } = await findCluster(data);
  const gateway = processes.find(({ name }) => name === values.gateway);
  if (!gateway) throw new Error(`no ${values.gateway} runs`);
  const clients: Client[] = [];
  let closed = 0;
  const decode = createDecoder();
  const total = values.warm + values.sockets;
  const users = await mintUsers(data, total);

  const open = async (index: number): Promise<void> => {
    const token = users[index]?.accessToken ?? "";
    const client = await openClient({
      address: { host: "127.0.0.1", port: gateway.port },
      localAddress: `127.0.1.${1 + Math.floor(index / PER_ADDRESS)}`,
      token,
      room: LOBBY,
      decode,
      hear: () => undefined,
      closed: () => closed++,
    });
    clients.push(client);
  };
  const openTo = async (count: number): Promise<void> => {
    while (clients.length < count) {
      const from = clients.length;
      const abreast = Math.min(ABREAST, count - from);
      await Promise.all(Array.from({ length: abreast }, (_, index) => open(from + index)));
      await wait(PAUSE_MS);
    }
  };

  // The first sockets also cost compiled code and permanent buffers, so they are not part of the growth.
  await openTo(values.warm);
  await wait(SETTLE_MS);
  const before = residentKiB(gateway.pid);
  await openTo(total);
  await wait(SETTLE_MS);
  const after = residentKiB(gateway.pid);
  const each = (after - before) / values.sockets;
  say(`${values.gateway} grew from ${before} to ${after} KiB with ${values.sockets} joined idle sockets`);
  say(`${each.toFixed(2)} KiB each; ${closed} of them were closed`);
  say(describeMachine());
  process.exitCode = closed === 0 && Number.isFinite(each) ? 0 : 1;
  for (const client of clients) client.close();
}

function residentKiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

const own = values.data ? undefined : await startLocalCluster();
try {
  await measure(own?.data ?? values.data);
} finally {
  await own?.stop();
}
