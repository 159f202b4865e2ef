/**
 * Takes closed accounts out of private rooms, where the gateway that closed them died before it could. Leaves rooms by the rules
 * of gateway/rooms/circle-changes.ts, so that no gateway relies on what it knew of the members, and open pages hear of it. Safe to crash at any
 * point and to race gateways and another worker.
 */
import type { Database } from "../shared/server/postgres/database.ts";
import { inTransaction, type Sql } from "../shared/server/postgres/pool.ts";
import type { Log } from "../shared/server/process/logger.ts";
import type { ControlEvent } from "../shared/server/redis/control-events.ts";
import type { MembersStore } from "../shared/server/redis/members-store.ts";
import type { RoomLogStore } from "../shared/server/redis/room-log-store.ts";
import { createLeavingQueries, createLeftMemberQueries, type LeftMember } from "./closed-member-queries.ts";

type ClosedMembersDeps = {
  database: Pick<Database, "use">;
  limitMs: number;
  marks: Pick<MembersStore, "markChange">;
  scripts: Pick<RoomLogStore, "seal">;
  /** Appends an event to the control log. */
  publish: (event: ControlEvent) => Promise<unknown>;
  log: Log;
};

const AT_ONCE = 100;
/** The version of a room that is gone: above all others. */
const FINAL = Number.MAX_SAFE_INTEGER;

/** @returns a task. It resolves with whether there may be more. */
export function createClosedMembers({ database, limitMs, marks, scripts, publish, log }: ClosedMembersDeps) {
  /** News that Redis did not take yet. */
  const pending: ControlEvent[] = [];
  /** After a start and after an outage nobody knows how long ago an account was closed. */
  let everything = true;

  return async (): Promise<boolean> => {
    const whole = everything;
    everything = true;
    await tell();
    const left = await database.use(limitMs, async (sql) => {
      const found = await createLeftMemberQueries(sql).findLeft(whole, AT_ONCE);
      for (const each of found) {
        await takeOut(sql, each);
        await tell();
      }
      return found.length;
    });
    if (left > 0) log.info({ left }, "closed accounts taken out of private rooms");
    everything = whole && left === AT_ONCE;
    return left === AT_ONCE;
  };

  async function takeOut(sql: Sql, { userId, room }: LeftMember): Promise<void> {
    const news = await inTransaction(sql, async (tx) => {
      const { hold, leave, membersOf, findVersion, remove } = createLeavingQueries(tx);
      const held = await hold(room);
      if (!held) return undefined;
      const before = await membersOf(held.id);
      if (!before.has(userId)) return undefined;
      await leave(held.id, userId);
      const after = await membersOf(held.id);
      const version = after.size > 0 ? await findVersion(held.id) : FINAL;
      if (after.size === 0) await remove(held.id, Math.max(held.lastSeq, await scripts.seal(room)));
      // Last, with the room locked: a read of the members from now on waits for the commit.
      await marks.markChange(room);
      const members = [...before.keys()].filter((id) => before.get(id) !== after.get(id));
      return { kind: "private_room", room, version, members, gone: [userId] } satisfies ControlEvent;
    });
    if (news) pending.push(news);
  }

  async function tell(): Promise<void> {
    for (let news = pending[0]; news !== undefined; news = pending[0]) {
      await publish(news);
      pending.shift();
    }
  }
}
