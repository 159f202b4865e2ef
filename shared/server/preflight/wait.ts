/** Waits until the stores are as they have to be, and tells what it waits for. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Finding, refusals } from "./finding.ts";

const EVERY_MS = 500;
const SAY_EVERY_MS = 10_000;

export type Waiting = {
  look: () => Promise<Finding[]>;
  /** At once and every 10 s: all that is waited for. */
  onWait: (passing: Finding[]) => void;
  /** How long to wait. */
  waitMs: number;
  stopped?: () => boolean;
};

/** @returns the findings of the last look: without refusals, or with one that nobody but a person mends, or after the time. */
export async function waitForStores({
  look,
  onWait,
  waitMs,
  stopped = () => false,
}: Waiting): Promise<Finding[]> {
  const since = performance.now();
  let saidAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    const findings = await look();
    const found = refusals(findings);
    const isLasting = found.some(({ mayPass }) => !mayPass);
    const left = waitMs - (performance.now() - since);
    if (found.length === 0 || isLasting || left <= 0 || stopped()) return findings;
    if (performance.now() - saidAt >= SAY_EVERY_MS) {
      onWait(found);
      saidAt = performance.now();
    }
    await sleep(Math.min(EVERY_MS, left));
  }
}
