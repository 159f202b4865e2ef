/**
 * The users who have a page of this gateway in front of them, as their pages say. Told to Redis with the heartbeat, so that nobody is
 * notified of what they see. When a gateway is killed, its word lapses.
 */
import type { FrontStore } from "../../shared/server/redis/front-store.ts";

export type Fronts = ReturnType<typeof createFronts>;

const RENEW_MS = 60_000;
/** Longer than two renewals. */
const LIFE_MS = 150_000;

export function createFronts(store: Pick<FrontStore, "keep" | "drop">, instanceId: string, now = Date.now) {
  /** User by connection. */
  const pages = new Map<string, string>();
  const counts = new Map<string, number>();
  /** Users whose state Redis does not have yet. */
  let changed = new Set<string>();
  let renewedAt = now();

  return {
    /** The page of this connection is in front or not. A guest's does not count. */
    set(connectionId: string, userId: string | undefined, isFront: boolean): void {
      const before = pages.get(connectionId);
      const after = isFront ? userId : undefined;
      if (before === after) return;
      if (before !== undefined) count(before, -1);
      if (after === undefined) pages.delete(connectionId);
      else pages.set(connectionId, after);
      if (after !== undefined) count(after, 1);
    },
    /** Tells Redis about changes, and from time to time that the others still hold. @throws Unavailable; then they are told again. */
    flush,
    /** The process ends: its pages are another gateway's. */
    async leave(): Promise<void> {
      for (const id of counts.keys()) changed.add(id);
      counts.clear();
      pages.clear();
      await flush();
    },
  };

  function count(userId: string, by: number): void {
    const number = (counts.get(userId) ?? 0) + by;
    if (number > 0) counts.set(userId, number);
    else counts.delete(userId);
    if (number === 0 || (number === 1 && by > 0)) changed.add(userId);
  }

  async function flush(): Promise<void> {
    const time = now();
    const isDue = time - renewedAt >= RENEW_MS;
    if (changed.size === 0 && !isDue) return;
    const notified = changed;
    changed = new Set();
    try {
      const here = [...(isDue ? counts.keys() : notified)].filter((id) => counts.has(id));
      await store.keep(instanceId, here, time + LIFE_MS, LIFE_MS);
      await Promise.all(
        [...notified].filter((id) => !counts.has(id)).map((id) => store.drop(instanceId, id)),
      );
      if (isDue) renewedAt = time;
    } catch (error) {
      for (const id of notified) changed.add(id);
      throw error;
    }
  }
}
