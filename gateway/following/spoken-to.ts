/** Which messages of a room speak to whom, further back than the tail, because few do. Pure. */
import { UNREAD_MAX } from "../../shared/limits.ts";

/** Messages that are remembered; beyond it the oldest are forgotten. */
const MAX_MESSAGES = 1_024;

export function createSpokenTo() {
  const users = new Map<number, readonly string[]>();
  const seqs = new Map<string, Set<number>>();

  return {
    add(seq: number, spokenTo: readonly string[]): void {
      if (spokenTo.length === 0 || users.has(seq)) return;
      users.set(seq, spokenTo);
      for (const user of spokenTo) seqs.set(user, (seqs.get(user) ?? new Set()).add(seq));
      const [oldest] = users.keys();
      if (users.size > MAX_MESSAGES && oldest !== undefined) remove(oldest);
    },
    remove,
    clear(): void {
      users.clear();
      seqs.clear();
    },
    /** @returns how many messages above a seq speak to a user, up to UNREAD_MAX. */
    count(user: string, above: number): number {
      let count = 0;
      for (const seq of seqs.get(user) ?? []) if (seq > above) count++;
      return Math.min(count, UNREAD_MAX);
    },
  };

  function remove(seq: number): void {
    for (const user of users.get(seq) ?? []) {
      const own = seqs.get(user);
      own?.delete(seq);
      if (own?.size === 0) seqs.delete(user);
    }
    users.delete(seq);
  }
}
