/** Announcements: a line of a room that is nobody's message, for those who moderate it. Shown as a notice with a text. */
import { ANNOUNCEMENT_CHARS } from "../../shared/limits.ts";
import { draftNotice } from "../../shared/server/redis/event-draft.ts";
import type { PublicUser } from "../../shared/server-frames.ts";
import { prepareText } from "../../shared/text.ts";
import type { Mutes } from "../accounts/mutes.ts";
import type { Users } from "../accounts/user-cache.ts";
import { Refusal } from "../errors.ts";
import type { RoomLog } from "../room-log/room-log.ts";

export type Announcing = { userId: string; room: string; clientId: string; text: string };
export type Announce = ReturnType<typeof createAnnounce>;
type AnnounceDeps = {
  users: Pick<Users, "find">;
  mutes: Pick<Mutes, "refuse">;
  log: Pick<RoomLog, "append">;
  /** Whether a user may moderate a room. */
  moderates: (user: PublicUser, room: string) => boolean | Promise<boolean>;
};

export function createAnnounce({ users, mutes, log, moderates }: AnnounceDeps) {
  /**
   * Appends the text, on one line, as an event of the room; a client id sent before gets its first seq again.
   * @throws Refusal `empty`, `too_long`, `invalid`, `muted`, `unauthenticated`, `forbidden`, or as the append; Unavailable.
   */
  return async ({ userId, room, clientId, text: raw }: Announcing): Promise<{ seq: number }> => {
    const prepared = prepareText(raw.replace(/\s+/gu, " "), ANNOUNCEMENT_CHARS);
    if (!prepared.ok) throw new Refusal(prepared.code);
    await mutes.refuse(userId);
    const { user } = await users.find(userId);
    if (!(await moderates(user, room))) throw new Refusal("forbidden");
    const { text } = prepared;
    const { seq } = await log.append(draftNotice({ room, clientId }, { code: "announcement", user, text }));
    return { seq };
  };
}
