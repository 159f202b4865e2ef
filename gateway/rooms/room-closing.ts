/**
 * Closing rooms and opening them again, for admins. PostgreSQL decides whether a room is open. Redis seals the room
 * while PostgreSQL holds it, so that every event acknowledged before belongs to the room, and none is acknowledged
 * after.
 */
import { randomUUID } from "node:crypto";
import type { ClosedHistory } from "../../shared/http-api.ts";
import { LOBBY } from "../../shared/limits.ts";
import type { Sql, Transaction } from "../../shared/server/postgres/pool.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import type { PublicUser } from "../../shared/server-frames.ts";
import { actorOf } from "../accounts/authorization.ts";
import type { Control } from "../control/control-log.ts";
import { Refusal } from "../errors.ts";
import type { Notices } from "../messages/notices.ts";
import { recordAct } from "../moderation/audit.ts";
import type { RoomsDirectory } from "./room-catalogue.ts";
import { createRoomQueries, type HeldRoom, type RoomQueries } from "./room-queries.ts";

export type RoomClosing = ReturnType<typeof createRoomClosing>;
type RoomClosingDeps = {
  sql: Sql;
  scripts: Pick<RoomLogStore, "seal" | "drop">;
  directory: Pick<RoomsDirectory, "invalidate" | "find">;
  control: Pick<Control, "roomChanged">;
  notices: Pick<Notices, "notify">;
};
/** The transaction that holds a room, and its statements. */
type Holding = { tx: Transaction; queries: RoomQueries; room: HeldRoom };

/** A few attempts are enough for a notice, because members also see the room close. */
const NOTICE_TRIES = 3;

export function createRoomClosing({ sql, scripts, directory, control, notices }: RoomClosingDeps) {
  /** Locks the room for an admin. @throws Refusal `forbidden`, `no_such_room`. */
  const holding = <T>(by: string, name: string, work: (holding: Holding) => Promise<T>): Promise<T> =>
    sql.begin(async (tx) => {
      await actorOf(tx, by, "admin");
      const queries = createRoomQueries(tx);
      const room = await queries.lock(name);
      if (room === undefined) throw new Refusal("no_such_room");
      return work({ tx, queries, room });
    }) as Promise<T>;

  return {
    /**
     * @param by undefined: a guest.
     * @throws Refusal `unauthenticated` or `forbidden` for anybody who may not close rooms.
     */
    async mayClose(by: string | undefined): Promise<void> {
      if (by === undefined) throw new Refusal("unauthenticated");
      await actorOf(sql, by, "admin");
    },

    /**
     * From then on nobody may join the room or write in it; its members are notified. `deleted`: the room and its
     * events are gone, and its name is free; otherwise it is archived. Closing it again changes what happens to the
     * history.
     * @throws Refusal `forbidden` (also for the lobby), `no_such_room`.
     */
    async close(by: string, name: string, history: ClosedHistory): Promise<void> {
      const actor = await actorOf(sql, by, "admin");
      if (name === LOBBY) throw new Refusal("forbidden", { detail: "The lobby always exists" });
      await tellRoom(name, actor, history);
      const deletedUpTo = await holding(by, name, async (held) => {
        if (history === "deleted") return remove(by, held);
        const { tx, queries, room } = held;
        if (!room.archived) await scripts.seal(name);
        await queries.archive(room.id, history);
        await recordAct(tx, { act: "room_archived", by, room: name, detail: { history } });
        return undefined;
      });
      directory.invalidate(name);
      await control.roomChanged(name);
      if (deletedUpTo !== undefined) await letGo(name, deletedUpTo);
    },

    /** Opens an archived room as it was. @throws Refusal `forbidden`, `no_such_room`. */
    async reopen(by: string, name: string): Promise<void> {
      const actor = await actorOf(sql, by, "admin");
      const wasArchived = await holding(by, name, async ({ tx, queries, room }) => {
        await queries.reopen(room.id);
        if (room.archived) await recordAct(tx, { act: "room_reopened", by, room: name });
        return room.archived !== undefined;
      });
      directory.invalidate(name);
      await control.roomChanged(name);
      if (wasArchived)
        await notices.notify(name, randomUUID(), { code: "room_reopened", user: actor }, NOTICE_TRIES);
    },
  };

  async function tellRoom(name: string, user: PublicUser, history: ClosedHistory): Promise<void> {
    directory.invalidate(name);
    const room = await directory.find(name);
    if (room === undefined) throw new Refusal("no_such_room");
    if (room.archived) return;
    await notices.notify(name, randomUUID(), { code: "room_closed", user, history }, NOTICE_TRIES);
  }

  async function remove(by: string, { tx, queries, room }: Holding): Promise<number> {
    const highest = Math.max(room.lastSeq, await scripts.seal(room.name));
    await queries.remove(room.id, highest);
    await recordAct(tx, { act: "room_deleted", by, room: room.name });
    return highest;
  }

  /** Right away for gateways of an older release; the worker repeats it if this fails. */
  async function letGo(name: string, upTo: number): Promise<void> {
    try {
      await scripts.drop(name, upTo);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    }
  }
}
