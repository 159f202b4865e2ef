/** Measures searches of several kinds in a filled archive, and how fast the worker writes with and without what came with them. */
import { createSearch } from "../../gateway/history/search.ts";
import { createSearchQueries } from "../../gateway/history/search-queries.ts";
import type { Sql } from "../../shared/server/postgres/pool.ts";
import { createLog } from "../../shared/server/process/logger.ts";
import { readEvent } from "../../worker/event-row.ts";
import { createWordIndexing } from "../../worker/word-index.ts";
import { writeBatch } from "../../worker/write-batch.ts";
import { RARE, ROOMS } from "./search-archive.ts";
import { createSearchPriceQueries, TRIGGERS, type Trigger } from "./search-price-queries.ts";

const LIMIT = 20;
/** Words that people type, by kind. `pairs without the word`: each pair of letters is frequent, the word is not there. */
const KINDS: Record<string, string[]> = {
  "a common word": ["오늘"],
  "a common English word": ["today"],
  "two syllables": ["하늘"],
  "a rare word": [RARE[0] ?? ""],
  "a rare English word": [RARE[1] ?? ""],
  "a word that nobody said": ["쀍뚫"],
  "pairs without the word": ["오늘이"],
  "two words": ["하늘이", "music"],
  "one syllable beside a word": ["가", "방송"],
};
export type Times = { kind: string; room: string; place: string; times: number[]; unfinished: number };

/** @param seqs of each room. @yields the times of each kind of search, on the newest page and on one from anywhere. */
export async function* measureSearches(
  sql: Sql,
  seqs: Record<keyof typeof ROOMS, number>,
  runs: number,
): AsyncGenerator<Times> {
  const search = createSearch({
    queries: createSearchQueries(sql),
    log: { deletedSeqs: async () => new Set<number>() },
    findUnstored: async (_room, _words, below) => ({ found: [], above: below - 1, isCut: false }),
    gate: { through: (_reader, read) => read() },
    redact: (json) => json,
  });
  for (const [name, room] of Object.entries(ROOMS))
    for (const [kind, words] of Object.entries(KINDS))
      for (const place of ["newest", "deep"] as const) {
        const times: number[] = [];
        let unfinished = 0;
        for (let run = 0; run < runs; run++) {
          const top = seqs[name as keyof typeof ROOMS];
          const before = place === "deep" ? 1 + Math.floor(Math.random() * top) : undefined;
          const began = performance.now();
          const { hits, next } = await search(room, words, { before, limit: LIMIT }, "reader");
          times.push(performance.now() - began);
          if (hits.length < LIMIT && next !== undefined) unfinished++;
        }
        yield { kind, room, place, times, unfinished };
      }
}

const BATCH = 1_000;
/** Above every seq of the archive. */
export const FIRST_WRITTEN = 1_000_000_000;
const HOUR_MS = 3_600_000;
/** Of the day that is written; no slice has it yet. */
const LAST_HOUR = 23;
const WRITERS = Array.from({ length: 10 }, (_, n) => `other-${n}`);
const MENTIONED = "01936f6e-0000-7000-8000-000000000009";
/** One message in so many mentions somebody. */
const MENTION_EVERY = 20;

/** `words`: the index of words of today, for all of it, or for its slices as the worker builds them. */
export type Variant = { name: string; off: readonly Trigger[]; words: "all" | "slices" | "none" };
export const BEFORE = "without mentions, reactions, pins and slices";
export const VARIANTS: readonly Variant[] = [
  { name: "as it is", off: [], words: "slices" },
  { name: BEFORE, off: TRIGGERS, words: "none" },
  { name: "without slices", off: [], words: "none" },
  { name: "without mentions", off: ["note_mentions"], words: "slices" },
  { name: "with an index of words on all of today", off: [], words: "all" },
];

/** Indexes the slices of a day as a worker does by the last hour. */
export async function buildSlices(sql: Sql, day: string): Promise<void> {
  let now = Date.parse(day);
  const work = createWordIndexing(createLog("search-price", "silent"), () => now);
  for (const end = now + LAST_HOUR * HOUR_MS; now < end; now += HOUR_MS / 2) await work(sql);
}

/** @returns a function that writes for a while as the worker does, and resolves with rows a second. */
export function createWriter(sql: Sql, texts: readonly string[], today: string) {
  const { setTriggers, setWords, removeWritten } = createSearchPriceQueries(sql);
  let seq = FIRST_WRITTEN;

  return async ({ off, words }: Variant, ms: number): Promise<number> => {
    await removeWritten(today, FIRST_WRITTEN);
    await setTriggers(off);
    await setWords(today, words === "all");
    if (words === "slices") await buildSlices(sql, today);
    try {
      let written = 0;
      let took = 0;
      while (took < ms) {
        const rows = batch();
        const began = performance.now();
        const { events } = await writeBatch(
          sql,
          { rows, unreadable: [], upTo: new Map(), epochs: new Map() },
          async () => new Set(),
        );
        took += performance.now() - began;
        written += events;
      }
      return (written / took) * 1_000;
    } finally {
      await setTriggers([]);
    }
  };

  function batch() {
    const at = Date.parse(today) + LAST_HOUR * HOUR_MS;
    return Array.from({ length: BATCH }, (_, n) => {
      seq += 1;
      const room = WRITERS[n % WRITERS.length] ?? "";
      const user = { id: `01936f6e-0000-7000-8000-${String(n % 500).padStart(12, "0")}`, nickname: "writer" };
      const mentions = n % MENTION_EVERY === 0 ? { mentions: [{ id: MENTIONED, nickname: "x" }] } : {};
      const text = texts[seq % texts.length] ?? "";
      const event = { type: "message", room, seq, at, user, clientId: `w${seq}`, text, ...mentions };
      const read = readEvent(room, { seq, json: JSON.stringify(event) });
      if (!read.ok) throw new Error(`the event ${seq} is no row`);
      return read.row;
    });
  }
}
