/**
 * Decides whether a user may send this now: restriction, rate, slow mode, spam. admit.lua counts in Redis, for all
 * gateways.
 */
import type { Decision, UserStore } from "../../shared/server/redis/user-store.ts";
import { USER_TRIES, type Users } from "../accounts/user-cache.ts";
import { Refusal } from "../errors.ts";
import { fingerprint, isLaughter } from "./spam-rule.ts";

/**
 * @returns the decision on a message, which counts once, however often it is sent.
 * @throws Refusal; Unavailable.
 */
export type Admit = (attempt: {
  userId: string;
  room: string;
  clientId: string;
  text: string;
}) => Promise<Admitted>;
type Admitted = Exclude<Decision, { decision: "unknown" }> | { decision: "too_new"; waitMs: number };
/** A rule refused the message. */
export type Denied = Extract<Admitted, { waitMs: number }>;
/** The time between two messages of a user in a room, ms; 0: no slow mode. A promise only if the room has to be looked up. */
export type SlowModeOf = (room: string, userId: string) => number | Promise<number>;

type AdmissionDeps = {
  store: Pick<UserStore, "admit">;
  users: Pick<Users, "load">;
  /** The spam rule also counts pure laughter and sobs. */
  laughterCounts: boolean;
  slowModeOf: SlowModeOf;
  /** How long a user is too young to write, ms. */
  tooNewMs: (userId: string) => number;
};

export function createAdmission({
  store,
  users,
  laughterCounts,
  slowModeOf,
  tooNewMs,
}: AdmissionDeps): Admit {
  return async ({ userId, room, clientId, text }) => {
    const exempt = !laughterCounts && isLaughter(text);
    const slowMode = slowModeOf(room, userId);
    const slowModeMs = typeof slowMode === "number" ? slowMode : await slowMode;
    const attempt = { userId, room, clientId, text, fingerprint: fingerprint(text), exempt, slowModeMs };
    for (let tries = 0; tries < USER_TRIES; tries++) {
      const decision = await store.admit(attempt);
      if (decision.decision !== "unknown") return ofGrown(decision, userId);
      await users.load(userId, decision.asked);
    }
    throw new Refusal("unavailable");
  };

  /** In raid mode a message of a young account is not admitted, unless its author runs the cluster. */
  function ofGrown(decision: Exclude<Decision, { decision: "unknown" }>, userId: string): Admitted {
    if (!("role" in decision) || decision.role !== "user") return decision;
    const waitMs = tooNewMs(userId);
    return waitMs > 0 ? { decision: "too_new", waitMs } : decision;
  }
}
