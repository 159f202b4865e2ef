/**
 * The recovery of a room whose log Redis lost, or whose Redis was restarted: the room goes on in a fresh epoch, far
 * above every seq that was ever given out, so that no seq is used twice. PostgreSQL decides whether the room exists,
 * and is the safe copy of its events. Owns the order of reading and writing; recovery-plan.ts decides which events go
 * back into the log.
 */
import { randomBytes } from "node:crypto";
import { DEDUPE_MS } from "../../shared/limits.ts";
import { archivedEventJson } from "../../shared/server/events/archived-event.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import type { Head } from "../../shared/server/redis/room-state.ts";
import { Refusal } from "../errors.ts";
import type { LoggedEvent } from "../events/event.ts";
import { type SentMessage, sentSince } from "../history/archive-queries.ts";
import type { EventBuffer } from "../room-log/event-buffer.ts";
import type { RecoverRoom } from "../room-log/room-log.ts";
import type { CombinedQueries } from "./combined-queries.ts";
import { createComeBack } from "./come-back.ts";
import { planRecovery, type Sources } from "./recovery-plan.ts";
import type { HeldArchive, HeldRoom } from "./recovery-queries.ts";

export type RecoveryDeps = {
  scripts: Pick<
    RoomLogStore,
    | "heads"
    | "rememberSent"
    | "restore"
    | "findClockJump"
    | "acknowledgeClockJump"
    | "readAfter"
    | "readNewest"
    | "comeBack"
  >;
  queries: CombinedQueries;
  /** The room's events in this gateway's memory, if it has members here. */
  memoryOf: (room: string) => EventBuffer | undefined;
  /** Newest events in a log. */
  logEvents: number;
  log: Log;
  /** @param lost number of events that are lost for good. */
  onRecovered: (lost: number) => void;
};

/** One to begin the epoch, the others for events that reach PostgreSQL before it begins. */
const MAX_ATTEMPTS = 5;

const PAGE = 2_000;

