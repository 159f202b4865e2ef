/** One fault from beginning to end: a room full of clients who talk, something breaks, it settles, and is judged. */
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Minted } from "../cluster.ts";
import { createRoom, readHistory } from "../history.ts";
import { readDeletions, readRows } from "../queries.ts";
import { beginActs } from "./acts/acts.ts";
import type { Fault } from "./catalog/fault.ts";
import { exceededTimes, needlessRestarts, unproven } from "./catalog/promises.ts";
import { type Crowd, gather } from "./client/crowd.ts";
import { watchCrashes } from "./judge/crashes.ts";
import { holds, judge, type Verdict } from "./judge/judge.ts";
import { type Memory, readMemory } from "./judge/memory.ts";
import { type Spread, spreadOf } from "./judge/spread.ts";
import type { Random } from "./random.ts";
import { settle } from "./settle.ts";
import type { FaultCluster } from "./target/fault-cluster.ts";
import type { RedisProxy } from "./target/relay.ts";
import { watchCrowd } from "./watch.ts";

export type Load = { rate: number; seconds: number };
export type Stage = { cluster: FaultCluster; proxy: RedisProxy | null; users: Minted[]; random: Random };

export type Outcome = {
  fault: string;
  /** No promise is broken, no promised time is exceeded, and everything has settled. */
  good: boolean;
  verdict: Verdict;
  /** Longest time in which a client was shown nothing, over all clients. */
  silenceMs: Spread;
  /** From the end of the fault until a client was whole again, over all clients. */
  healMs: Spread;
  /** From the end of the fault until everybody was told the right number of people. */
  countMs: number;
  /** The most messages that were acknowledged and not known to be in PostgreSQL. */
  unstored: number;
  /** How connections ended, by close code. */
  closes: Record<string, number>;
  /** Afterwards. */
  memoryMiB: Memory;
  /** What had not come to rest when patience ended. */
  unsettled: string[];
  /** Processes of ours that crashed, and what this fault promises beyond what all do, times aside. */
  missed: string[];
  /** Promised times that were exceeded. */
  late: string[];
  /** What the fault itself has to tell. */
  notes: string[];
};

const WARM_MS = 2_000;
/** Of load after a fault is over. */
const AFTER_MS = 4_000;
const ASKED_TIMES = 5;

export async function runFault(fault: Fault, stage: Stage, { rate, seconds }: Load): Promise<Outcome> {
  const { cluster, users, proxy, random } = stage;
  const room = `faults-${randomBytes(4).toString("hex")}`;
  const tokens = users.map(({ accessToken }) => accessToken);
  const crashes = watchCrashes(cluster.data);
  await patiently(() => createRoom(cluster.url, tokens[0] ?? "", room));
  const [notes, late]: [string[], string[]] = [[], []];
  const crowd = await gather({ target: cluster.target, room, tokens, rate });
  // What Redis remembers of people can only be wrong where Redis is struck.
  const acting = fault.target === "redis" ? await beginActs(cluster, patiently) : null;
  try {
    const talking = crowd.talk();
    await wait(WARM_MS);
    const began = performance.now();
    const watch = watchCrowd(crowd);
    for (const { silence } of crowd.clients) silence.begin();

    await fault.strike({
      ...{ cluster, crowd, room, random, proxy, seconds },
      note: (words) => void notes.push(words),
      late: (words) => void late.push(words),
    });
    const over = performance.now();
    await wait(Math.max(AFTER_MS, seconds * 1_000 - (over - began)));

    const silenceMs = spreadOf(crowd.clients.map(({ silence }) => silence.end()));
    crowd.hush();
    await talking;
    const unsettled = await settle(crowd, cluster);
    const { healed, counted, unstored } = watch.end(over);
    const acts = await acting?.end();
    if (acts) notes.push(acts.told);
    const healMs = spreadOf(healed);
    const verdict = await judgeRoom(crowd, cluster, room);
    late.push(...exceededTimes(fault, { silenceMs, healMs, countMs: counted }));
    const missed = [
      ...needlessRestarts(fault, verdict.startedOver),
      ...crashes(),
      ...(acts?.faults ?? []),
      ...unproven(verdict.acknowledged, rate * seconds),
    ];
    return {
      fault: fault.name,
      good: holds(verdict) && unsettled.length + missed.length + late.length === 0,
      verdict,
      silenceMs,
      healMs,
      countMs: counted,
      unstored,
      closes: closesOf(crowd),
      memoryMiB: await readMemory(cluster),
      unsettled,
      missed,
      late,
      notes,
    };
  } finally {
    crowd.hush();
    crowd.leave();
    acting?.leave();
  }
}

async function judgeRoom(crowd: Crowd, { url, backends }: FaultCluster, room: string): Promise<Verdict> {
  const attempts = crowd.clients
    .flatMap(({ outbox }) => outbox.attempts)
    .sort((one, other) => one.at - other.at);
  return judge({
    attempts,
    receivers: crowd.clients.map(({ receiver }) => receiver),
    history: await patiently(() => readHistory(url, room)),
    rows: await readRows(backends.databaseUrl, room),
    deletions: await readDeletions(backends.databaseUrl, room),
  });
}

/** What broke in the round before may still be coming back. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === ASKED_TIMES) throw error;
      await wait(1_000);
    }
  }
}

function closesOf({ clients }: Crowd): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { closes } of clients)
    for (const [code, count] of closes) sums[code] = (sums[code] ?? 0) + count;
  return sums;
}
