/** The rooms that have events which Kafka lacks, in the order of their turns. Holds nothing of a room that has none. */

/** @param now a clock in ms. */
export function createWaitingRooms(now: () => number = () => performance.now()) {
  /** The time from which on each one waits. */
  const waiting = new Map<string, number>();
  let taken: string[] = [];
  /** Rooms that were taken, and got news since. */
  const again = new Map<string, number>();

  return {
    /** To be called with each room that may have news. */
    add(room: string): void {
      if (!waiting.has(room)) waiting.set(room, now());
      else if (taken.length > 0 && !again.has(room)) again.set(room, now());
    },

    /** The next rooms, which keep their places until `settle`. */
    take(max: number): string[] {
      again.clear();
      taken = [];
      for (const room of waiting.keys()) {
        if (taken.length === max) break;
        taken.push(room);
      }
      return taken;
    },

    /**
     * Says how the turns of the taken rooms ended. Those that had one and have more wait behind all others; those that had none keep
     * their places.
     */
    settle(turns: readonly { room: string; hadTurn: boolean; hasMore: boolean }[]): void {
      const ended = new Map(turns.map((turn) => [turn.room, turn]));
      for (const room of taken) {
        const since = waiting.get(room) ?? now();
        const turn = ended.get(room);
        if (turn?.hasMore && !turn.hadTurn) continue;
        waiting.delete(room);
        const next = turn?.hasMore ? since : again.get(room);
        if (next !== undefined) waiting.set(room, next);
      }
      taken = [];
      again.clear();
    },

    get size(): number {
      return waiting.size;
    },

    /** How long the room has waited that waits longest, ms. */
    longestMs(): number {
      let oldest = now();
      for (const since of waiting.values()) oldest = Math.min(oldest, since);
      return now() - oldest;
    },
  };
}
