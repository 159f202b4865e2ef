/** SQL that takes closed accounts out of private rooms. */
import type { Db, Transaction } from "../shared/server/postgres/pool.ts";

export type LeftMember = { userId: string; room: string };
/** A private room whose row is locked. `lastSeq`: its highest seq in PostgreSQL. */
type HeldRoom = { id: number; lastSeq: number };
type Member = { userId: string; role: string };

export function createLeftMemberQueries(db: Db) {
  return {
    /**
     * Members of private rooms whose account closed a while ago, so that its gateway has had the time to take them out.
     * @param everything false: only those that closed within the last day.
     */
    async findLeft(everything: boolean, max: number): Promise<LeftMember[]> {
      return await db<LeftMember[]>`
        select user_id as "userId", name as room
        from users join room_members on user_id = users.id join rooms on rooms.id = room_id
        where closed_at < now() - interval '5 seconds'
          and (${everything} or closed_at > now() - interval '1 day')
        limit ${max}`;
    },
  };
}

export function createLeavingQueries(tx: Transaction) {
  return {
    async hold(name: string): Promise<HeldRoom | undefined> {
      const [room] = await tx<HeldRoom[]>`
        select id, last_seq::float8 as "lastSeq" from rooms where name = ${name} and kind <> 'public' for update`;
      return room;
    },

    /** When the last owner goes, another one is made. */
    async leave(id: number, userId: string): Promise<void> {
      await tx`select leave_room(${id}, ${userId})`;
    },

    async membersOf(id: number): Promise<Map<string, string>> {
      const rows = await tx<Member[]>`
        select user_id as "userId", role from room_members where room_id = ${id}`;
      return new Map(rows.map(({ userId, role }) => [userId, role]));
    },

    async findVersion(id: number): Promise<number> {
      const [room] = await tx<{ version: number }[]>`
        select members_version as version from rooms where id = ${id}`;
      return room?.version ?? Number.MAX_SAFE_INTEGER;
    },

    /** @param lastSeq the highest seq of the room's events, which emptying it asks for. */
    async remove(id: number, lastSeq: number): Promise<void> {
      await tx`select delete_room(${id}, ${lastSeq})`;
    },
  };
}
