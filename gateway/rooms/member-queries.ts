/** SQL of private rooms: their creation, members and links, and the direct lines of pairs. */
import type { RoomMember, RoomRole } from "../../shared/http-api.ts";
import type { Db, Transaction } from "../../shared/server/postgres/pool.ts";
import type { PublicUser } from "../../shared/server-frames.ts";

/** A private room or direct line whose row is locked. `lastSeq`: its highest seq in PostgreSQL. */
export type HeldCircle = {
  id: number;
  name: string;
  title: string;
  kind: "private" | "direct";
  lastSeq: number;
  members: ReadonlyMap<string, RoomRole>;
};
export type NewCircle = { name: string; title: string; kind: HeldCircle["kind"]; by: string };
export type OwnCircle = {
  name: string;
  title: string;
  slowModeMs: number;
  kind: HeldCircle["kind"];
  role: RoomRole;
  /** The other person of a direct line; null: their account is closed. */
  with: PublicUser | null;
};

/** An arbitrary number that no other lock in this database has. */
const PRIVATE_ROOMS_LOCK = 7_834_204;

export type MemberQueries = ReturnType<typeof createMemberQueries>;

/** For the transaction of one change. */
export function createMemberQueries(tx: Transaction) {
  return {
    /** Locks a private room, so that its members change one after the other. */
    async hold(name: string): Promise<HeldCircle | undefined> {
      const [room] = await tx<Omit<HeldCircle, "members">[]>`
        select id, name, title, kind, last_seq::float8 as "lastSeq" from rooms
        where name = ${name} and kind <> 'public' for update`;
      return room && { ...room, members: await membersOf(room.id) };
    },

    membersOf,

    async findVersion(id: number): Promise<number> {
      const [room] = await tx<{ version: number }[]>`
        select members_version as version from rooms where id = ${id}`;
      return room?.version ?? Number.MAX_SAFE_INTEGER;
    },

    /** Private rooms are created one at a time, so that two at once cannot pass the limit. */
    async countAll(max: number): Promise<number> {
      await tx`select pg_advisory_xact_lock(${PRIVATE_ROOMS_LOCK})`;
      const [counted] = await tx<{ count: number }[]>`
        select count(*)::integer as count from (select from rooms where kind <> 'public' limit ${max}) r`;
      return counted?.count ?? 0;
    },

    /** How many rooms of a kind the user is in. */
    async countOf(userId: string, kind: HeldCircle["kind"]): Promise<number> {
      const [counted] = await tx<{ count: number }[]>`
        select count(*)::integer as count from room_members join rooms on rooms.id = room_id
        where user_id = ${userId} and kind = ${kind}`;
      return counted?.count ?? 0;
    },

    /** Archived and hidden to gateways of the release before, which know no private rooms. @returns its id. */
    async addRoom({ name, title, kind, by }: NewCircle): Promise<number> {
      const [room] = await tx<{ id: number }[]>`
        insert into rooms (name, title, created_by, kind, archived_at, history_hidden, let_go_at)
        values (${name}, ${title}, ${by}, ${kind}, now(), true, now()) returning id`;
      if (room === undefined) throw new Error("a new private room has no row");
      return room.id;
    },

    async addMember(id: number, userId: string, role: RoomRole): Promise<void> {
      await tx`insert into room_members (room_id, user_id, role) values (${id}, ${userId}, ${role})`;
      await raiseVersion(id);
    },

    async setRole(id: number, userId: string, role: RoomRole): Promise<void> {
      await tx`update room_members set role = ${role} where room_id = ${id} and user_id = ${userId}`;
      await raiseVersion(id);
    },

    /** The name of a member, whose account may be banned or closed. */
    async findNamed(userId: string): Promise<{ id: string; nickname: string }> {
      const [user] = await tx<{ id: string; nickname: string }[]>`
        select id, nickname from users where id = ${userId}`;
      return user ?? { id: userId, nickname: "" };
    },

    /** Takes a member out; when the last owner goes, another one is made. */
    async leave(id: number, userId: string): Promise<void> {
      await tx`select leave_room(${id}, ${userId})`;
    },

    async change(id: number, title: string | undefined, slowModeMs: number | undefined): Promise<void> {
      await tx`
        update rooms set title = coalesce(${title ?? null}, title),
          slow_mode_ms = coalesce(${slowModeMs ?? null}, slow_mode_ms)
        where id = ${id}`;
    },

    /** Removes the room; the worker removes its messages. @param lastSeq the highest seq of its events. */
    async remove(id: number, lastSeq: number): Promise<void> {
      await tx`select delete_room(${id}, ${lastSeq})`;
    },

    /** Waits for another transaction that opens the line of this pair. @returns the room's name, if there is one. */
    async holdLine(one: string, other: string): Promise<string | undefined> {
      await tx`select pg_advisory_xact_lock(hashtextextended(${`${one} ${other}`}, ${PRIVATE_ROOMS_LOCK}))`;
      const [line] = await tx<{ name: string }[]>`
        select name from direct_lines join rooms on rooms.id = room_id
        where one = ${one} and other = ${other}`;
      return line?.name;
    },

    async addLine(one: string, other: string, id: number): Promise<void> {
      await tx`insert into direct_lines (one, other, room_id) values (${one}, ${other}, ${id})`;
    },
  };

  async function membersOf(id: number): Promise<Map<string, RoomRole>> {
    const rows = await tx<{ userId: string; role: RoomRole }[]>`
      select user_id as "userId", role from room_members where room_id = ${id}`;
    return new Map(rows.map(({ userId, role }) => [userId, role]));
  }

  async function raiseVersion(id: number): Promise<void> {
    await tx`update rooms set members_version = members_version + 1 where id = ${id}`;
  }
}

export type MemberReads = ReturnType<typeof createMemberReads>;

export function createMemberReads(db: Db) {
  return {
    /** Owners first, then moderators, then by how long they are in the room. */
    listMembers: async (id: number): Promise<RoomMember[]> =>
      db<RoomMember[]>`
        select users.id, nickname, users.role, room_members.role as "roomRole",
          floor(extract(epoch from joined_at) * 1000)::float8 as "joinedAt"
        from room_members join users on users.id = user_id
        where room_id = ${id} and closed_at is null
        order by room_members.role = 'owner' desc, room_members.role = 'moderator' desc, joined_at, users.id`,

    /** The private rooms and direct lines of a user, the latest visited first. */
    listCircles: async (userId: string, max: number): Promise<OwnCircle[]> =>
      db<OwnCircle[]>`
        select name, title, slow_mode_ms as "slowModeMs", kind, own.role, (
          select json_build_object('id', users.id, 'nickname', nickname, 'role', users.role)
          from direct_lines line join users on users.id in (one, other) and users.id <> ${userId}
          where line.room_id = rooms.id and closed_at is null
        ) as "with"
        from room_members own join rooms on rooms.id = own.room_id
          left join visited_rooms visit on visit.room_id = rooms.id and visit.user_id = ${userId}
        where own.user_id = ${userId}
        order by coalesce(visited_at, joined_at) desc, rooms.id desc limit ${max}`,

    /** The names of the rooms that a user is a member of. */
    async listNamesOf(userId: string): Promise<string[]> {
      const rows = await db<{ name: string }[]>`
        select name from room_members join rooms on rooms.id = room_id where user_id = ${userId} order by rooms.id`;
      return rows.map(({ name }) => name);
    },
  };
}
