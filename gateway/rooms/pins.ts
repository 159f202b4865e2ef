/**
 * One message stands at the top of a room, put there by a moderator: of the cluster in a public room, of the room in a private one. PostgreSQL
 * knows which, and a notice tells the room. The text is not copied, so that a deleted message is gone there too.
 */
import { randomUUID } from "node:crypto";
import type { Sql } from "../../shared/server/postgres/pool.ts";
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import type { PublicUser, RoomEvent } from "../../shared/server-frames.ts";
import { actorOf } from "../accounts/authorization.ts";
import type { Mutes } from "../accounts/mutes.ts";
import { Refusal } from "../errors.ts";
import type { Notices } from "../messages/notices.ts";
import { recordAct } from "../moderation/audit.ts";
import { type Access, isPrivateName, required } from "./access.ts";
import { createPinQueries, type PinQueries } from "./pin-queries.ts";

export type Pins = ReturnType<typeof createPins>;
type PinsDeps = {
  sql: Sql;
  queries: Pick<PinQueries, "findPin">;
  access: Pick<Access, "find" | "mayModerate">;
  notices: Pick<Notices, "notify">;
  mutes: Pick<Mutes, "refuse">;
  /** The events with these seqs, as JSON texts. */
  find: (room: string, seqs: readonly number[], reader: string) => Promise<string[]>;
};

export function createPins({ sql, queries, access, notices, mutes, find }: PinsDeps) {
  /** Pages that come together, as after a restart, share one query. */
  const findPin = singleFlight(queries.findPin);

  return {
    /** The seq of the pinned message, which may have been deleted since. @throws Refusal `no_such_room`. */
    async show(userId: string | undefined, room: string): Promise<number | undefined> {
      required(await access.find(userId, room));
      return findPin(room);
    },

    /** @throws Refusal `forbidden`, `muted`, `no_such_room`; `no_such_message`, also for a deleted one. */
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

  async function change(actor: PublicUser, room: string, seq: number | undefined): Promise<void> {
    const isChanged = await sql.begin(async (tx) => {
      if (!(await createPinQueries(tx).setPin(room, seq))) return false;
      // Acts in private rooms are nobody else's business.
      if (!isPrivateName(room)) {
        const detail = seq === undefined ? {} : { pinned: seq };
        await recordAct(tx, { act: seq === undefined ? "unpin" : "pin", by: actor.id, room, detail });
      }
      return true;
    });
    if (!isChanged) return;
    const notice =
      seq === undefined ? { code: "unpinned" as const } : { code: "pinned" as const, target: seq };
    await notices.notify(room, randomUUID(), { ...notice, user: actor });
  }
}
