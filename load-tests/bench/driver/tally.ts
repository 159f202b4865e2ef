/** Counts that all sockets of the driver share, and the latencies of stamped messages. */
import { createHistogram } from "../../histogram.ts";
import { createDeliveryCounter } from "./delivery-counter.ts";
import { dueOf, isStamped, MARK } from "./text.ts";

export type Tally = ReturnType<typeof createTally>;

export function createTally() {
  const latency = createHistogram();
  const counts = { delivered: 0, bytes: 0, acknowledged: 0, refused: 0 };
  const countMarks = createDeliveryCounter(MARK, (buffer, at) => {
    if (isStamped(buffer, at)) latency.add(performance.now() - dueOf(buffer, at));
  });
  return {
    latency,
    counts,
    deliver(buffer: Buffer, from: number, to: number): void {
      counts.delivered += countMarks(buffer, from, to);
      counts.bytes += to - from;
    },
    /** @param share from 0 to 1. @param missing stamped messages that never came. @returns -1 when the value is among these. */
    quantile(share: number, missing: number): number {
      const received = latency.count();
      if (received === 0) return -1;
      const rank = (share * (received + missing)) / received;
      return rank > 1 ? -1 : latency.quantile(rank);
    },
  };
}
