/**
 * What happens when Redis was restarted or lost data: the room goes on in a fresh epoch, far above every seq that
 * anybody can have seen, so that no seq is used twice. PostgreSQL says whether the room exists and what is surely kept.
 */

import { randomBytes } from "node:crypto";
import { DEDUPE_MS } from "../../shared/limits.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import type { RedisKeys } from "../../shared/server/redis/keys.ts";
import type { Head, RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { Refusal } from "../errors.ts";
import { archivedEventJson } from "../events/archived-event.ts";
import type { LoggedEvent } from "../events/event.ts";
import type { SentMessage } from "../history/archive-queries.ts";
import type { EventBuffer } from "../room-log/event-buffer.ts";
import type { RecoverRoom } from "../room-log/room-log.ts";
import { planRecovery } from "./recovery-plan.ts";
import type { HeldArchive, HeldRoom, RecoveryQueries } from "./recovery-queries.ts";

/** One to learn where the epoch begins, one to begin it, the rest for events that come into PostgreSQL in between. */
const TRIES = 5;

const PAGE = 2_000;

/** What is to be remembered of an event with a client id. */
function sentOf({ seq, bytes }: LoggedEvent): SentMessage[] {
  const { clientId, user } = JSON.parse(bytes.toString()) as { clientId?: string; user?: { id: string } };
  return clientId && user ? [{ userId: user.id, clientId, seq }] : [];
}

/** The key under which a message's client id is remembered; null for other events. */
function sentKey(keys: RedisKeys, room: string, { bytes }: LoggedEvent): string | null {
  const event = JSON.parse(bytes.toString()) as { clientId?: string; user?: { id: string } };
  return event.clientId && event.user ? keys.sent(room, event.user.id, event.clientId) : null;
}

export type RestoreDeps = {
  scripts: Pick<RoomLogStore, "heads" | "rememberSent" | "restore" | "doubted" | "recalled" | "readAfter">;
  queries: RecoveryQueries;
  keys: RedisKeys;
  /** What this gateway holds of a room, if it has members here. */
  memoryOf: (room: string) => EventBuffer | undefined;
  /** Newest events kept in a log. */
  logEvents: number;
  log: Log;
  /** Told how many events are surely gone. */
  onRestored: (lost: number) => void;
};

export function createRestore(deps: RestoreDeps): RecoverRoom {
  const { scripts, queries, keys, memoryOf, logEvents, log, onRestored } = deps;

  const archivedOf = async (
    archive: HeldArchive,
    room: string,
    lastSeq: number,
    epoch: string,
  ): Promise<LoggedEvent[]> => {
    const rows = await archive.archived(room, lastSeq + 1, logEvents);
    return rows
      .reverse()
      .map((row) => ({ seq: row.seq, epoch, bytes: Buffer.from(archivedEventJson(room, row)) }));
  };

  /** Where Redis' clock was set, what it forgot by it is remembered again: from PostgreSQL, and above that from the log. */
  const recall = async (room: string, { stored }: Head, archive: HeldArchive): Promise<void> => {
    const doubted = await scripts.doubted(room);
    if (doubted === null) return;
    await scripts.rememberSent(room, await archive.clientIdsSince(room, doubted.seen - DEDUPE_MS));
    for (let after = stored; ; ) {
      const page = await scripts.readAfter(room, after, PAGE);
      const events = page?.entries ?? [];
      await scripts.rememberSent(room, events.flatMap(sentOf));
      const last = events.at(-1);
      if (!last || events.length < PAGE) break;
      after = last.seq;
    }
    await scripts.recalled(room, doubted.jumped);
    log.warn({ room, ...doubted }, "Redis' clock was set: what it forgot by it was recalled");
  };

  /**
   * PostgreSQL is held still all the while: what it says must be true when Redis takes it.
   * @param base where the epoch is to begin; null: not known yet.
   * @returns null when the room is current, else the highest seq that anybody knows: a base above it is needed.
   */
  const restoreHeld = async (
    room: string,
    base: number | null,
    held: HeldRoom | null,
    archive: HeldArchive,
  ): Promise<number | null> => {
    if (!held) throw new Refusal("no_such_room");
    if (held.archived) throw new Refusal("room_archived");
    const { lastSeq: postgresSeq, bornSeq } = held;
    const isOfThisRoom = (seq: number): boolean => bornSeq === 0 || seq > bornSeq;
    const [found = null] = await scripts.heads([room]);
    if (found?.current) {
      await recall(room, found, archive);
      return null;
    }
    const head = found && isOfThisRoom(found.seq) ? found : null;
    const remembered = memoryOf(room);
    const memoryLog = remembered && isOfThisRoom(remembered.position.seq) ? remembered : undefined;
    const memory = memoryLog
      ? { position: memoryLog.position, completeAbove: memoryLog.completeAbove, events: memoryLog.all() }
      : null;
    const known = Math.max(postgresSeq, head?.seq ?? 0, memory?.position.seq ?? 0);
    if (base === null || (known > 0 && base <= known)) return known;
    const lacks = postgresSeq > (head?.seq ?? 0);
    const epoch = head?.epoch ?? memory?.position.epoch ?? "";
    const archived = lacks ? await archivedOf(archive, room, postgresSeq, epoch) : [];
    if (lacks) await scripts.rememberSent(room, await archive.clientIdsSince(room, Date.now() - DEDUPE_MS));
    const { entries, lost, ...places } = planRecovery({
      ...{ redis: head, postgresSeq, archived, memory },
      newest: logEvents,
    });
    // Redis may have taken its time: a room that is no longer held may have got more rows by now.
    await archive.confirm();
    const here = await scripts.restore(room, {
      ...places,
      base,
      epoch: randomBytes(9).toString("base64url"),
      postgresSeq,
      bornSeq,
      entries: entries.map((event) => ({ ...event, sentKey: sentKey(keys, room, event) })),
    });
    if (!here) return null;
    onRestored(lost);
    if (base > 0) log.info({ room, ...places, lost }, "room restored in a fresh epoch");
    if (lost > 0) log.error({ room, lost }, "events were lost with Redis' data");
    return null;
  };

  /** Twice as a rule: what is to be known of the room says where its epoch begins, and that is kept before it does. */
  return singleFlight(async (room: string): Promise<void> => {
    let base: number | null = null;
    for (let tries = 0; tries < TRIES; tries++) {
      const known = await queries.holdingRoom(room, (held, archive) =>
        restoreHeld(room, base, held, archive),
      );
      if (known === null) return;
      base = await queries.beginEpoch(room, known);
    }
    throw new Refusal("unavailable");
  });
}
