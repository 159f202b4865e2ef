/** Judges pins: the one acknowledged last stands at the top, in PostgreSQL, by the API and by the events that each receiver got. */
import type { Marks } from "../../mark-queries.ts";
import type { Receiver } from "../client/journal.ts";
import type { Complain } from "./judge.ts";

/** `target`: undefined for none. One is under way at a time. */
type PinAct = { target: number | undefined; isAcked: boolean };
export type Pinning = Pick<Marks, "pins" | "pinned"> & {
  acts: readonly PinAct[];
  receivers: readonly Receiver[];
  /** By the API. */
  shown: number | undefined;
};

export function judgePins({ acts, pins, pinned, shown, receivers }: Pinning, complain: Complain): void {
  const last = acts.findLastIndex(({ isAcked }) => isAcked);
  // An act of unknown outcome may take effect at any time.
  const possible = acts
    .filter(({ isAcked }, index) => index === last || !isAcked)
    .map(({ target }) => target);
  if (last < 0) possible.push(undefined);
  const wordsOf = (target: number | undefined): string => (target === undefined ? "nothing" : `${target}`);
  if (!possible.includes(pinned))
    complain("lost", `${wordsOf(pinned)} is pinned, acknowledged was ${wordsOf(acts[last]?.target)}`);
  if (shown !== pinned)
    complain("differing", `the API says that ${wordsOf(shown)} is pinned, PostgreSQL ${wordsOf(pinned)}`);
  const told = pins.at(-1)?.target;
  if (told !== pinned)
    complain(
      "differing",
      `the newest notice says that ${wordsOf(told)} is pinned, PostgreSQL ${wordsOf(pinned)}`,
    );
  for (const { name, pieces } of receivers) {
    const piece = pieces.at(-1);
    const notices = (piece?.events ?? []).flatMap((event) =>
      event.type === "notice" && (event.code === "pinned" || event.code === "unpinned") ? [event] : [],
    );
    const due = pins.filter(({ seq }) => piece && seq > piece.from && seq <= piece.to);
    for (const { seq } of due)
      if (!notices.some((notice) => notice.seq === seq))
        complain("lost", `${name} was not told of the pin at ${seq}`);
    for (const { seq } of notices)
      if (!due.some((each) => each.seq === seq))
        complain("differing", `${name} was told of a pin at ${seq}, which PostgreSQL does not have`);
  }
}
