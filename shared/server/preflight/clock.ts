/** The clock of a store against ours: limits, expiries and days are counted by both. */
import type { Finding } from "./finding.ts";

const MAX_APART_MS = 2_000;

export function clockFinding(store: string, place: string, aheadMs: number): Finding {
  const about = `${store} clock`;
  const seconds = (Math.abs(aheadMs) / 1_000).toFixed(1);
  if (Math.abs(aheadMs) <= MAX_APART_MS)
    return { kind: "fine", about, says: `the clock of ${place} is within ${MAX_APART_MS / 1_000} s of ours` };
  return {
    ...{
      kind: "warns",
      about,
      says: `the clock of ${place} is ${seconds} s ${aheadMs > 0 ? "ahead" : "behind"}`,
    },
    mend: "run an NTP client on both machines",
  };
}
