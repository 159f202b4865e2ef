/**
 * The events of the control log, which gateways and the admin command write and every gateway reads, and how long they
 * are kept. A gateway skips kinds that it does not know, because a newer gateway may write them.
 */
import type { PublicUser } from "../../server-frames.ts";

/** `version` of the user's row, because events may arrive out of order; missing from gateways of an older release. */
type Versioned = { version?: number };
export type ControlEvent =
  | { kind: "sessions_ended"; sessions: string[] }
  /** `by`: the moderator; absent for the spam rule. `nickname`: the user's. */
  | ({
      kind: "restricted";
      user: string;
      reason: string;
      until: number | null;
      by?: string;
      nickname?: string;
    } & Versioned)
  /** `before`: the previous nickname, if the nickname changed; otherwise the role changed. */
  | ({ kind: "user_changed"; user: PublicUser; before?: string } & Versioned)
  /** `until` in ms since the epoch; null: permanent; 0: lifts the ban. */
  | ({ kind: "banned"; user: string; until: number | null; reason?: string } & Versioned)
  | { kind: "account_closed"; user: string }
  /** Accounts younger than `minutes` write nothing; null: that is over. */
  | { kind: "raid"; raid: { minutes: number; until: number } | null }
  | { kind: "room_created"; room: string }
  | { kind: "room_changed"; room: string }
  /**
   * A private room was created, changed or deleted. Apart from `room_changed`, of which everybody hears. `members`: the people
   * with another list of rooms now; `gone`: the ones among them who are out of the room since this version of its members.
   */
  | { kind: "private_room"; room: string; version: number; members: string[]; gone: string[] }
  /** The user visited a public room for the first time, took one off their own list, or chose how much they hear of a room. */
  | { kind: "own_rooms"; user: string };

/** How much longer than a token's lifetime events are kept, because clocks differ and requests may be slow. */
const MARGIN_MS = 5 * 60_000;

/** How long events are kept, in ms: at least for the whole life of an access token. */
export const controlKeepMs = (accessTokenMs: number): number => accessTokenMs + MARGIN_MS;
