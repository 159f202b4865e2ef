/** A moderator at work during a fault: pins one message after the other in a room, and once removes what one of the crowd said lately. */
import { setTimeout as wait } from "node:timers/promises";
import type { Minted } from "../../support/commands.ts";
import type { Crowd } from "../client/crowd.ts";

type ModeratedPin = { target: number | undefined; isAcked: boolean };
type RequestedRemoval = { author: string; askedAt: number };
export type Moderating = ReturnType<typeof beginModerating>;

const PAUSE_MS = 400;
const PATIENCE_MS = 10_000;
/** After so many pins; every third act unpins. */
const REMOVE_AFTER = 6;
const UNPIN_EVERY = 3;
const MUTE_MS = 1_500;

/** @param room in which messages are pinned. */
export function beginModerating(url: string, { accessToken }: Minted, crowd: Crowd, room: string) {
  const pins: ModeratedPin[] = [];
  const removals: RequestedRemoval[] = [];
  const victim = crowd.victim();
  let working = true;
  const work = live();

  return {
    pins,
    removals,
    /** Ends it, once the act under way is over. */
    async end(): Promise<void> {
      working = false;
      await work;
    },
  };

  async function live(): Promise<void> {
    for (let acts = 1; working; acts++) {
      const target = acts % UNPIN_EVERY === 0 ? undefined : crowd.membersOf(room)[0]?.repliable();
      if (target !== undefined || acts % UNPIN_EVERY === 0) await pin(target);
      if (acts >= REMOVE_AFTER && removals.length === 0) await remove();
      await wait(PAUSE_MS);
    }
  }

  async function pin(target: number | undefined): Promise<void> {
    const act: ModeratedPin = { target, isAcked: false };
    pins.push(act);
    const path = `/rooms/${room}/pin`;
    act.isAcked = await (target === undefined ? call("DELETE", path) : call("PUT", path, { seq: target }));
  }

  async function remove(): Promise<void> {
    const askedAt = performance.now();
    const body = { untilMs: Date.now() + MUTE_MS, reason: "x", removeMessages: true, room: victim.room };
    if (await call("PUT", `/users/${victim.user}/mute`, body))
      removals.push({ author: victim.user, askedAt });
  }

  async function call(method: string, path: string, body?: unknown): Promise<boolean> {
    try {
      const response = await fetch(`${url}/api${path}`, {
        method,
        signal: AbortSignal.timeout(PATIENCE_MS),
        headers: { "content-type": "application/json", authorization: `Bearer ${accessToken}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return response.ok;
    } catch {
      return false;
    }
  }
}
