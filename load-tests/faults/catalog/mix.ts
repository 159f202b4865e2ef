/** Random faults: a few at once, each with another target, at moments chosen by the seed. */
import { setTimeout as wait } from "node:timers/promises";
import type { Random } from "../random.ts";
import type { Fault } from "./fault.ts";

const MAX_AT_ONCE = 3;
const APART_MS = 3_000;

/**
 * The next round of a mix; needs a relay, because every fault may be among them. Exceeded times are only noted, because
 * no times are promised for several faults at once.
 */
export function mixOf(faults: readonly Fault[], random: Random): Fault {
  const chosen: { fault: Fault; afterMs: number }[] = [];
  for (let count = Math.ceil(random.between(0, MAX_AT_ONCE)); chosen.length < count; ) {
    const fault = random.pick(
      faults.filter(({ target }) => chosen.every((each) => each.fault.target !== target)),
    );
    chosen.push({ fault, afterMs: random.between(0, APART_MS) });
  }
  return {
    name: chosen.map(({ fault }) => fault.name).join("+"),
    about: "several faults at once",
    target: chosen.some(({ fault }) => fault.target === "redis") ? "redis" : "clients",
    inject: async (context) => {
      const injections = chosen.map(async ({ fault, afterMs }) => {
        await wait(afterMs);
        await fault.inject({ ...context, reportSloBreach: context.note });
      });
      // All are awaited, also when one fails, so that none lasts into the next round.
      await Promise.allSettled(injections);
      await Promise.all(injections);
    },
  };
}
