/** The members of a private room: their list, and how they come, go and change their roles. */
import { randomUUID } from "node:crypto";
import type { MembersAnswer, RoomRole } from "../../shared/http-api.ts";
import type { Transaction } from "../../shared/server/postgres/pool.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { Mutes } from "../accounts/mutes.ts";
import { Refusal } from "../errors.ts";
import type { HttpLimits } from "../limits/http-rate-limits.ts";
import type { Notice, Notices } from "../messages/notices.ts";
import { type Access, required } from "./access.ts";
import type { CircleChanges } from "./circle-changes.ts";
import type { MemberReads } from "./member-queries.ts";
import { addMember, isLastOwner, RANK, roleOf } from "./member-rules.ts";

export type RoomMembers = ReturnType<typeof createRoomMembers>;
type RoomMembersDeps = {
  access: Pick<Access, "find">;
  changes: Pick<CircleChanges, "change">;
  reads: Pick<MemberReads, "listMembers" | "listNamesOf">;
  mutes: Pick<Mutes, "refuse">;
  limits: Pick<HttpLimits, "invite">;
  notices: Pick<Notices, "notify">;
};

/** A few attempts are enough for a notice, because the list of members shows the same. */
const NOTICE_TRIES = 3;

export function createRoomMembers({ access, changes, reads, mutes, limits, notices }: RoomMembersDeps) {
  return {
    /** @throws Refusal `no_such_room`; `forbidden` for a public room, which has no members. */
    async list(by: string | undefined, name: string): Promise<MembersAnswer> {
      const { id, circle } = required(await access.find(by, name));
      const you = by === undefined ? undefined : circle?.members.get(by);
      if (you === undefined) throw new Refusal("forbidden");
      return { members: await reads.listMembers(id), you };
    },

    /**
     * Adds a person, or changes a member's role. Every member may add people, as members; owners give roles.
     * @throws Refusal `no_such_room`, `no_such_user`, `forbidden`, `muted`, `room_full`, `too_many_rooms`, `too_many_attempts`.
     */
    async put(by: string, name: string, userId: string, role: RoomRole | undefined): Promise<void> {
      await mutes.refuse(by);
      await requirePrivate(by, name);
      await limits.invite(by);
      const notice = await changes.change(name, async (held, queries, tx) => {
        const own = roleOf(held, by);
        const before = held.members.get(userId);
        if (role !== undefined && role !== before && (role !== "member" || before) && own !== "owner")
          throw new Refusal("forbidden");
        if (before === undefined) return addMember(held, queries, tx, userId, role ?? "member");
        if (role === undefined || role === before) return undefined;
        // Owners are equal: nobody takes the role from another one, and the last one keeps it.
        if (before === "owner" && (userId !== by || isLastOwner(held))) throw new Refusal("forbidden");
        await queries.setRole(held.id, userId, role);
        return {
          code: "member_role",
          user: await queries.findNamed(userId),
          roomRole: role,
        } satisfies Notice;
      });
      if (notice) await tell(name, notice);
    },

    /** Adds a user who has a right to it by a link. @throws Refusal `no_such_room`, `room_full`, `too_many_rooms`. */
    async admit(name: string, userId: string, spend: (tx: Transaction) => Promise<void>): Promise<void> {
      const notice = await changes.change(name, async (held, queries, tx) => {
        if (held.members.has(userId)) return undefined;
        await spend(tx);
        return addMember(held, queries, tx, userId, "member");
      });
      if (notice) await tell(name, notice);
    },

    /**
     * Takes a member out: oneself, or by a moderator of the room somebody below them. The last one out removes the room.
     * @throws Refusal `no_such_room`, `no_such_user`, `forbidden`; a direct line is left by nobody.
     */
    async remove(by: string, name: string, userId: string): Promise<void> {
      if (by !== userId) await mutes.refuse(by);
      await requirePrivate(by, name);
      const notice = await changes.change(name, async (held, queries) => {
        const own = roleOf(held, by);
        const role = held.members.get(userId);
        if (role === undefined) throw new Refusal("no_such_user");
        if (by !== userId && RANK[own] <= RANK[role]) throw new Refusal("forbidden");
        await queries.leave(held.id, userId);
        const user = await queries.findNamed(userId);
        return { code: by === userId ? "member_left" : "member_removed", user } satisfies Notice;
      });
      if (notice) await tell(name, notice);
    },

    /**
     * Takes a closed account out of all private rooms. During an outage some are left, for `worker/closed-members.ts`.
     */
    async leaveAll(userId: string): Promise<void> {
      try {
        for (const name of await reads.listNamesOf(userId))
          await changes.change(name, (held, { leave }) => leave(held.id, userId));
      } catch (error) {
        if (!(error instanceof Unavailable) && !(error instanceof Refusal)) throw error;
      }
    },
  };

  /** Before anything is counted or locked. @throws Refusal. */
  async function requirePrivate(by: string, name: string): Promise<void> {
    const { circle } = required(await access.find(by, name));
    if (circle?.kind !== "private") throw new Refusal("forbidden");
  }

  async function tell(name: string, notice: Notice): Promise<void> {
    await notices.notify(name, randomUUID(), notice, NOTICE_TRIES);
  }
}
