/**
 * Tests that the fault checker notices faults. Each part that a promise depends on is removed from an otherwise real
 * gateway, and the judge must report it; with nothing removed, the same run must pass.
 */
import { describe, expect, it } from "vitest";
import { holds } from "../load-tests/faults/judge/judge.ts";
import type { Broken } from "./support/broken-gateway.ts";
import { type Play, playBroken, type Run } from "./support/broken-run.ts";
import { busBreaks, comeBack, justTalk, PLAYS, redisIsFull, redisLosesItsTail } from "./support/plays.ts";

describe("a whole gateway keeps every promise", () => {
  it.each(PLAYS)("%s", async (_, play, times) => {
    const verdict = await playBroken({}, play, { times });
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
    const { broken } = await playBroken(withoutDeduplication, justTalk, { times: 2 });
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
