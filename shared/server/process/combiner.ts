/**
 * A combiner: runs a few batches at a time, and calls that come meanwhile wait and then share a batch. So thousands of calls
 * cost as many round trips as there are batches, and a single call waits for nothing. The queue is bounded in length and
 * in time; a call beyond a bound fails as in an outage.
 */
import { Unavailable } from "./unavailable.ts";

export type CombinerBounds<I> = {
  /** Max batches that run at a time. */
  running: number;
  /** Max calls in a batch. */
  together: number;
  /** Max calls that wait. */
  waiting: number;
  /** Max time that one of them waits, ms. */
  waitMs: number;
  /** Ranks the waiting calls: the highest are next. Without it, and among equals, the first to come are next. */
  rank?: (item: I) => number;
};

type Call<I, O> = {
  item: I;
  resolve: (result: O) => void;
  reject: (error: unknown) => void;
  late: NodeJS.Timeout;
};

/** Max age of an order by rank: with thousands of calls, sorting for each batch would cost more than the batches. */
const RANKED_MS = 50;

/**
 * @param run gets the items of a batch and returns their results in the same order; its rejection is that of each.
 * @returns a function that runs one item. It throws Unavailable beyond the bounds.
 */
export function createCombiner<I, O>(
  run: (items: I[]) => Promise<PromiseSettledResult<O>[]>,
  { together, waitMs, rank, ...max }: CombinerBounds<I>,
): (item: I) => Promise<O> {
  const waiting = new Set<Call<I, O>>();
  let running = 0;
  /** The calls that waited when they were last ranked, the next one at the end. */
  let ranked: Call<I, O>[] = [];
  let rankedAt = 0;

  return (item) => {
    if (waiting.size >= max.waiting)
      return Promise.reject(new Unavailable("too many wait for a place in a batch"));
    return new Promise<O>((resolve, reject) => {
      const refuse = (): void => {
        waiting.delete(call);
        reject(new Unavailable("no place in a batch came in time"));
      };
      const call: Call<I, O> = { item, resolve, reject, late: setTimeout(refuse, waitMs) };
      waiting.add(call);
      start();
    });
  };

  function start(): void {
    while (running < max.running && waiting.size > 0) {
      const batch: Call<I, O>[] = [];
      for (let call = next(); call; call = next()) {
        clearTimeout(call.late);
        waiting.delete(call);
        batch.push(call);
        if (batch.length === together) break;
      }
      running++;
      void settle(batch).finally(() => {
        running--;
        start();
      });
    }
  }

  function next(): Call<I, O> | undefined {
    if (!rank) return waiting.values().next().value;
    for (;;) {
      if (ranked.length === 0 || performance.now() - rankedAt > RANKED_MS) order(rank);
      const call = ranked.pop();
      if (call === undefined || waiting.has(call)) return call;
    }
  }

  function order(by: (item: I) => number): void {
    rankedAt = performance.now();
    const ranks = [...waiting].map((call): [Call<I, O>, number] => [call, by(call.item)]);
    // The sort is stable, so that among equals the first to come is the first to go.
    ranked = ranks
      .reverse()
      .sort(([, a], [, b]) => a - b)
      .map(([call]) => call);
  }

  async function settle(batch: Call<I, O>[]): Promise<void> {
    try {
      const results = await run(batch.map(({ item }) => item));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const result = results[index];
        if (result?.status === "fulfilled") resolve(result.value);
        else reject(result?.reason ?? new Error("a batch lacks a result"));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
