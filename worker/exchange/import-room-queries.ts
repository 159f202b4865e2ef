/** SQL of the rooms of an import: those that it creates, and those that it adds to. */
import { type Db, inTransaction, type Transaction } from "../../shared/server/postgres/pool.ts";

export type ImportedRoom = {
  name: string;
  roomId: number;
  /** The room existed before the import, and is in use during it. */
  existed: boolean;
  firstSeq: number;
  nextSeq: number;
};

/** The lock under which gateways create rooms (gateway/rooms/room-queries.ts). */
const ROOMS_LOCK = 7_834_203;

export function createImportRoomQueries(db: Db) {
  return {
    /** The rooms of an import that are not open yet. */
    findUnsettled(importId: number): Promise<ImportedRoom[]> {
      return db<ImportedRoom[]>`
        select name, room_id as "roomId", existed, first_seq::float8 as "firstSeq", next_seq::float8 as "nextSeq"
        from imported_rooms where import_id = ${importId} and settled_at is null order by name`;
    },

    findKnown(names: string[]): Promise<KnownRoom[]> {
      return db<KnownRoom[]>`
        select name, id, last_seq::float8 as "lastSeq", born_seq::float8 as "bornSeq",
          coalesce(epoch_seq, 0)::float8 as "epochSeq"
        from rooms where name = any(${names}::text[])`;
    },

    /**
     * Reserves the names of rooms that do not exist yet: nobody can create such a room until it is settled.
     * @returns the rooms; a missing name was taken, by a room or by another import.
     */
    reserveRooms(importId: number, names: string[]): Promise<ImportedRoom[]> {
      return inTransaction(db, async (tx) => {
        await tx`select pg_advisory_xact_lock(${ROOMS_LOCK})`;
        return tx<ImportedRoom[]>`
          insert into imported_rooms (import_id, name, room_id, existed, first_seq, next_seq)
          select ${importId}, name, nextval(pg_get_serial_sequence('rooms', 'id')), false, first, first
          from unnest(${names}::text[]) as name
          cross join lateral (
            select coalesce(max(last_seq) + 1000000, 0) + 1 as first from deleted_rooms where deleted_rooms.name = name.name
          ) born
          where not exists (select from rooms where rooms.name = name.name)
          on conflict do nothing
          returning name, room_id as "roomId", existed, first_seq::float8 as "firstSeq", next_seq::float8 as "nextSeq"`;
      });
    },

    /** Reserves a range of seqs of an existing room. @returns undefined: another import has one. */
    async reserveRange(
      importId: number,
      { name, id }: KnownRoom,
      firstSeq: number,
    ): Promise<ImportedRoom | undefined> {
      const [row] = await db<ImportedRoom[]>`
        insert into imported_rooms (import_id, name, room_id, existed, first_seq, next_seq)
        values (${importId}, ${name}, ${id}, true, ${firstSeq}, ${firstSeq})
        on conflict do nothing
        returning name, room_id as "roomId", existed, first_seq::float8 as "firstSeq", next_seq::float8 as "nextSeq"`;
      return row;
    },

    /** Opens rooms that the import created and completed; the name of one without a message is free again. */
    async openRooms(importId: number, names: string[]): Promise<void> {
      await inTransaction(db, async (tx) => {
        await tx`
          update imported_rooms set settled_at = now()
          where import_id = ${importId} and not existed and settled_at is null and name = any(${names}::text[])`;
        await tx`
          insert into rooms (id, name, title, last_seq) overriding system value
          select room_id, name, coalesce(title, name), next_seq - 1 from imported_rooms
          where import_id = ${importId} and not existed and name = any(${names}::text[]) and next_seq > first_seq
          order by name`;
      });
    },

    async markSettled(importId: number, name: string): Promise<void> {
      await db`update imported_rooms set settled_at = now() where import_id = ${importId} and name = ${name}`;
    },
  };
}

export type KnownRoom = {
  name: string;
  id: number;
  lastSeq: number;
  bornSeq: number;
  /** The start of its newest epoch. */
  epochSeq: number;
};

export function createHeldRoomQueries(tx: Transaction) {
  return {
    /** Locks the existing rooms until the transaction ends. @returns the ids of rooms that are not deleted. */
    async holdRooms(rooms: ImportedRoom[]): Promise<Set<number>> {
      const [there, fresh] = [
        rooms.filter(({ existed }) => existed),
        rooms.filter(({ existed }) => !existed),
      ];
      const held =
        there.length === 0
          ? []
          : await tx<{ id: number }[]>`
        select id from rooms where id = any(${there.map(({ roomId }) => roomId)}::integer[]) order by id for key share`;
      return new Set([...held.map(({ id }) => id), ...fresh.map(({ roomId }) => roomId)]);
    },

    /** @param rooms with the title that the lines give; a room that has one keeps it. */
    async advanceRooms(
      importId: number,
      rooms: (ImportedRoom & { title: string | undefined })[],
    ): Promise<void> {
      await tx`
        update imported_rooms set next_seq = given.next_seq, title = coalesce(imported_rooms.title, given.title)
        from unnest(
          ${rooms.map(({ name }) => name)}::text[],
          ${rooms.map(({ nextSeq }) => nextSeq)}::bigint[],
          ${rooms.map(({ title }) => title ?? null)}::text[]
        ) as given (name, next_seq, title)
        where import_id = ${importId} and imported_rooms.name = given.name`;
    },

    /** Locks an existing room: until the end no worker writes to it and no gateway restores it. */
    async lockRoom(roomId: number): Promise<{ name: string } | undefined> {
      const [room] = await tx<{ name: string }[]>`select name from rooms where id = ${roomId} for update`;
      return room;
    },

    /** From then on the room's last seq includes the imported messages. */
    async raiseLastSeq({ roomId, nextSeq }: ImportedRoom): Promise<void> {
      await tx`update rooms set last_seq = greatest(last_seq, ${nextSeq - 1}) where id = ${roomId}`;
    },
  };
}
