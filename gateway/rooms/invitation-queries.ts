/** SQL of the links by which people join a private room. Only hashes of their tokens are stored. */
import type { Db } from "../../shared/server/postgres/pool.ts";

/** `inviter`: the nickname of the one who made the link. */
export type FoundInvitation = { id: string; room: string; title: string; members: number; inviter: string };

export type InvitationQueries = ReturnType<typeof createInvitationQueries>;

export function createInvitationQueries(db: Db) {
  return {
    /** Links of the room that still work. Ended ones of all rooms are forgotten here, a few at a time. */
    async count(roomId: number): Promise<number> {
      await db`
        delete from room_invitations where id = any(array(
          select id from room_invitations where expires_at < now() limit 100
        ))`;
      const [counted] = await db<{ count: number }[]>`
        select count(*)::integer as count from room_invitations
        where room_id = ${roomId} and expires_at > now() and uses_left > 0`;
      return counted?.count ?? 0;
    },

    async add(roomId: number, by: string, hash: Buffer, endsAt: number, uses: number): Promise<void> {
      await db`
        insert into room_invitations (room_id, created_by, hash, expires_at, uses_left)
        values (${roomId}, ${by}, ${hash}, ${new Date(endsAt)}, ${uses})`;
    },

    /** Ends every link of the room. */
    async endAll(roomId: number): Promise<void> {
      await db`delete from room_invitations where room_id = ${roomId}`;
    },

    /** @returns undefined when no link that still works has this hash. */
    async find(hash: Buffer): Promise<FoundInvitation | undefined> {
      const [found] = await db<FoundInvitation[]>`
        select link.id::text, name as room, title, nickname as inviter,
          (select count(*)::integer from room_members where room_id = rooms.id) as members
        from room_invitations link join rooms on rooms.id = link.room_id join users on users.id = link.created_by
        where hash = ${hash} and expires_at > now() and uses_left > 0`;
      return found;
    },

    /** @returns false when the link ended meanwhile. */
    async spend(id: string): Promise<boolean> {
      const { count } = await db`
        update room_invitations set uses_left = uses_left - 1
        where id = ${id} and expires_at > now() and uses_left > 0`;
      return count === 1;
    },
  };
}
