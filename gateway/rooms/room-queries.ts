/**
 * SQL of rooms: found, created within the limits, changed and closed, listed by the page and searched; and of visits to
 * them.
 */
import type { Archived, RoomRole } from "../../shared/http-api.ts";
import { VISITED_MAX } from "../../shared/limits.ts";
import { type Db, inTransaction, type Transaction } from "../../shared/server/postgres/pool.ts";

export type RoomQueries = ReturnType<typeof createRoomQueries>;
type RoomKind = "public" | "private" | "direct";
/** The members of a private room or a direct line. `version`: raised by each change of them. */
type Circle = {
  kind: Exclude<RoomKind, "public">;
  version: number;
  members: ReadonlyMap<string, RoomRole>;
};
/** `bornSeq`: highest seq of earlier rooms of this name; 0: there were none. `circle`: absent for a public room. */
export type StoredRoom = {
  id: number;
  name: string;
  title: string;
  slowModeMs: number;
  archived: Archived | undefined;
  bornSeq: number;
  circle?: Circle;
};
type Row = Omit<StoredRoom, "archived" | "circle"> & { archived: Archived | null };
type FoundRow = Row & { kind: RoomKind; version: number; members: Record<string, RoomRole> | null };
/** `lastSeq`: the room's highest seq in PostgreSQL. */
export type HeldRoom = StoredRoom & { lastSeq: number };
export type NewRoom = { name: string; title: string; userId: string };
/** Max rooms created by one user, and max rooms in all. */
export type RoomLimits = { perUser: number; max: number };
export type NotAdded = "taken" | "user_cap" | "cluster_cap";
/** A search: a part of the name or title ('' for any), and whether in archived rooms. */
export type Sought = { text: string; archived: boolean };

/** An arbitrary number that no other lock in this database has. */
const ROOMS_LOCK = 7_834_203;

const roomColumns = (db: Db) => db`
  id, name, title, slow_mode_ms as "slowModeMs", born_seq::float8 as "bornSeq",
  case when archived_at is null or kind <> 'public' then null when history_hidden then 'hidden' else 'shown' end
    as archived`;

const ofRow = <R extends Row>(row: R) => ({ ...row, archived: row.archived ?? undefined });

function ofFound({ kind, version, members, ...row }: FoundRow): StoredRoom {
  if (kind === "public") return ofRow(row);
  return { ...ofRow(row), circle: { kind, version, members: new Map(Object.entries(members ?? {})) } };
}

const isSought = (db: Db, { text, archived }: Sought) => db`
  kind = 'public' and
  ${archived ? db`archived_at is not null` : db`archived_at is null`}
  ${text === "" ? db`` : db`and strpos(search_text, search_fold(${text})) > 0`}`;

/**
 * Lets the index find a text. Costly for each room that is found in another way, so only for queries over all rooms.
 */
const byIndex = (db: Db, text: string) =>
  text === ""
    ? db``
    : db`and search_grams(search_text, 1) @> search_grams(search_fold(${text}), least(3, length(search_fold(${text}))))`;

