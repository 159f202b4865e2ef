/** A person's acts of scrolling, as far as they ask for more: however far one act goes, it asks for one page. */

/** Movements that follow one another faster are one act: a flick and its momentum, a turn of the wheel. */
const PAUSE_MS = 250;

export type ScrollActs = ReturnType<typeof createScrollActs>;

export function createScrollActs() {
  let movedAt = Number.NEGATIVE_INFINITY;
  let isSpent = false;

  return {
    /** A finger or a key was put down, which begins an act without a pause. */
    begin() {
      isSpent = false;
    },
    /** @param at when it moved, ms of any steady clock. */
    move(at: number) {
      if (at - movedAt > PAUSE_MS) isSpent = false;
      movedAt = at;
    },
    /** @returns whether the act had its page still to ask for. */
    spend(): boolean {
      const mayAsk = !isSpent;
      isSpent = true;
      return mayAsk;
    },
  };
}