/** @returns makes a room current in Redis, in single flight. */
export function createRecovery(deps: RecoveryDeps): RecoverRoom {
  const { scripts, queries, memoryOf, logEvents, log, onRecovered } = deps;
  const comeBack = createComeBack(scripts, logEvents);
  return singleFlight(recover);

  /**
   * Usually one attempt, above the seqs in Redis and memory. The start of the epoch is stored before the epoch begins.
   */
  async function recover(room: string): Promise<void> {
    const [head] = await scripts.heads([room]);
    let highest = Math.max(head?.seq ?? 0, memoryOf(room)?.position.seq ?? 0);
    let base: number | undefined;
    for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
      // A room that is current usually only lacks client ids, and one that was idle continues in its epoch.
      if (attempts > 0 || !(head?.current || head?.away)) base = await queries.beginEpoch(room, highest);
      const known = await queries.holdingRoom(room, (held, archive) =>
        recoverHeld(room, base, held, archive),
      );
      if (known === undefined) return;
      highest = known;
    }
    throw new Refusal("unavailable");
  }

  /**
   * Holds PostgreSQL's row of the room all the time, because it must still be true when Redis takes the log.
   * @param base start of the epoch; undefined: not known yet.
   * @returns undefined when the room is current; otherwise the highest known seq: a base above it is needed.
   */
  async function recoverHeld(
    room: string,
    base: number | undefined,
    held: HeldRoom | undefined,
    archive: HeldArchive,
  ): Promise<number | undefined> {
    if (!held) throw new Refusal("no_such_room");
    if (held.archived) throw new Refusal("room_archived");
    const [found] = await scripts.heads([room]);
    if (found?.current) {
      await recallSent(room, found, archive);
      return undefined;
    }
    const known = knownOf(room, found, held);
    const { redis, postgresSeq, memory } = known;
    if (redis && (await comeBack(room, redis, postgresSeq, archive))) return undefined;
    const highest = Math.max(postgresSeq, redis?.seq ?? 0, memory?.position.seq ?? 0);
    if (base === undefined || (highest > 0 && base <= highest)) return highest;
    const archived = await fromArchive(room, known, archive);
    // Redis may have been slow: a room that is no longer held may have more rows by now.
    await archive.confirm();
    await beginEpoch(room, base, held.bornSeq, { ...known, archived });
    return undefined;
  }

  /** The positions in Redis and in memory, without those of a deleted room of the same name. */
  function knownOf(room: string, head: Head | undefined, { lastSeq, bornSeq }: HeldRoom): Known {
    const isOfThisRoom = (seq: number): boolean => bornSeq === 0 || seq > bornSeq;
    const buffer = memoryOf(room);
    const { position, completeAbove } = buffer ?? {};
    const memory =
      buffer && position && completeAbove !== undefined && isOfThisRoom(position.seq)
        ? { position, completeAbove, events: buffer.all() }
        : undefined;
    return { redis: head && isOfThisRoom(head.seq) ? head : undefined, postgresSeq: lastSeq, memory };
  }

  /** The newest events that PostgreSQL has and Redis has not; the client ids among them are remembered again. */
  async function fromArchive(room: string, known: Known, archive: HeldArchive): Promise<LoggedEvent[]> {
    const { redis, postgresSeq, memory } = known;
    if (postgresSeq <= (redis?.seq ?? 0)) return [];
    const epoch = redis?.epoch ?? memory?.position.epoch ?? "";
    const rows = await archive.archived(room, postgresSeq + 1, logEvents);
    const since = Date.now() - DEDUPE_MS;
    // Fewer than were asked for are all of the room. Their times tell nothing, because an import appends events of long ago.
    const sent = rows.length < logEvents ? sentSince(rows, since) : await archive.clientIdsSince(room, since);
    await scripts.rememberSent(room, sent);
    return rows
      .reverse()
      .map((row) => ({ seq: row.seq, epoch, bytes: Buffer.from(archivedEventJson(room, row)) }));
  }

  /** Compare-and-set: of all gateways that find the room lost, one begins the epoch. */
  async function beginEpoch(room: string, base: number, bornSeq: number, sources: Sources): Promise<void> {
    const { entries, lost, ...places } = planRecovery({ ...sources, newest: logEvents });
    const isOurs = await scripts.restore(room, {
      ...places,
      base,
      epoch: randomBytes(9).toString("base64url"),
      postgresSeq: sources.postgresSeq,
      bornSeq,
      entries: entries.map((event) => ({ ...event, sent: sentOf(event)[0] })),
    });
    if (!isOurs) return;
    onRecovered(lost);
    if (base > 0) log.info({ room, ...places, lost }, "room restored in a fresh epoch");
    if (lost > 0) log.error({ room, lost }, "events were lost with Redis' data");
  }

  /** Client ids that Redis forgot when its clock was set are remembered again: from PostgreSQL, and above that from the log. */
  async function recallSent(room: string, { stored }: Head, archive: HeldArchive): Promise<void> {
    const doubted = await scripts.findClockJump(room);
    if (doubted === undefined) return;
    await scripts.rememberSent(room, await archive.clientIdsSince(room, doubted.seen - DEDUPE_MS));
    for (let after = stored; ; ) {
      const page = await scripts.readAfter(room, after, PAGE);
      const events = page?.entries ?? [];
      await scripts.rememberSent(room, events.flatMap(sentOf));
      const last = events.at(-1);
      if (!last || events.length < PAGE) break;
      after = last.seq;
    }
    await scripts.acknowledgeClockJump(room, doubted.jumped);
    log.warn({ room, ...doubted }, "Redis' clock was set: what it forgot by it was recalled");
  }
}

type Known = Pick<Sources, "postgresSeq" | "memory"> & { redis: Head | undefined };

/** The client id of an event, if it has one, with the seq that it was given. */
function sentOf({ seq, bytes }: LoggedEvent): SentMessage[] {
  const { clientId, user } = JSON.parse(bytes.toString()) as { clientId?: string; user?: { id: string } };
  return clientId && user ? [{ userId: user.id, clientId, seq }] : [];
}
