/**
 * `npm run storm -- --sockets 5000 --chatters 1000 --rate 20 [--data DIR]`
 * Cuts many joined clients off at one moment while others chat, and judges how they reconnect: all resume, without a query
 * to PostgreSQL and without a Redis script for each; the others hardly wait, and no accept queue overflows. Without `--data`
 * it starts a cluster of its own. Exit code 1 if a promise was broken. Linux only.
 */
import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { comesTrue } from "../shared/until.ts";
import { type AcceptQueue, readAcceptQueue } from "./accept-queue.ts";
import { openAudience } from "./audience.ts";
import { addressOf, type Backends, findCluster, readBackends } from "./cluster.ts";
import { createRoom } from "./history.ts";
import { describeMachine } from "./machine.ts";
import { optionsOrLeave } from "./options.ts";
import { countTransactions } from "./queries.ts";
import { createSenders } from "./senders.ts";
import type { CrowdAnswer, CrowdOrder } from "./storm-crowd.ts";
import { judgeStorm, type StoreWork } from "./storm-judge.ts";
import { mintUsers } from "./support/commands.ts";
import { startLocalCluster } from "./support/local-cluster.ts";
import { askRedis } from "./support/redis-command.ts";

const values = optionsOrLeave({ sockets: 5_000, chatters: 1_000, rate: 20 }, { data: undefined });
const CALM_MS = 10_000;
/** Presence and connection records follow in batches. */
const LEFT_MS = 1_500;
/** The time allowed for the last messages to arrive. */
const TAIL_MS = 5_000;
const NOBODY: CrowdAnswer = { recovered: 0, tries: 0, p50: 0, p99: 0, max: 0 };
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function measure(data: string | undefined): Promise<boolean> {
  const [count, chatters] = [values.sockets, values.chatters];
  const { url } = await findCluster(data);
  const address = addressOf(url);
  const backends = readBackends(data);
  const tokens = (await mintUsers(data, count + chatters)).map(({ accessToken }) => accessToken);
  const mark = randomBytes(4).toString("hex");
  const [quiet, busy] = [`storm-${mark}`, `chat-${mark}`];
  await createRoom(url, tokens[0] ?? "", quiet);
  await createRoom(url, tokens[0] ?? "", busy);

  const senders = createSenders({
    count: Math.min(20, chatters),
    messages: Number.MAX_SAFE_INTEGER,
    rate: values.rate,
  });
  const { dueAt, answered } = senders;
  const audience = await openAudience({ address, room: busy, tokens: tokens.slice(count), dueAt, answered });
  const crowd = fork(join(import.meta.dirname, "storm-crowd.ts"));
  const order = async (words: CrowdOrder): Promise<CrowdAnswer> => {
    const answered = once(crowd, "message");
    crowd.send(words);
    return (await answered)[0] as CrowdAnswer;
  };
  await order({ do: "join", address, room: quiet, tokens: tokens.slice(0, count) });
  say(`${count} clients joined ${quiet}; ${chatters} others chat at ${values.rate} messages/s`);
  void senders.run(audience.clients.map(({ send }) => send));

  const spent = createMeter(backends);
  const calm = await spent(() => wait(CALM_MS));
  const calmLatency = audience.latency.quantile(0.99);
  audience.latency.clear();
  let back = NOBODY;
  const queueBefore = readAcceptQueue();
  const storm = await spent(async () => {
    back = await order({ do: "storm" });
  });
  const stormLatency = audience.latency.quantile(0.99);
  const acceptQueue = queueSince(queueBefore);
  senders.stop();
  const { sent, refusals, complaints, acknowledged } = senders;
  const due = sent.size * chatters;
  await comesTrue(() => audience.heard().all >= due, { withinMs: TAIL_MS, everyMs: 50 });
  const heard = audience.heard().all;
  const wrong = refusals.size + complaints.length + sent.size - acknowledged();
  audience.close();
  crowd.kill();

  const latency = { storm: stormLatency, calm: calmLatency };
  report({ back, count, latency, storm, calm, acceptQueue });
  const broken = [
    ...audience.complaints,
    ...judgeStorm({
      clients: count,
      recovered: back.recovered,
      lastBackMs: back.max,
      chatP99Ms: stormLatency,
      heard,
      due,
      wrong,
      calm,
      storm,
      acceptQueue,
    }),
  ];
  for (const words of broken) say(`BROKEN ${words}`);
  if (broken.length === 0) say("ok");
  return broken.length === 0;
}

function queueSince(before: AcceptQueue): AcceptQueue {
  const { overflows, drops } = readAcceptQueue();
  return { overflows: overflows - before.overflows, drops: drops - before.drops };
}

type Found = {
  back: CrowdAnswer;
  count: number;
  /** The 99th percentiles of the others' chat, ms. */
  latency: { storm: number; calm: number };
  storm: StoreWork;
  calm: StoreWork;
  acceptQueue: AcceptQueue;
};

function report({ back, count, latency, storm, calm, acceptQueue }: Found): void {
  say(`${back.recovered} of ${count} resumed without a gap, with ${back.tries} tries`);
  say(`back after p50 ${back.p50} ms, p99 ${back.p99} ms, last ${back.max} ms`);
  say(`chat of the others: p99 ${latency.storm} ms in the storm, ${latency.calm} ms before`);
  say(`Redis: ${storm.scripts.toFixed(0)} scripts/s in the storm, ${calm.scripts.toFixed(0)} before`);
  say(`       ${storm.commands.toFixed(0)} commands/s in them, ${calm.commands.toFixed(0)} before`);
  say(
    `PostgreSQL: ${storm.transactions.toFixed(1)} transactions/s in the storm, ${calm.transactions.toFixed(1)} before`,
  );
  say(`accept queues of this machine: ${acceptQueue.overflows} overflows, ${acceptQueue.drops} drops`);
  say(`cluster and generator together on ${describeMachine()}`);
}

/** @returns a function that measures the work of the stores per second during `work` and the writes that follow it. */
function createMeter({ redisUrl, databaseUrl }: Backends) {
  /** The commands of Redis, those inside scripts included, and the calls of scripts. */
  const redisWork = async (): Promise<{ commands: number; scripts: number }> => {
    const info = await askRedis(redisUrl, "INFO", "stats", "commandstats");
    const count = (pattern: RegExp): number => Number(pattern.exec(info)?.[1] ?? 0);
    return {
      commands: count(/total_commands_processed:(\d+)/),
      scripts: count(/cmdstat_evalsha:calls=(\d+)/),
    };
  };
  return async (work: () => Promise<unknown>): Promise<StoreWork> => {
    const [began, redis, postgres] = [
      performance.now(),
      await redisWork(),
      await countTransactions(databaseUrl),
    ];
    await work();
    await wait(LEFT_MS);
    const seconds = (performance.now() - began) / 1_000;
    const [redisNow, postgresNow] = [await redisWork(), await countTransactions(databaseUrl)];
    return {
      commands: (redisNow.commands - redis.commands) / seconds,
      scripts: (redisNow.scripts - redis.scripts) / seconds,
      transactions: (postgresNow - postgres) / seconds,
    };
  };
}

const own = values.data ? undefined : await startLocalCluster();
try {
  process.exitCode = (await measure(own?.data ?? values.data)) ? 0 : 1;
} finally {
  await own?.stop();
}
