/**
 * Tests that the fault checker notices faults. Each part that a promise depends on is removed from an otherwise real
 * gateway, and the judge must report it; with nothing removed, the same run must pass.
 */
import { readdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { holds } from "../load-tests/faults/judge/judge.ts";
import type { Broken } from "./support/broken-gateway.ts";
import { type Play, playBroken, type Run } from "./support/broken-run.ts";

const PATIENCE = { timeout: 10_000, interval: 20 };
/** Some dozens of messages. */
const CUT_BYTES = 24 << 10;

const redisIsBack = ({ gateways }: Run): Promise<unknown> =>
  vi.waitFor(() => Promise.all(gateways.map(({ redis }) => redis.ping())), PATIENCE);

/** Members send messages while the bus of both gateways is cut. */
const busBreaks: Play = async ({ gateways: [{ redis }], talk }) => {
  await talk(5);
  const killed = redis.call("CLIENT", "KILL", "TYPE", "pubsub");
  await Promise.all([killed, talk(10)]);
  await talk(5);
};

/** Everybody joins again while others send messages. */
const comeBack: Play = async ({ talk, rejoin }) => {
  await talk(5);
  await Promise.all([talk(5), rejoin()]);
  await rejoin();
};

const justTalk: Play = ({ talk }) => talk(5);

/** Redis comes back without the end of its log; PostgreSQL has a part of the lost events. */
const redisLosesItsTail: Play = async (run) => {
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
const redisIsFull: Play = async ({ environment, gateways: [{ redis }], talk }) => {
  await talk(5);
  await redis.config("SET", "maxmemory", "1");
  const talking = talk(5);
  await vi.waitFor(async () => expect(await environment.redis.info("errorstats")).toContain("OOM"), PATIENCE);
  await redis.config("SET", "maxmemory", "0");
  await talking;
};

describe("a whole gateway keeps every promise", () => {
  it.each<[string, Play, number]>([
    ["when the bus breaks", busBreaks, 1],
    ["when everybody comes back", comeBack, 1],
    ["when every message is sent twice", justTalk, 2],
    ["when Redis loses the end of its log", redisLosesItsTail, 1],
    ["when Redis dies", redisDies, 1],
    ["when Redis is full", redisIsFull, 1],
  ])("%s", async (_, play, times) => {
    const verdict = await playBroken({}, play, times);
    expect(verdict.evidence).toEqual([]);
    expect(holds(verdict)).toBe(true);
  });
});

describe("the checker notices", () => {
  const withoutHealing: Broken = { healing: true };
  let copies = 0;
  const withoutDeduplication: Broken = {
    scripts: (whole) => ({
      ...whole,
      append: (draft) => whole.append({ ...draft, clientId: `${draft.clientId}-${copies++}` }),
    }),
  };

  it("a gateway that delivers what the bus brings and heals nothing", async () => {
    const { broken } = await playBroken(withoutHealing, busBreaks);
    expect(broken.gaps + broken.lost).toBeGreaterThan(0);
  });

  it("a gateway that forgets which messages it has numbered", async () => {
    const { broken } = await playBroken(withoutDeduplication, justTalk, 2);
    expect(broken.doubled).toBeGreaterThan(0);
  });

  it("a gateway that goes on where a shorter log ends", async () => {
    let run: Run | null = null;
    const play: Play = (started) => {
      run = started;
      return redisLosesItsTail(started);
    };
    const withoutRestore: Broken = {
      restore: (whole) => async (room) => {
        const environment = run?.environment;
        if (!environment || (await environment.scripts.heads([room]))[0] === null) return whole(room);
        const runId = /run_id:(\w+)/.exec(await environment.redis.info("server"))?.[1] ?? "";
        await environment.redis.hset(environment.keys.room(room), "run", runId);
      },
    };
    const { broken } = await playBroken(withoutRestore, play);
    expect(broken.lost + broken.differing).toBeGreaterThan(0);
  });

  it("a gateway that answers a join from its past", async () => {
    const { broken } = await playBroken({ staleBy: 2 }, comeBack);
    expect(broken.stale).toBeGreaterThan(0);
  });

  it("a gateway that swaps what was said with what is said next", async () => {
    const swapping: Broken = {
      messages: (whole) => ({
        send: async (sending) => {
          const sent = await whole.send(sending);
          return { ...sent, seq: sent.seq % 2 ? sent.seq + 5 : sent.seq - 5 };
        },
      }),
    };
    const { broken } = await playBroken(swapping, justTalk);
    expect(broken.reordered).toBeGreaterThan(0);
  });

  it("a gateway that acknowledges before it has appended", async () => {
    let guess = 0;
    const failures: unknown[] = [];
    const tooEarly: Broken = {
      messages: (whole) => ({
        send: async (sending) => {
          setTimeout(() => void whole.send(sending).catch((error) => failures.push(error)), 20);
          return { seq: ++guess, warned: false };
        },
      }),
    };
    const { broken } = await playBroken(tooEarly, redisIsFull);
    expect(failures.length).toBeGreaterThan(0);
    expect(broken.lost).toBeGreaterThan(0);
  });
});
