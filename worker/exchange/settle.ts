/**
 * Makes imported messages a part of an existing room, in one transaction that locks the room. After the seal no event
 * is appended; events that only Redis has are written first, and then the last seq is raised over the imported ones. So
 * the gateway that restores the room continues above them, with its newest events in the log. Its members start over.
 */
import type { Sql, Transaction } from "../../shared/server/postgres/pool.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { comesTrue } from "../../shared/until.ts";
import { type EventRow, readEvent } from "../event-row.ts";
import { writeBatch } from "../write-batch.ts";
import { createHeldRoomQueries, createImportRoomQueries, type ImportedRoom } from "./import-room-queries.ts";

type SettleDeps = {
  sql: Sql;
  logs: Pick<RoomLogStore, "heads" | "seal" | "readAfter">;
  importId: number;
  /** Max wait for gateways to restore a room that Redis lost, which takes a heartbeat or two if one of them has it. */
  patienceMs?: number | undefined;
};

const PATIENCE_MS = 4_000;
const PAGE = 500;

/** Settles those of the rooms that existed before the import. */
export async function settleRooms(deps: SettleDeps, rooms: ImportedRoom[]): Promise<void> {
  const existing = rooms.filter(({ existed }) => existed);
  if (existing.length === 0) return;
  const areCurrent = async (): Promise<boolean> => {
    const heads = await Promise.all(existing.map(({ name }) => deps.logs.heads([name])));
    return heads.every(([head]) => head?.current || head?.away);
  };
  await comesTrue(areCurrent, { withinMs: deps.patienceMs ?? PATIENCE_MS, everyMs: 100 });
  for (const room of existing) await settleRoom(deps, room);
}

async function settleRoom({ sql, logs, importId }: SettleDeps, room: ImportedRoom): Promise<void> {
  await sql.begin(async (tx) => {
    const { lockRoom, raiseLastSeq } = createHeldRoomQueries(tx);
    const held = room.nextSeq > room.firstSeq ? await lockRoom(room.roomId) : undefined;
    if (held) {
      await logs.seal(room.name);
      await writeRest(tx, logs, room.name);
      await raiseLastSeq(room);
    }
    await createImportRoomQueries(tx).markSettled(importId, room.name);
  });
}

/** Writes the events of the log that are not stored, as the worker would. */
async function writeRest(tx: Transaction, logs: SettleDeps["logs"], room: string): Promise<void> {
  const [head] = await logs.heads([room]);
  for (let after = head?.stored ?? 0; head; ) {
    const entries = (await logs.readAfter(room, after, PAGE))?.entries ?? [];
    const rows: EventRow[] = [];
    const unreadable = [];
    for (const { seq, bytes } of entries) {
      const event = readEvent(room, { seq, json: bytes.toString("utf8") });
      if (event.ok) rows.push(event.row);
      else unreadable.push(event.dead);
    }
    await writeBatch(
      within(tx),
      { rows, unreadable, upTo: new Map(), epochs: new Map() },
      async () => new Set(),
    );
    const last = entries.at(-1);
    if (!last || entries.length < PAGE) return;
    after = last.seq;
  }
}

/** Turns a transaction into the pool that `writeBatch` expects: its transactions become savepoints. */
function within(tx: Transaction): Sql {
  return new Proxy(tx, {
    get: (target, name) =>
      name === "begin" ? target.savepoint.bind(target) : (Reflect.get(target, name) as unknown),
  }) as unknown as Sql;
}
