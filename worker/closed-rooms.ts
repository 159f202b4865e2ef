/**
 * Finishes the closing of rooms. The messages of a deleted room are removed in pieces, so that no statement holds its locks for
 * long. The Redis keys of an archived room are dropped once PostgreSQL has all of its events. Safe to crash at any point and to
 * race another worker.
 */
import type { Database } from "../shared/server/postgres/database.ts";
import type { Sql } from "../shared/server/postgres/pool.ts";
import type { Log } from "../shared/server/process/logger.ts";
import type { RoomLogStore } from "../shared/server/redis/room-log-store.ts";
import { createMentionQueries } from "./mention-queries.ts";
import type { Progress } from "./progress.ts";
import {
  createArchivedRoomQueries,
  createRoomQueries,
  type DeletedRoom,
  type RoomQueries,
} from "./room-queries.ts";

export type ClosedRoomsDeps = {
  scripts: Pick<RoomLogStore, "seal" | "drop">;
  database: Pick<Database, "use">;
  /** A piece takes milliseconds; a run that takes this long counts as an outage. */
  limitMs: number;
  log: Log;
  progress: Progress;
};

/** Max rows that one statement removes. */
const PIECE = 1_000;
const ARCHIVED_AT_ONCE = 100;

/** Does one piece of work. @returns true if there is more to do at once. */
export function emptyClosedRooms({
  scripts,
  database,
  limitMs,
  log,
  progress,
}: ClosedRoomsDeps): Promise<boolean> {
  return database.use(limitMs, async (sql) => {
    const queries = createRoomQueries(sql);
    // One question, because it is asked every second and the answer is nearly always no.
    if (!(await queries.hasUnfinished())) return false;
    const deleted = await queries.findLeft();
    if (deleted) {
      await scripts.drop(deleted.name, deleted.lastSeq);
      await progress("emptying a deleted room", async () => ({
        room: deleted.name,
        daysLeft: await queries.countDays(deleted.id),
      }));
      const more = await removePiece({ ...queries, ...createMentionQueries(sql) }, deleted);
      if (more === false) {
        await queries.markEmptied(deleted.id);
        log.info({ room: deleted.name }, "deleted room emptied");
      }
      // While that is unknown, the archived rooms do not wait for it.
      if (more !== undefined) return true;
    }
    for (const { id } of await queries.findArchivedInRedis(ARCHIVED_AT_ONCE)) await letGo(sql, scripts, id);
    return false;
  });
}

type RemovalQueries = RoomQueries & Pick<ReturnType<typeof createMentionQueries>, "forgetRoom">;

/** @returns whether there may be more; undefined if that is not known yet. */
async function removePiece(queries: RemovalQueries, room: DeletedRoom): Promise<boolean | undefined> {
  const more = await queries.removeMessages(room.id, PIECE);
  if (more !== false) return more;
  if (await queries.removeReactions(room.id, PIECE)) return true;
  if (await queries.removeDeadLetters(room, PIECE)) return true;
  if ((await queries.removeVisits(room.id, PIECE)) || (await queries.removeReads(room.id, PIECE)))
    return true;
  if (await queries.removeLevels(room.id, PIECE)) return true;
  return queries.forgetRoom(room.id, PIECE);
}

async function letGo(sql: Sql, scripts: ClosedRoomsDeps["scripts"], id: number): Promise<void> {
  await sql.begin(async (tx) => {
    const { lockArchived, markLetGo } = createArchivedRoomQueries(tx);
    const name = await lockArchived(id);
    if (name === undefined) return;
    if (await scripts.drop(name)) await markLetGo(id);
    // A gateway of an older release, which does not know archived rooms, may have opened it again.
    else await scripts.seal(name);
  });
}
