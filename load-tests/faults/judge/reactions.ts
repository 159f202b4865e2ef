/**
 * Judges reactions: each acknowledged one is part of the room once, every receiver got each change, and the table and the answers of
 * the API are the sum of the changes.
 */
import type { ReactionChange } from "../../../shared/server-frames.ts";
import type { ReactionRow } from "../../mark-queries.ts";
import type { Receiver } from "../client/journal.ts";
import type { Wish } from "../client/wishes.ts";
import type { Complain } from "./judge.ts";

export type Reacting = {
  wishes: readonly (Wish & { user: string })[];
  receivers: readonly Receiver[];
  /** The events in PostgreSQL, by seq. */
  events: readonly { seq: number; changes: ReactionChange[] }[];
  table: readonly ReactionRow[];
  /** By the API, for a guest. */
  counted: readonly { target: number; emoji: string; count: number }[];
  /** Whether a message is there with its text. */
  isThere: (target: number) => boolean;
};

const keyOf = (target: number, emoji: string, user: string): string => `${target} ${emoji} ${user}`;

export function judgeReactions(reacting: Reacting, complain: Complain): void {
  const { events, table, counted, isThere, receivers, wishes } = reacting;
  const state = sumOf(events, complain);
  for (const key of state) if (!isThere(Number.parseInt(key, 10))) state.delete(key);
  const rows = new Set(table.map(({ target, emoji, user }) => keyOf(target, emoji, user)));
  for (const key of state) if (!rows.has(key)) complain("lost", `the table of reactions lacks ${key}`);
  for (const key of rows)
    if (!state.has(key)) complain("differing", `the table of reactions has ${key}, which no event says`);
  compareCounts(state, counted, complain);
  for (const receiver of receivers) judgeReceived(receiver, events, complain);
  for (const wish of wishes) judgeWish(wish, state, isThere, complain);
}

/** An event has real changes only, because pages add and subtract. */
function sumOf(events: Reacting["events"], complain: Complain): Set<string> {
  const state = new Set<string>();
  for (const { seq, changes } of events)
    for (const { target, emoji, on, off } of changes) {
      for (const user of on) {
        const key = keyOf(target, emoji, user);
        if (state.has(key)) complain("doubled", `the event ${seq} adds ${key}, which is there`);
        state.add(key);
      }
      for (const user of off) {
        const key = keyOf(target, emoji, user);
        if (!state.delete(key)) complain("doubled", `the event ${seq} removes ${key}, which is not there`);
      }
    }
  return state;
}

function compareCounts(state: ReadonlySet<string>, counted: Reacting["counted"], complain: Complain): void {
  const expected = new Map<string, number>();
  for (const key of state) {
    const of = key.slice(0, key.lastIndexOf(" "));
    expected.set(of, (expected.get(of) ?? 0) + 1);
  }
  const answered = new Map(counted.map(({ target, emoji, count }) => [`${target} ${emoji}`, count]));
  for (const key of new Set([...expected.keys(), ...answered.keys()])) {
    const [due, got] = [expected.get(key) ?? 0, answered.get(key) ?? 0];
    if (due !== got) complain("differing", `the API counts ${got} of ${key}, the events ${due}`);
  }
}

/** Earlier parts of a receiver that had to start over may have been lost with their epoch. */
function judgeReceived({ name, pieces }: Receiver, events: Reacting["events"], complain: Complain): void {
  const piece = pieces.at(-1);
  if (!piece) return;
  const shown = new Map(
    piece.events.flatMap((event) =>
      event.type === "reactions" ? [[event.seq, event.changes] as const] : [],
    ),
  );
  for (const { seq, changes } of events) {
    if (seq <= piece.from || seq > piece.to) continue;
    const got = shown.get(seq);
    shown.delete(seq);
    if (!got) complain("lost", `${name} was not told of the reactions at ${seq}`);
    else if (wordsOf(got) !== wordsOf(changes))
      complain("differing", `${name} got other reactions at ${seq} than PostgreSQL`);
  }
  for (const seq of shown.keys())
    complain("differing", `${name} got reactions at ${seq}, which PostgreSQL does not have`);
}

const wordsOf = (changes: readonly ReactionChange[]): string =>
  changes.map(({ target, emoji, on, off }) => [target, emoji, ...on, "off", ...off].join(" ")).join();

function judgeWish(
  { user, target, emoji, on, answer, isUnclear }: Wish & { user: string },
  state: ReadonlySet<string>,
  isThere: Reacting["isThere"],
  complain: Complain,
): void {
  const key = keyOf(target, emoji, user);
  if (answer === "open") complain("unanswered", `the reaction ${key} was never acknowledged or refused`);
  else if (!isThere(target) || isUnclear) return;
  else if (answer === "no_such_message") complain("lost", `${key} was refused, though its message is kept`);
  else if (answer === "acked" && state.has(key) !== on)
    complain(on ? "lost" : "unexpected", `${key} was acknowledged as ${on ? "there" : "gone"}, and is not`);
}
