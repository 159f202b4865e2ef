/**
 * `npm run follow -- --users 10000 --rooms 500 --each 50 --rate 10 [--seconds 20] [--data DIR]`: this many users, each on a socket in the
 * lobby, follow rooms of which one is busy. Prints processor time of the processes, and frames and bytes of a socket, before they follow and
 * in three states after it. Without `--data` it starts a cluster of its own. Exit code 1 if a socket was closed or a count is wrong.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { LOBBY, UNREAD_MAX } from "../shared/limits.ts";
import type { Heads } from "../shared/server-frames.ts";
import { readUse } from "./bench/processes.ts";
import { findCluster } from "./cluster.ts";
import { type Crowd, openCrowd } from "./follow-crowd.ts";
import { createRoom } from "./history.ts";
import { describeMachine } from "./machine.ts";
import { optionsOrLeave } from "./options.ts";
import { mintUsers } from "./support/commands.ts";
import { startLocalCluster } from "./support/local-cluster.ts";

const options = { users: 10_000, rooms: 500, each: 50, rate: 10, seconds: 20 };
const values = optionsOrLeave(options, { data: undefined });
const ROOMS_BY_ONE = 10;
const ABREAST = 50;
/** After many acts at once: presence, garbage collection, the last answers. */
const SETTLE_MS = 8_000;
/** Reads come in turns: a tenth of the users each second. */
const TURNS = 10;
const KINDS = { gateways: "gateway", Redis: "redis", worker: "worker", PostgreSQL: "postgres" };

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** @returns a function that measures a state, by its name, and says it in a line. */
function createMeter(processes: { name: string; pid: number }[], { followers, heard }: Crowd) {
  return async (state: string): Promise<void> => {
    await wait(SETTLE_MS);
    const [before, { frames, bytes }, began] = [readUse(processes), { ...heard }, performance.now()];
    await wait(values.seconds * 1_000);
    const seconds = (performance.now() - began) / 1_000;
    const after = readUse(processes);
    const shares = Object.entries(KINDS).map(([words, kind]) => {
      const names = [...after.keys()].filter((name) => name.startsWith(kind));
      const ms = names.reduce(
        (sum, name) => sum + (after.get(name)?.cpuMs ?? 0) - (before.get(name)?.cpuMs ?? 0),
        0,
      );
      return `${words} ${(ms / seconds / 10).toFixed(1)} %`;
    });
    const each = (count: number): string => (count / seconds / followers.length).toFixed(2);
    const memory = [...after].reduce(
      (sum, [name, use]) => sum + (name.startsWith("gateway") ? use.memoryKiB : 0),
      0,
    );
    say(
      `${state}: ${shares.join(", ")} of a core, gateways ${(memory / 1_024).toFixed(0)} MiB; ` +
        `a socket gets ${each(heard.frames - frames)} heads and ${each(heard.bytes - bytes)} bytes a second`,
    );
  };
}

async function follow({ followers, heard }: Crowd, rooms: string[]): Promise<void> {
  const [before, began] = [{ ...heard }, performance.now()];
  const [busy = LOBBY, ...quiet] = rooms;
  for (const [n, follower] of followers.entries()) {
    const others = Array.from({ length: values.each - 1 }, (_, k) => quiet[(n * 7 + k) % quiet.length]);
    follower.wanted = JSON.stringify({ type: "follow", rooms: [...new Set([busy, ...others])] });
    follower.send(follower.wanted);
    if (n % ABREAST === 0) await wait(5);
  }
  while (followers.some(({ last }) => last === undefined)) await wait(50);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const bytes = ((heard.bytes - before.bytes) / followers.length).toFixed(0);
  say(
    `all follow ${values.each} rooms after ${seconds} s, ${bytes} bytes for each, ${heard.refused} tries were refused`,
  );
}

async function measure(data: string | undefined): Promise<boolean> {
  const { url, processes } = await findCluster(data);
  const users = await mintUsers(data, values.users);
  const tokenOf = (index: number): string => users[index % users.length]?.accessToken ?? "";
  const mark = randomBytes(3).toString("hex");
  const rooms = Array.from({ length: values.rooms }, (_, n) => `follow-${mark}-${n}`);
  const busy = rooms[0] ?? LOBBY;
  for (const [n, room] of rooms.entries()) await createRoom(url, tokenOf(Math.floor(n / ROOMS_BY_ONE)), room);
  const ports = processes.filter(({ name }) => name.startsWith("gateway-")).map(({ port }) => port);
  const crowd = await openCrowd(values.users, ports, tokenOf);
  const { followers, heard } = crowd;
  const meter = createMeter(processes, crowd);
  const author = await crowd.open(0);
  author.send(JSON.stringify({ type: "join", room: busy }));

  let [written, turn] = [0, 0];
  const talking = setInterval(() => {
    const message = { type: "send", room: busy, clientId: `f${++written}`, text: `word ${written}` };
    author.send(JSON.stringify(message));
  }, 1_000 / values.rate);
  await meter("not following, a busy room elsewhere");
  await follow(crowd, rooms);
  const reading = setInterval(() => {
    const read = JSON.stringify({ type: "read", room: busy, seq: Number.MAX_SAFE_INTEGER });
    for (let n = turn++ % TURNS; n < followers.length; n += TURNS) followers[n]?.send(read);
  }, 1_000);
  await meter("following, each second a tenth of them reads");
  clearInterval(reading);
  await wait((1_000 * UNREAD_MAX) / values.rate);
  await meter("following, all at 99+");
  clearInterval(talking);
  await meter("following, nobody talks");

  // One of them is the author, whose own messages are not unread.
  const wrong = followers.slice(1).filter(({ last }) => unreadIn(last, busy) !== UNREAD_MAX);
  say(`${heard.closed} sockets were closed, ${wrong.length} counts are wrong`);
  say(describeMachine());
  const isRight = heard.closed === 0 && wrong.length === 0;
  for (const each of [...followers, author]) each.close();
  return isRight;
}

const unreadIn = (heads: Heads | undefined, name: string): number | undefined =>
  heads?.rooms.find(({ room }) => room === name)?.unread;

const own = values.data ? undefined : await startLocalCluster();
try {
  if (!(await measure(own?.data ?? values.data))) process.exitCode = 1;
} finally {
  await own?.stop();
}
