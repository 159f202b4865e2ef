/** Plays of the checker: a few members talk while something happens to Redis or to its connections. */
import { readdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, vi } from "vitest";
import type { Play, Run } from "./broken-run.ts";

const PATIENCE = { timeout: 10_000, interval: 20 };
/** Some dozens of messages. */
const CUT_BYTES = 24 << 10;

const redisIsBack = ({ gateways }: Run): Promise<unknown> =>
  vi.waitFor(() => Promise.all(gateways.map(({ redis }) => redis.ping())), PATIENCE);

/** Members send messages while the bus of both gateways is cut. */
export const busBreaks: Play = async ({ gateways: [{ redis }], talk }) => {
  await talk(5);
  const killed = redis.call("CLIENT", "KILL", "TYPE", "pubsub");
  await Promise.all([killed, talk(10)]);
  await talk(5);
};

/** Everybody joins again while others send messages. */
export const comeBack: Play = async ({ talk, rejoin }) => {
  await talk(5);
  await Promise.all([talk(5), rejoin()]);
  await rejoin();
};

export const justTalk: Play = ({ talk }) => talk(5);

/** Redis comes back without the end of its log; PostgreSQL has a part of the lost events. */
export const redisLosesItsTail: Play = async (run) => {
  const { environment, talk, archive } = run;
  await talk(5);
  await archive();
  await talk(20);
  const [, dir] = (await environment.redis.config("GET", "dir")) as [string, string];
  await environment.server.kill();
  const folder = join(dir, "appendonlydir");
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".incr.aof"))) {
    const file = join(folder, name);
    truncateSync(file, Math.max(0, statSync(file).size - CUT_BYTES));
  }
  await environment.server.start();
  await redisIsBack(run);
  await talk(20);
};

const redisDies: Play = async (run) => {
  const { environment, talk } = run;
  await talk(5);
  const talking = talk(20);
  await environment.server.kill();
  await environment.server.start();
  await talking;
  await redisIsBack(run);
  await talk(5);
};

/** Redis refuses all writes for a while. */
export const redisIsFull: Play = async ({ environment, gateways: [{ redis }], talk }) => {
  await talk(5);
  await redis.config("SET", "maxmemory", "1");
  const talking = talk(5);
  await vi.waitFor(async () => expect(await environment.redis.info("errorstats")).toContain("OOM"), PATIENCE);
  await redis.config("SET", "maxmemory", "0");
  await talking;
};

/** `[when it is played, play, how often each message is sent]`: a gateway keeps every promise in each. */
export const PLAYS: [when: string, play: Play, times: number][] = [
  ["when the bus breaks", busBreaks, 1],
  ["when everybody comes back", comeBack, 1],
  ["when every message is sent twice", justTalk, 2],
  ["when Redis loses the end of its log", redisLosesItsTail, 1],
  ["when Redis dies", redisDies, 1],
  ["when Redis is full", redisIsFull, 1],
];
