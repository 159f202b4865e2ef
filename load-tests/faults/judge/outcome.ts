/** The result of one fault: what was judged and what was measured. */
import type { Memory } from "../target/memory.ts";
import type { Verdict } from "./judge.ts";
import type { Spread } from "./spread.ts";

export type Outcome = {
  fault: string;
  /** No promise is broken, no promised time is exceeded, and everything has settled. */
  good: boolean;
  verdict: Verdict;
  /** Longest time in which a client was shown nothing, over all clients. */
  silenceMs: Spread;
  /** From the end of the fault until a client was healthy again, over all clients. */
  recoveredMs: Spread;
  /** From the end of the fault until every client had the right number of people. */
  countMs: number;
  /** Maximum of messages that were acknowledged and not known to be in PostgreSQL. */
  unstored: number;
  /** How connections ended, by close code. */
  closes: Record<string, number>;
  /** Afterwards. */
  memoryMiB: Memory;
  /** Whatever had not settled in time. */
  unsettled: string[];
  /** Crashes of our processes, and broken promises of this fault, times aside. */
  missed: string[];
  /** Promised times that were exceeded. */
  sloBreaches: string[];
  /** The fault's own remarks. */
  notes: string[];
};
