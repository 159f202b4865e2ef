/**
 * `typing`: a short-lived signal to the others in a small room. It is never stored, and dropped without an answer; a
 * muted user's always is.
 */
import type { Typing } from "../../../shared/client-frames.ts";
import type { RoomLogStore } from "../../../shared/server/redis/room-log-store.ts";
import type { TypingSignal } from "../../../shared/server-frames.ts";
import type { Users } from "../../accounts/user-cache.ts";
import type { Presence } from "../../presence/presence.ts";
import type { Socket } from "../connection.ts";
import type { Membership } from "../membership.ts";

const EVERY_MS = 3_000;
/** Above so many people nobody could follow who is typing: no signal is sent. */
const LARGE_ROOM = 50;

export function createTyping(
  scripts: Pick<RoomLogStore, "typing">,
  presence: Pick<Presence, "count">,
  membership: Membership,
  users: Pick<Users, "find">,
) {
  return async (socket: Socket, { room }: Typing): Promise<void> => {
    const { id } = await membership(socket, room);
    if ((presence.count(room)?.people ?? 0) > LARGE_ROOM) return;
    const { user, restricted } = await users.find(id);
    if (restricted !== undefined) return;
    const { nickname } = user;
    const signal: TypingSignal = { type: "typing", room, user: { id, nickname } };
    await scripts.typing(room, id, EVERY_MS, JSON.stringify(signal));
  };
}
