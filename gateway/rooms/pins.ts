/**
 * One message stands at the top of a room, put there by a moderator: of the cluster in a public room, of the room in a private one. The
 * room's newest notice about it says which, so that nobody sees another one than the next person, and PostgreSQL knows it for whoever comes
 * later. The text is not copied, so that a deleted message is gone there too.
 */
import { randomUUID } from "node:crypto";
import type { Sql } from "../../shared/server/postgres/pool.ts";
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import { draftNotice } from "../../shared/server/redis/event-draft.ts";
import type { NoticeEvent, PublicUser, RoomEvent } from "../../shared/server-frames.ts";
import { actorOf } from "../accounts/authorization.ts";
import type { Mutes } from "../accounts/mutes.ts";
import { Refusal } from "../errors.ts";
import { recordAct } from "../moderation/audit.ts";
import type { EventsAfter } from "../room-log/events-after.ts";
import type { RoomLog } from "../room-log/room-log.ts";
import { type Access, isPrivateName, required } from "./access.ts";
import type { PinQueries } from "./pin-queries.ts";

export type Pins = ReturnType<typeof createPins>;
type PinsDeps = {
  sql: Sql;
  queries: Pick<PinQueries, "findPin">;
  access: Pick<Access, "find" | "mayModerate">;
  /** The events that PostgreSQL lacks: `inMemory` by the gateway's own memory, where that has them all. */
  eventsAfter: { inMemory: EventsAfter; inRedis: EventsAfter };
  roomLog: Pick<RoomLog, "append">;
  mutes: Pick<Mutes, "refuse">;
  /** The events with these seqs, as JSON texts. */
  find: (room: string, seqs: readonly number[], reader: string) => Promise<string[]>;
};

export function createPins({ sql, queries, access, eventsAfter, roomLog, mutes, find }: PinsDeps) {
  /** Pages that come together, as after a restart, share one query. */
  const findPin = singleFlight((room: string) => newest(room, eventsAfter.inMemory));

  return {
    /** The seq of the pinned message, which may have been deleted since. @throws Refusal `no_such_room`. */
    async show(userId: string | undefined, room: string): Promise<number | undefined> {
      required(await access.find(userId, room));
      return findPin(room);
    },

    /** @throws Refusal `forbidden`, `muted`, `no_such_room`; `no_such_message`, also for a deleted one; Unavailable with an unknown outcome: pinning again is safe. */
    async pin(by: string, room: string, seq: number): Promise<void> {
      const actor = await moderatorOf(by, room);
      const [json] = await find(room, [seq], by);
      const event = json === undefined ? undefined : (JSON.parse(json) as RoomEvent);
      if (event?.type !== "message" || event.text === undefined) throw new Refusal("no_such_message");
      await change(actor, room, seq);
    },

    async unpin(by: string, room: string): Promise<void> {
      await change(await moderatorOf(by, room), room, undefined);
    },
  };

  async function moderatorOf(by: string, room: string): Promise<PublicUser> {
    await mutes.refuse(by);
    const actor = await actorOf(sql, by, "user");
    const { archived } = required(await access.find(by, room));
    if (!(await access.mayModerate(actor, room))) throw new Refusal("forbidden");
    if (archived) throw new Refusal("room_archived");
    return actor;
  }

  async function newest(room: string, readAfter: EventsAfter): Promise<number | undefined> {
    const stored = await queries.findPin(room);
    if (!stored) return undefined;
    const notice = (await readAfter(room, stored.upTo)).findLast(({ bytes }) => PIN.test(bytes.toString()));
    return notice ? (JSON.parse(notice.bytes.toString()) as NoticeEvent).target : stored.seq;
  }

  async function change(actor: PublicUser, room: string, seq: number | undefined): Promise<void> {
    if ((await newest(room, eventsAfter.inRedis)) === seq) return;
    const notice =
      seq === undefined ? { code: "unpinned" as const } : { code: "pinned" as const, target: seq };
    await sql.begin(async (tx) => {
      // Acts in private rooms are nobody else's business.
      if (!isPrivateName(room)) {
        const detail = seq === undefined ? {} : { pinned: seq };
        await recordAct(tx, { act: seq === undefined ? "unpin" : "pin", by: actor.id, room, detail });
      }
      // Last, because it cannot be taken back.
      await roomLog.append(draftNotice({ room, clientId: randomUUID() }, { ...notice, user: actor }));
    });
  }
}

/** The beginning of a notice about a pin, whose fields have this order (event-draft.ts). */
const PIN = /^\{"type":"notice",[^{}]*"code":"(?:un)?pinned"/;
