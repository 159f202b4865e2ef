/**
 * `npm run room-memory -- --rooms 1000 --messages 100 --rate 200 --seconds 130 [--data DIR]`: measures the memory of
 * rooms with members, and the additional memory of one that is busy for this long: resident memory of one gateway, and
 * the memory that Redis uses. Connects to one gateway's port. Without `--data` it starts a cluster of its own. Linux
 * only.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { findCluster, readBackends } from "./cluster.ts";
import { createDecoder } from "./decode.ts";
import { type Client, openClient } from "./driver.ts";
import { createRoom } from "./history.ts";
import { describeMachine } from "./machine.ts";
import { mintUsers } from "./support/commands.ts";
import { startLocalCluster } from "./support/local-cluster.ts";
import { askRedis } from "./support/redis-command.ts";

const { values } = parseArgs({
  options: {
    rooms: { type: "string", default: "1000" },
    messages: { type: "string", default: "100" },
    rate: { type: "string", default: "200" },
    seconds: { type: "string", default: "130" },
    data: { type: "string" },
    gateway: { type: "string", default: "gateway-1" },
  },
});
const [rooms, messages, rate, seconds] = [values.rooms, values.messages, values.rate, values.seconds].map(
  Number,
) as [number, number, number, number];
/** The number of rooms that one user may create, and that one socket joins. */
const ROOMS_EACH = 10;
/** The number of messages written before waiting for their acknowledgements; a socket may have 256 frames waiting. */
const ABREAST = 100;
/** Long enough for the worker to write, and for a garbage collection. */
const SETTLE_MS = 15_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** A user in some rooms, with the number of acknowledged messages. */
type Talker = { client: Client; rooms: string[]; acknowledged: number };

async function measure(data: string | undefined): Promise<void> {
  const { url, processes } = await findCluster(data);
  const gateway = processes.find(({ name }) => name === values.gateway);
  if (!gateway) throw new Error(`no ${values.gateway} runs`);
  const { redisUrl } = readBackends(data);
  const mark = randomBytes(3).toString("hex");
  const users = await mintUsers(data, Math.ceil(rooms / ROOMS_EACH));
  const talkers: Talker[] = [];
  const closes: number[] = [];

  const report = async (what: string): Promise<void> => {
    await wait(SETTLE_MS);
    const used = /used_memory:(\d+)/.exec(await askRedis(redisUrl, "INFO", "memory"))?.[1];
    const [resident, redis] = [residentKiB(gateway.pid) / 1_024, Number(used) / 2 ** 20];
    say(`${what}: ${values.gateway} ${resident.toFixed(1)} MiB, Redis ${redis.toFixed(1)} MiB`);
  };
  const open = async ({ accessToken }: { accessToken: string }, index: number): Promise<void> => {
    const own = Math.min(ROOMS_EACH, rooms - index * ROOMS_EACH);
    const names = Array.from({ length: own }, (_, room) => `memory-${mark}-${index}-${room}`);
    for (const name of names) await createRoom(url, accessToken, name);
    const talker: Talker = { client: undefined as never, rooms: names, acknowledged: 0 };
    talker.client = await openClient({
      address: { host: "127.0.0.1", port: gateway.port },
      token: accessToken,
      room: names[0] ?? "",
      decode: createDecoder(),
      hear: (frame) => {
        if (frame.type === "ack") talker.acknowledged++;
      },
      closed: (code) => closes.push(code),
    });
    for (const room of names.slice(1)) talker.client.frame({ type: "join", room });
    talkers.push(talker);
  };
  /** Waits until the talker has this many acknowledgements. */
  const heard = async (talker: Talker, count: number): Promise<void> => {
    while (talker.acknowledged < count) {
      if (closes.length > 0) throw new Error(`a talker was closed with ${closes[0]}`);
      await wait(10);
    }
  };
  const talk = async (talker: Talker): Promise<void> => {
    for (let sent = 0; sent < messages * talker.rooms.length; ) {
      for (let n = 0; n < ABREAST && sent < messages * talker.rooms.length; n++, sent++) {
        const room = talker.rooms[sent % talker.rooms.length] ?? "";
        talker.client.frame({ type: "send", room, clientId: `m${sent}`, text: `what is said ${sent}` });
      }
      await heard(talker, sent);
    }
  };

  await report("before");
  for (const [index, user] of users.entries()) await open(user, index);
  await report(`${rooms} rooms that people are in`);
  for (const talker of talkers) await talk(talker);
  await report(`${messages} messages in each`);
  const [busy] = talkers;
  const began = performance.now();
  for (let sent = 0; busy && sent < rate * seconds; sent++) {
    while (performance.now() - began < (sent * 1_000) / rate) await wait(5);
    busy.client.send(`busy${sent}`, `what is said ${sent}`);
  }
  await report(`one of them at ${rate} messages/s for ${seconds} s`);
  await wait(seconds * 1_000);
  await report(`silent for ${seconds} s`);
  for (const { client } of talkers) client.close();
  say(describeMachine());
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
