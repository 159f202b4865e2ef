/** Chance as a fault: a few at once, each of them somewhere else, at moments that the seed decides. */
import { setTimeout as wait } from "node:timers/promises";
import type { Random } from "../random.ts";
import type { Fault } from "./fault.ts";

const MOST_AT_ONCE = 3;
const APART_MS = 3_000;

/** The next round of a mix, to be played where everything can be struck: through a proxy. Times are not promised when several things break at once. */
export function mixOf(faults: readonly Fault[], random: Random): Fault {
  const chosen: { fault: Fault; afterMs: number }[] = [];
  for (let count = Math.ceil(random.between(0, MOST_AT_ONCE)); chosen.length < count; ) {
    const fault = random.pick(
      faults.filter(({ target }) => chosen.every((each) => each.fault.target !== target)),
    );
    chosen.push({ fault, afterMs: random.between(0, APART_MS) });
  }
  return {
    name: chosen.map(({ fault }) => fault.name).join("+"),
    about: "several faults at once",
    target: chosen.some(({ fault }) => fault.target === "redis") ? "redis" : "clients",
    strike: async (world) => {
      const strikes = chosen.map(async ({ fault, afterMs }) => {
        await wait(afterMs);
        await fault.strike({ ...world, late: world.note });
      });
      // Also when one fails the others are waited for: none may strike, or lie broken, in the next round.
      await Promise.allSettled(strikes);
      await Promise.all(strikes);
    },
  };
}
