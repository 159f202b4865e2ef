/**
 * `npm run many-rooms -- --rooms 5000 [--data DIR]`: opens this many rooms for the first time within five seconds, with
 * a member in each, and then empties Redis. Checks that no gateway restarts, no socket is closed, every room is joined,
 * or accepts a message again, within 15 s, and the archive has each acknowledged message once. Without `--data` it starts a cluster of its own. Exit code 1 if a
 * promise was broken.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { addressOf, findCluster, readBackends } from "./cluster.ts";
import { createRoom } from "./history.ts";
import { describeMachine } from "./machine.ts";
import { optionsOrLeave } from "./options.ts";
import { countMessages } from "./queries.ts";
import { createMembers } from "./room-members.ts";
import { mintUsers, runCommand } from "./support/commands.ts";
import { startLocalCluster } from "./support/local-cluster.ts";
import { askRedis } from "./support/redis-command.ts";

const values = optionsOrLeave({ rooms: 5_000 }, { data: undefined });
/** The number of rooms that one user may create. */
const ROOMS_EACH = 10;
const CREATED_ABREAST = 16;
const OPENED_WITHIN_MS = 5_000;
const PROMISED_MS = 15_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

async function measure(data: string | undefined): Promise<boolean> {
  const before = await findCluster(data);
  const address = addressOf(before.url);
  const mark = randomBytes(3).toString("hex");
  const names = Array.from({ length: values.rooms }, (_, n) => `many-${mark}-${n}`);
  const users = await mintUsers(data, Math.ceil(names.length / ROOMS_EACH));
  await abreast(CREATED_ABREAST, names, (name, n) =>
    createRoom(before.url, users[Math.floor(n / ROOMS_EACH)]?.accessToken ?? "", name),
  );
  say(`${names.length} rooms that nobody has opened yet`);

  const tokens = names.map((_, n) => users[Math.floor(n / ROOMS_EACH)]?.accessToken ?? "");
  const members = createMembers(address, names, tokens);
  const joined = await timed(() =>
    Promise.all(names.map((_, n) => members.join(n, (OPENED_WITHIN_MS * n) / names.length))),
  );
  say(`all joined after ${seconds(joined)}, with ${members.tries()} tries for ${names.length} rooms`);

  const talked = await timed(() => Promise.all(names.map((_, n) => members.talk(n, `before-${n}`))));
  say(`a message in each after ${seconds(talked)}`);
  const { redisUrl } = readBackends(data);
  const again = await timed(async () => {
    await askRedis(redisUrl, "FLUSHALL");
    await Promise.all(names.map((_, n) => members.talk(n, `after-${n}`)));
  });
  say(`Redis emptied under them: all took a message again after ${seconds(again)}`);
  const closed = members.closes();
  members.leave();

  const pids = (cluster: typeof before): string =>
    cluster.processes.map(({ name, pid }) => `${name} ${pid}`).join();
  const restarted = pids(before) !== pids(await findCluster(data));
  const wrong = await archiveFaults(data, names);
  const verdicts: [isKept: boolean, promise: string][] = [
    [joined <= PROMISED_MS, `all joined within ${seconds(PROMISED_MS)}: ${seconds(joined)}`],
    [again <= PROMISED_MS, `all take messages again within ${seconds(PROMISED_MS)}: ${seconds(again)}`],
    [closed.length === 0, `no socket is closed: ${closed.length}${codesOf(closed)}`],
    [!restarted, "no process ends"],
    [wrong.length === 0, `the archive has each message once${wrong.map((words) => `; ${words}`).join("")}`],
  ];
  for (const [isKept, promise] of verdicts) say(`${isKept ? "ok    " : "BROKEN"} ${promise}`);
  say(describeMachine());
  return verdicts.every(([isKept]) => isKept);
}

/** Waits for the worker. @returns the faults of the rooms' messages in PostgreSQL, in words. */
async function archiveFaults(data: string | undefined, rooms: string[]): Promise<string[]> {
  const { databaseUrl } = readBackends(data);
  const expected = 2 * rooms.length;
  let found = await countMessages(databaseUrl, rooms);
  for (let tries = 0; found.messages < expected && tries < 50; tries++) {
    await sleep(200);
    found = await countMessages(databaseUrl, rooms);
  }
  const wrong: string[] = [];
  if (found.messages !== expected || found.distinct !== expected)
    wrong.push(`${found.messages} rows and ${found.distinct} different ones instead of ${expected}`);
  try {
    await runCommand("verify", ["--json"], { data });
  } catch (error) {
    wrong.push((error as Error).message.trim().split("\n").at(-1) ?? "");
  }
  return wrong;
}

function codesOf(closes: number[]): string {
  const counts = [...Map.groupBy(closes, (code) => code)].map(([code, all]) => `${all.length} with ${code}`);
  return counts.length === 0 ? "" : ` (${counts.join(", ")})`;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function abreast<T>(
  count: number,
  items: T[],
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const left = items.entries();
  await Promise.all(
    Array.from({ length: count }, async () => {
      for (const [index, item] of left) await work(item, index);
    }),
  );
}

const own = values.data ? undefined : await startLocalCluster();
try {
  if (!(await measure(own?.data ?? values.data))) process.exitCode = 1;
} finally {
  await own?.stop();
}
