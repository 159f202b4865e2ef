/** The result of one fault: verdict and measurements. */
import type { Memory } from "../target/memory.ts";
import type { Verdict } from "./judge.ts";
import type { Spread } from "./spread.ts";

export type Outcome = {
  fault: string;
  /** No promise is broken, no promised time is exceeded, and everything has settled. */
  good: boolean;
  verdict: Verdict;
  /** The longest time without a shown event, over all clients. */
  silenceMs: Spread;
  /** The time from the end of the fault until a client was healthy again, over all clients. */
  recoveredMs: Spread;
  /** The time from the end of the fault until every client had the right number of people. */
  countMs: number;
  /** The maximum number of acknowledged messages not known to be in PostgreSQL. */
  unstored: number;
  /** The number of ended connections by close code. */
  closes: Record<string, number>;
  /** The memory after the fault. */
  memoryMiB: Memory;
  /** Everything that had not settled in time. */
  unsettled: string[];
  /** Crashes of our processes, and broken promises of this fault other than times. */
  missed: string[];
  /** Promised times that were exceeded. */
  sloBreaches: string[];
  /** The fault's own remarks. */
  notes: string[];
};
