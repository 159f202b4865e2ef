/** Private rooms: created, changed and removed by their members, and direct lines, of which each pair has one. */
import { randomUUID } from "node:crypto";
import type { ChangeRoomBody, ClosedHistory, RoomRole } from "../../shared/http-api.ts";
import { CIRCLES_MAX, LINES_MAX } from "../../shared/limits.ts";
import type { Sql } from "../../shared/server/postgres/pool.ts";
import { actorOf, targetOf } from "../accounts/authorization.ts";
import type { Mutes } from "../accounts/mutes.ts";
import { Refusal } from "../errors.ts";
import type { HttpLimits } from "../limits/http-rate-limits.ts";
import type { Notices } from "../messages/notices.ts";
import { recordAct } from "../moderation/audit.ts";
import { type Access, required } from "./access.ts";
import { type CircleChanges, REMOVE } from "./circle-changes.ts";
import { createMemberQueries } from "./member-queries.ts";
import { checkTitle } from "./room-catalogue.ts";
import type { StoredRoom } from "./room-queries.ts";

export type PrivateRooms = ReturnType<typeof createPrivateRooms>;
type PrivateRoomsDeps = {
  sql: Sql;
  access: Pick<Access, "find" | "findForWriting">;
  changes: CircleChanges;
  mutes: Pick<Mutes, "refuse">;
  limits: Pick<HttpLimits, "createRoom" | "openLine">;
  notices: Pick<Notices, "notify">;
  /** Private rooms and direct lines that there may be; undefined: no limits. */
  maxRooms: number | undefined;
};

export function createPrivateRooms({
  sql,
  access,
  changes,
  mutes,
  limits,
  notices,
  maxRooms,
}: PrivateRoomsDeps) {
  return {
    /** @throws Refusal `muted`, `too_many_attempts`, `invalid` (title), `too_many_rooms`, `rooms_full`. */
    async create(by: string, rawTitle: string): Promise<StoredRoom> {
      const title = checkTitle(rawTitle);
      await mutes.refuse(by);
      await limits.createRoom(by);
      const members = new Map<string, RoomRole>([[by, "owner"]]);
      const { name } = await sql.begin(async (tx) => {
        await actorOf(tx, by, "user");
        const { countAll, countOf } = createMemberQueries(tx);
        if (maxRooms !== undefined && (await countAll(maxRooms)) >= maxRooms) throw new Refusal("rooms_full");
        if ((await countOf(by, "private")) >= CIRCLES_MAX) throw new Refusal("too_many_rooms");
        return changes.create(tx, { title, kind: "private", by }, members);
      });
      await changes.created(name, members);
      return required(await access.find(by, name));
    },

    /**
     * The line of two people, the same one whoever asks first, also if both ask at once.
     * @throws Refusal `no_such_user`, `forbidden` (with oneself), `muted`, `too_many_attempts`, `too_many_rooms`, `rooms_full`.
     */
    async openLine(by: string, userId: string): Promise<StoredRoom> {
      if (by === userId) throw new Refusal("forbidden");
      await mutes.refuse(by);
      await limits.openLine(by);
      const [one, other] = by < userId ? [by, userId] : [userId, by];
      const members = new Map<string, RoomRole>([
        [by, "member"],
        [userId, "member"],
      ]);
      const { name, isNew } = await sql.begin(async (tx) => {
        await actorOf(tx, by, "user");
        await targetOf(tx, userId);
        const { holdLine, addLine, countAll, countOf } = createMemberQueries(tx);
        const known = await holdLine(one, other);
        if (known !== undefined) return { name: known, isNew: false };
        if (maxRooms !== undefined && (await countAll(maxRooms)) >= maxRooms) throw new Refusal("rooms_full");
        if ((await countOf(by, "direct")) >= LINES_MAX) throw new Refusal("too_many_rooms");
        const { id, name } = await changes.create(tx, { title: "-", kind: "direct", by }, members);
        await addLine(one, other, id);
        return { name, isNew: true };
      });
      if (isNew) await changes.created(name, members);
      return required(await access.find(by, name));
    },

    /** @throws Refusal `no_such_room`, `forbidden` for a member who is no moderator of the room, `muted`, `invalid`. */
    async change(by: string, name: string, { title: raw, slowModeMs }: ChangeRoomBody): Promise<StoredRoom> {
      const title = raw === undefined ? undefined : checkTitle(raw);
      await mutes.refuse(by);
      required(await access.find(by, name));
      const actor = await changes.change(name, async ({ id, members }, { change }, tx) => {
        if (!members.has(by)) throw new Refusal("no_such_room");
        if (members.get(by) === "member") throw new Refusal("forbidden");
        await change(id, title, slowModeMs);
        return actorOf(tx, by, "user");
      });
      if (actor && slowModeMs !== undefined)
        await notices.notify(name, randomUUID(), { code: "slow_mode", user: actor, slowModeMs });
      return required(await access.find(by, name));
    },

    /**
     * Removes a private room and everything in it: for its owners; and for admins, who learn its name from a report.
     * @throws Refusal `no_such_room`, `forbidden`, also for a direct line and for any other fate of the history.
     */
    async remove(by: string, name: string, history: ClosedHistory): Promise<void> {
      const room = await access.find(by, name);
      if (room === undefined) await requireAdmin(by);
      await changes.change(name, async ({ kind, members }, _, tx) => {
        const { role } = await actorOf(tx, by, "user");
        if (members.get(by) !== "owner" && role !== "admin")
          throw new Refusal(members.has(by) ? "forbidden" : "no_such_room");
        if (history !== "deleted" || (kind === "direct" && role !== "admin")) throw new Refusal("forbidden");
        if (role === "admin") await recordAct(tx, { act: "room_deleted", by, room: name });
        return REMOVE;
      });
    },
  };

  /** As for a room that does not exist. @throws Refusal `forbidden`. */
  async function requireAdmin(by: string): Promise<void> {
    await actorOf(sql, by, "admin");
  }
}
