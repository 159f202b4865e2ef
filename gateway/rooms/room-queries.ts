/** SQL of which rooms there are: found, made within the caps, listed by the page and searched. */
import type { Archived } from "../../shared/http-api.ts";
import { VISITED_MOST } from "../../shared/limits.ts";
import type { Sql, Transaction } from "../../shared/server/postgres/pool.ts";

export type DirectoryQueries = ReturnType<typeof createDirectoryQueries>;
/** `bornSeq`: earlier rooms of this name had no higher seq; 0: there were none. */
export type StoredRoom = {
  id: number;
  name: string;
  title: string;
  slowModeMs: number;
  archived: Archived | null;
  bornSeq: number;
};
export type NewRoom = { name: string; title: string; userId: string };
/** Rooms that one user may have made, and that there may be. */
export type RoomCaps = { perUser: number; most: number };
export type NotAdded = "taken" | "user_cap" | "cluster_cap";
/** Which rooms are meant: what their name or title holds, '' for any, and whether those that are archived. */
export type Sought = { text: string; archived: boolean };

/** Any number that nothing else in this database locks. */
const ROOMS_LOCK = 7_834_203;

export const roomColumns = (db: Sql | Transaction) => db`
  id, name, title, slow_mode_ms as "slowModeMs", born_seq::float8 as "bornSeq",
  case when archived_at is null then null when history_hidden then 'hidden' else 'shown' end as archived`;

const isSought = (sql: Sql, { text, archived }: Sought) => sql`
  ${archived ? sql`archived_at is not null` : sql`archived_at is null`}
  ${text === "" ? sql`` : sql`and strpos(search_text, search_fold(${text})) > 0`}`;

/** The condition by which the index finds a text. Dear for each room that is found in another way: only where any room may be meant. */
const byIndex = (sql: Sql, text: string) =>
  text === ""
    ? sql``
    : sql`and search_grams(search_text, 1) @> search_grams(search_fold(${text}), least(3, length(search_fold(${text}))))`;

export function createDirectoryQueries(sql: Sql) {
  return {
    findRoom: (name: string): Promise<StoredRoom | null> =>
      sql<StoredRoom[]>`select ${roomColumns(sql)} from rooms where name = ${name}`.then(
        ([room]) => room ?? null,
      ),

    /** The first of the rooms that are there and sought, in the order of the names. */
    listNamed: (names: string[], sought: Sought, most = names.length): Promise<StoredRoom[]> =>
      sql<StoredRoom[]>`
        select ${roomColumns(sql)}
        from unnest(${names}::text[]) with ordinality as given (name, place) join rooms using (name)
        where ${isSought(sql, sought)}
        order by place limit ${most}`.then((rooms) => [...rooms]),

    /** Those sought, by name, after a name and without the given ones. */
    listOthers: (sought: Sought, after: string, without: string[], most: number): Promise<StoredRoom[]> =>
      sql<StoredRoom[]>`
        select ${roomColumns(sql)} from rooms
        where name > ${after} and not (name = any(${without})) and ${isSought(sql, sought)}
          ${byIndex(sql, sought.text)}
        order by name limit ${most}`.then((rooms) => [...rooms]),

    /** One room at a time is made in the cluster, so that two at once cannot pass a cap. @param caps null: there are none. */
    addRoom({ name, title, userId }: NewRoom, caps: RoomCaps | null): Promise<StoredRoom | NotAdded> {
      return sql.begin(async (tx) => {
        await tx`select pg_advisory_xact_lock(${ROOMS_LOCK})`;
        const reached = caps && (await reachedCap(tx, userId, caps));
        if (reached) return reached;
        const [room] = await tx<StoredRoom[]>`
          insert into rooms (name, title, created_by)
          select ${name}, ${title}, (select id from users where id = ${userId})
          on conflict (name) do nothing
          returning ${roomColumns(tx)}`;
        return room ?? "taken";
      }) as Promise<StoredRoom | NotAdded>;
    },

    /** The open rooms that a user made or went to, the latest first. */
    ownRooms: (userId: string): Promise<(StoredRoom & { made: boolean })[]> =>
      sql<(StoredRoom & { made: boolean })[]>`
        select ${roomColumns(sql)}, coalesce(created_by = ${userId}, false) as made
        from rooms left join visited_rooms on room_id = rooms.id and user_id = ${userId}
        where archived_at is null and rooms.id in (
          (select room_id from visited_rooms where user_id = ${userId} order by visited_at desc limit ${VISITED_MOST})
          union
          (select id from rooms where created_by = ${userId} and archived_at is null order by id desc limit ${VISITED_MOST})
        )
        order by coalesce(visited_at, created_at) desc, rooms.id desc
        limit ${VISITED_MOST}`.then((rooms) => [...rooms]),

    /** The user goes to the room now; the rooms they went to before the last so many are forgotten. */
    async addVisit(userId: string, roomId: number): Promise<void> {
      await sql`
        insert into visited_rooms (user_id, room_id)
        select id, ${roomId} from users where id = ${userId} and closed_at is null
        on conflict (user_id, room_id) do update set visited_at = now()`;
      await sql`
        delete from visited_rooms where user_id = ${userId} and room_id in (
          select room_id from visited_rooms where user_id = ${userId} order by visited_at desc offset ${VISITED_MOST}
        )`;
    },

    async removeVisit(userId: string, roomId: number): Promise<void> {
      await sql`delete from visited_rooms where user_id = ${userId} and room_id = ${roomId}`;
    },
  };
}

async function reachedCap(tx: Transaction, userId: string, caps: RoomCaps): Promise<NotAdded | null> {
  const [counted] = await tx<{ all: number; own: number; plain: boolean }[]>`
    select
      (select count(*) from (select from rooms where archived_at is null limit ${caps.most}) r)::integer as "all",
      (select count(*) from (
        select from rooms where created_by = ${userId} and archived_at is null limit ${caps.perUser}
      ) r)::integer as own,
      (select role = 'user' from users where id = ${userId}) as plain`;
  if (counted?.plain && counted.own >= caps.perUser) return "user_cap";
  return counted && counted.all >= caps.most ? "cluster_cap" : null;
}

/** Holds the room: no worker writes to it and no gateway restores it until the transaction ends. Null: there is none. */
export async function lockRoom(
  tx: Transaction,
  name: string,
): Promise<(StoredRoom & { lastSeq: number }) | null> {
  const [room] = await tx<(StoredRoom & { lastSeq: number })[]>`
    select ${roomColumns(tx)}, last_seq::float8 as "lastSeq" from rooms where name = ${name} for update`;
  return room ?? null;
}

export async function archiveRoom(tx: Transaction, id: number, history: Archived): Promise<void> {
  await tx`
    update rooms set archived_at = coalesce(archived_at, now()), history_hidden = ${history === "hidden"}
    where id = ${id}`;
}

export async function reopenRoom(tx: Transaction, id: number): Promise<void> {
  await tx`update rooms set archived_at = null, history_hidden = false, let_go_at = null where id = ${id}`;
}

/** What was said in it is the worker's to remove. @param lastSeq no event of the room has a higher seq. */
export async function deleteRoom(tx: Transaction, id: number, lastSeq: number): Promise<void> {
  await tx`select delete_room(${id}, ${lastSeq})`;
}
