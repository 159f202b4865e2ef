/** SQL of an import: its position in the input, the accounts of authors, and the rows. */
import { pipeline } from "node:stream/promises";
import { type Db, inTransaction, type Transaction } from "../../shared/server/postgres/pool.ts";

/** `bytes`: every line that ends up to here is a row or was rejected; `tail`: digest of the bytes just before. */
export type Progress = {
  bytes: number;
  tail: string;
  lines: number;
  rejected: number;
  rejectedBytes: number;
};
export type ImportRecord = Progress & { id: number; tag: string; finished: boolean };
export type Account = { id: string; nickname: string; emailKey: string | undefined; closed: boolean };

export function createImportQueries(db: Db) {
  return {
    /** The latest import of an input with this beginning. */
    async findImport(fingerprint: string): Promise<ImportRecord | undefined> {
      const [found] = await db<ImportRecord[]>`
        select id, tag, bytes::float8 as bytes, tail, lines::float8 as lines, rejected::float8 as rejected,
          rejected_bytes::float8 as "rejectedBytes", finished_at is not null as finished
        from imports where fingerprint = ${fingerprint} order by id desc limit 1`;
      return found;
    },

    /** Whether a room that the import made still exists. */
    async isAnyLeft(importId: number): Promise<boolean> {
      const [row] = await db<{ left: boolean }[]>`
        select exists (select from imported_rooms join rooms on rooms.id = room_id where import_id = ${importId}) as left`;
      return row?.left ?? false;
    },

    async addImport(fingerprint: string, tag: string): Promise<ImportRecord> {
      const [row] = await db<{ id: number }[]>`
        insert into imports (fingerprint, tag) values (${fingerprint}, ${tag}) returning id`;
      const nothing = { bytes: 0, tail: "", lines: 0, rejected: 0, rejectedBytes: 0 };
      return { id: row?.id ?? 0, tag, finished: false, ...nothing };
    },

    async findAccounts(ids: string[], emailKeys: string[]): Promise<Account[]> {
      const rows = await db<(Omit<Account, "emailKey"> & { emailKey: string | null })[]>`
        select id, nickname, email_key as "emailKey", closed_at is not null as closed from users
        where id = any(${ids}::uuid[]) or email_key = any(${emailKeys}::text[])`;
      return rows.map((row) => ({ ...row, emailKey: row.emailKey ?? undefined }));
    },

    async finishImport(importId: number): Promise<void> {
      await db`update imports set finished_at = now() where id = ${importId}`;
    },

    /** Abandons an import: the worker removes its rows of rooms that were never opened, like those of deleted rooms. */
    async abandonImport(importId: number): Promise<string[]> {
      return inTransaction(db, async (tx) => {
        const rooms = await tx<{ name: string }[]>`
          insert into deleted_rooms (id, name, last_seq)
          select room_id, name, next_seq - 1 from imported_rooms
          where import_id = ${importId} and not existed and settled_at is null returning name`;
        await tx`update imported_rooms set settled_at = now() where import_id = ${importId} and settled_at is null`;
        await createImportQueries(tx).finishImport(importId);
        return rooms.map(({ name }) => name);
      });
    },
  };
}

export function createImportWriteQueries(tx: Transaction) {
  return {
    /** @param lines as `copyLine` makes them. */
    async copyRows(lines: string[]): Promise<void> {
      const writable = await tx`
        copy messages (room_id, seq, day, time, kind, user_id, nickname, client_id, text, deleted, data) from stdin`.writable();
      await pipeline([Buffer.from(lines.join(""))], writable);
    },

    /** @returns false when the import is at another position by now: another process continues it. */
    async advance(
      importId: number,
      from: number,
      { bytes, tail, lines, rejected, rejectedBytes }: Progress,
    ): Promise<boolean> {
      const { count } = await tx`
        update imports set bytes = ${bytes}, tail = ${tail}, lines = ${lines}, rejected = ${rejected},
          rejected_bytes = ${rejectedBytes}
        where id = ${importId} and bytes = ${from} and finished_at is null`;
      return count === 1;
    },
  };
}