export function createRoomQueries(db: Db) {
  const columns = roomColumns(db);

  /** Finds a room of any kind: access.ts says who may know of it. */
  async function find(name: string): Promise<StoredRoom | undefined> {
    const [row] = await db<FoundRow[]>`
      select ${columns}, kind, members_version as version, case when kind <> 'public' then (
        select json_object_agg(user_id, role) from room_members where room_id = rooms.id
      ) end as members
      from rooms where name = ${name}`;
    return row && ofFound(row);
  }

  return {
    find,

    /** As `find`, after a transaction that is changing the room's members has ended. */
    async findSettled(name: string): Promise<StoredRoom | undefined> {
      // Apart, because a statement that waited for a row reads everything else as it was before.
      await db`select from rooms where name = ${name} for key share`;
      return find(name);
    },

    /** The first of these rooms that exist and match, in the order of the names. */
    async listNamed(names: string[], sought: Sought, max = names.length): Promise<StoredRoom[]> {
      const rows = await db<Row[]>`
        select ${columns}
        from unnest(${names}::text[]) with ordinality as given (name, place) join rooms using (name)
        where ${isSought(db, sought)}
        order by place limit ${max}`;
      return rows.map(ofRow);
    },

    /** Matching rooms by name, after a name and without the given ones. */
    async listOthers(sought: Sought, after: string, without: string[], max: number): Promise<StoredRoom[]> {
      const rows = await db<Row[]>`
        select ${columns} from rooms
        where name > ${after} and not (name = any(${without})) and ${isSought(db, sought)}
          ${byIndex(db, sought.text)}
        order by name limit ${max}`;
      return rows.map(ofRow);
    },

    /**
     * Rooms are created one at a time in the cluster, so that two at once cannot pass a limit.
     * @param roomLimits undefined: no limits.
     */
    add: (
      { name, title, userId }: NewRoom,
      roomLimits: RoomLimits | undefined,
    ): Promise<StoredRoom | NotAdded> =>
      inTransaction(db, async (tx) => {
        await tx`select pg_advisory_xact_lock(${ROOMS_LOCK})`;
        const reached = roomLimits && (await reachedCap(tx, userId, roomLimits));
        if (reached) return reached;
        const [row] = await tx<Row[]>`
          insert into rooms (name, title, created_by)
          select ${name}, ${title}, (select id from users where id = ${userId})
          on conflict (name) do nothing
          returning ${roomColumns(tx)}`;
        return row ? ofRow(row) : "taken";
      }),

    /** A field without a value stays. @returns the public room after the change; undefined when there is none. */
    async change(
      name: string,
      { title, slowModeMs }: { title?: string | undefined; slowModeMs?: number | undefined },
    ): Promise<StoredRoom | undefined> {
      const [row] = await db<Row[]>`
        update rooms set title = coalesce(${title ?? null}, title),
          slow_mode_ms = coalesce(${slowModeMs ?? null}, slow_mode_ms)
        where name = ${name} and kind = 'public' returning ${columns}`;
      return row && ofRow(row);
    },

    /** Locks a public room in a transaction: until its end no worker writes to the room and no gateway restores it. */
    async lock(name: string): Promise<HeldRoom | undefined> {
      const [row] = await db<(Row & { lastSeq: number })[]>`
        select ${columns}, last_seq::float8 as "lastSeq" from rooms
        where name = ${name} and kind = 'public' for update`;
      return row && ofRow(row);
    },

    async archive(id: number, history: Archived): Promise<void> {
      await db`
        update rooms set archived_at = coalesce(archived_at, now()), history_hidden = ${history === "hidden"}
        where id = ${id}`;
    },

    async reopen(id: number): Promise<void> {
      await db`update rooms set archived_at = null, history_hidden = false, let_go_at = null where id = ${id}`;
    },

    /** Removes the room; the worker removes its messages. @param lastSeq the highest seq of the room's events. */
    async remove(id: number, lastSeq: number): Promise<void> {
      await db`select delete_room(${id}, ${lastSeq})`;
    },

    /** The open rooms that a user created or visited, the latest first. */
    async listOf(userId: string): Promise<(StoredRoom & { made: boolean })[]> {
      const rows = await db<(Row & { made: boolean })[]>`
        select ${columns}, coalesce(created_by = ${userId}, false) as made
        from rooms left join visited_rooms on room_id = rooms.id and user_id = ${userId}
        where archived_at is null and rooms.id in (
          (select room_id from visited_rooms where user_id = ${userId} order by visited_at desc limit ${VISITED_MAX})
          union
          (select id from rooms where created_by = ${userId} and archived_at is null order by id desc limit ${VISITED_MAX})
        )
        order by coalesce(visited_at, created_at) desc, rooms.id desc
        limit ${VISITED_MAX}`;
      return rows.map(ofRow);
    },

    /** Records a visit, and forgets the user's oldest ones beyond a limit. @returns whether the room is new on the user's list. */
    async addVisit(userId: string, roomId: number): Promise<boolean> {
      const [row] = await db<{ isNew: boolean }[]>`
        insert into visited_rooms (user_id, room_id)
        select id, ${roomId} from users where id = ${userId} and closed_at is null
        on conflict (user_id, room_id) do update set visited_at = now()
        returning xmax = 0 as "isNew"`;
      await db`
        delete from visited_rooms where user_id = ${userId} and room_id in (
          select room_id from visited_rooms where user_id = ${userId} order by visited_at desc offset ${VISITED_MAX}
        )`;
      return row?.isNew === true;
    },

    /** @returns whether there was a visit. */
    async removeVisit(userId: string, roomId: number): Promise<boolean> {
      const { count } = await db`delete from visited_rooms where user_id = ${userId} and room_id = ${roomId}`;
      return count > 0;
    },
  };
}

async function reachedCap(
  tx: Transaction,
  userId: string,
  roomLimits: RoomLimits,
): Promise<NotAdded | undefined> {
  const [counted] = await tx<{ all: number; own: number; plain: boolean }[]>`
    select
      (select count(*) from (select from rooms where archived_at is null limit ${roomLimits.max}) r)::integer as "all",
      (select count(*) from (
        select from rooms where created_by = ${userId} and archived_at is null limit ${roomLimits.perUser}
      ) r)::integer as own,
      (select role = 'user' from users where id = ${userId}) as plain`;
  if (counted?.plain && counted.own >= roomLimits.perUser) return "user_cap";
  return counted && counted.all >= roomLimits.max ? "cluster_cap" : undefined;
}
