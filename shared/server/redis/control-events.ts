/**
 * The events of the control log, as gateways and the admin command write them and every gateway reads them, and how long they
 * are kept. A newer gateway may write kinds that an older one skips.
 */
import type { PublicUser } from "../../server-frames.ts";

/** Of the user's row, because events may overtake one another; a gateway of an older release writes none. */
type Versioned = { version?: number };
export type ControlEvent =
  | { kind: "sessions_ended"; sessions: string[] }
  /** `by`: the moderator; without one it was the spam rule. `nickname`: the user's. */
  | ({
      kind: "restricted";
      user: string;
      reason: string;
      until: number | null;
      by?: string;
      nickname?: string;
    } & Versioned)
  /** `before`: the nickname that the user had, when that is what changed; otherwise it was the role. */
  | ({ kind: "user_changed"; user: PublicUser; before?: string } & Versioned)
  /** `until`: null is for good, 0 lifts the ban. */
  | ({ kind: "banned"; user: string; until: number | null; reason?: string } & Versioned)
  | { kind: "account_closed"; user: string }
  | { kind: "room_created"; room: string }
  | { kind: "room_changed"; room: string };

/** Clocks and slow requests: kept this much longer than a token lives. */
const MARGIN_MS = 5 * 60_000;

/** How far back the log reaches: for the whole life of an access token. */
export const controlKeepMs = (accessTokenMs: number): number => accessTokenMs + MARGIN_MS;
