/** Groups scroll movements into acts. However far one act goes, it requests one page. */

/** Movements closer together than this are one act: a flick and its momentum, a turn of the wheel. */
const PAUSE_MS = 250;

export type ScrollActs = ReturnType<typeof createScrollActs>;

export function createScrollActs() {
  let movedAt = Number.NEGATIVE_INFINITY;
  let isSpent = false;

  return {
    /** A finger or a key was put down: begins a new act even without a pause. */
    begin() {
      isSpent = false;
    },
    /** @param at time of the movement, ms of any monotonic clock. */
    move(at: number) {
      if (at - movedAt > PAUSE_MS) isSpent = false;
      movedAt = at;
    },
    /** @returns whether the act had not requested its page yet. */
    spend(): boolean {
      const mayAsk = !isSpent;
      isSpent = true;
      return mayAsk;
    },
  };
}
