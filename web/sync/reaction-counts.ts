/**
 * The reactions to the messages of a room, counted: pages of them as the server counted, and the events above each. Pure. Answers and events
 * may come in any order, because each page says up to which event it counts.
 */
import type { CountedReaction, ReactionsAnswer } from "../../shared/http-reactions.ts";
import type { ReactionChange, ReactionsEvent } from "../../shared/server-frames.ts";

export type Counted = Pick<CountedReaction, "emoji" | "count" | "you">;
/** The messages of a page, both seqs inclusive, and the event up to which it counts. */
type Page = { from: number; to: number; upTo: number };

export function createReactionCounts() {
  const byTarget = new Map<number, Map<string, Counted>>();
  /** The latest first. */
  let pages: Page[] = [];

  return {
    /** Whether all messages between two seqs are counted. */
    covers: (from: number, to: number): boolean => pages.some((page) => page.from <= from && page.to >= to),

    /** @param events the loaded ones; those above the answer are applied to it. */
    addPage(
      { from, to }: Omit<Page, "upTo">,
      answer: ReactionsAnswer,
      events: readonly ReactionsEvent[],
      me: string | undefined,
    ): void {
      for (const target of byTarget.keys()) if (target >= from && target <= to) byTarget.delete(target);
      for (const { target, ...counted } of answer.reactions) of(target).set(counted.emoji, counted);
      pages = [{ from, to, upTo: answer.upTo }, ...pages];
      for (const { seq, changes } of events)
        if (seq > answer.upTo)
          for (const change of changes)
            if (change.target >= from && change.target <= to) applyChange(change, me);
    },

    /** Applies an event that is new here. @returns the messages whose reactions it changed. */
    apply({ seq, changes }: ReactionsEvent, me: string | undefined): number[] {
      return changes.flatMap((change) => {
        const page = pages.find(({ from, to }) => change.target >= from && change.target <= to);
        if (!page || seq <= page.upTo) return [];
        applyChange(change, me);
        return [change.target];
      });
    },

    list: (target: number): Counted[] => inOrder([...(byTarget.get(target)?.values() ?? [])]),
    clear(): void {
      byTarget.clear();
      pages = [];
    },
  };

  function of(target: number): Map<string, Counted> {
    const found = byTarget.get(target) ?? new Map<string, Counted>();
    byTarget.set(target, found);
    return found;
  }

  function applyChange({ target, emoji, on, off }: ReactionChange, me: string | undefined): void {
    const before = of(target).get(emoji) ?? { emoji, count: 0, you: false };
    const isMine = (users: readonly string[]): boolean => me !== undefined && users.includes(me);
    const count = before.count + on.length - off.length;
    const you = isMine(on) || (before.you && !isMine(off));
    if (count > 0) of(target).set(emoji, { emoji, count, you });
    else of(target).delete(emoji);
  }
}

/** The same on every page, whichever of them saw the reactions come, and the counts move nothing under a finger. */
export const inOrder = (list: Counted[]): Counted[] =>
  list.sort((one, other) => (one.emoji < other.emoji ? -1 : 1));
