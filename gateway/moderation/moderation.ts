/** Moderation: muting, banning, roles. Each act and its record are one transaction; then every gateway is told. */
import type { BanBody, MuteBody } from "../../shared/http-api.ts";
import type { Sql, Transaction } from "../../shared/server/postgres/pool.ts";
import type { Role } from "../../shared/server-frames.ts";
import { endSessionsOf } from "../accounts/account-queries.ts";
import type { Mutes } from "../accounts/mutes.ts";
import type { ChangeUser } from "../accounts/user-changes.ts";
import type { Control } from "../control/control-log.ts";
import { isUuid } from "../id.ts";
import { problem } from "../problem.ts";
import type { Sessions } from "../sessions/sessions.ts";
import {
  addAct,
  findActor,
  lockUser,
  setBan,
  setRestriction,
  setRole,
  type Target,
} from "./moderation-queries.ts";
import { checkReason } from "./reason.ts";

export type Moderation = ReturnType<typeof createModeration>;

export type ModerationDeps = {
  changeUser: ChangeUser;
  mutes: Pick<Mutes, "refuse">;
  control: Pick<Control, "restricted" | "banned" | "userChanged">;
  sessions: Pick<Sessions, "end">;
};

const RANK: Record<Role, number> = { user: 0, moderator: 1, admin: 2 };

/** @throws Problem `unauthenticated`, or `forbidden` when the role is not enough. */
export async function actorOf(db: Sql | Transaction, by: string, least: Role): Promise<Target> {
  const actor = await findActor(db, by);
  if (actor === null) throw problem("unauthenticated");
  if (RANK[actor.role] < RANK[least]) throw problem("forbidden");
  return actor;
}

/** When something ends; without a time never. @throws Problem `invalid` for what is past. */
function endOf(untilMs: number | null | undefined): number {
  if (untilMs === null || untilMs === undefined) return Number.POSITIVE_INFINITY;
  if (untilMs <= Date.now()) throw problem("invalid", { fields: { untilMs: "not_allowed" } });
  return untilMs;
}

export function createModeration({ changeUser, mutes, control, sessions }: ModerationDeps) {
  /**
   * Nobody acts on themselves or while they are muted, and only admins on those who are not below them. Roles are read
   * while the user's row is held: what is decided here still holds when it is written.
   */
  const actOn = async <T>(
    by: string,
    userId: string,
    least: Role,
    work: (tx: Transaction, target: Target) => Promise<T>,
  ): Promise<{ done: T; version: number }> => {
    await mutes.refuse(by);
    return changeUser(userId, async (tx) => {
      const actor = await actorOf(tx, by, least);
      const target = isUuid(userId) ? await lockUser(tx, userId) : null;
      if (target === null) throw problem("no_such_user");
      const mayAct = actor.role === "admin" || RANK[target.role] < RANK[actor.role];
      if (target.id === actor.id || !mayAct) throw problem("forbidden");
      return work(tx, target);
    });
  };

  /** @param until null: may write again. */
  const restrict = async (by: string, user: string, reason: string, until: number | null): Promise<void> => {
    const { done, version } = await actOn(by, user, "moderator", async (tx, target) => {
      await setRestriction(tx, user, reason, until);
      const act = until === null ? "unmute" : "mute";
      await addAct(tx, { act, by, user, detail: until === null ? {} : { until, reason } });
      return target;
    });
    await control.restricted(user, reason, until, { version, by, nickname: done.nickname });
  };

  return {
    /** The user may read but not write until then; their sockets and their rooms are told. */
    async mute(by: string, userId: string, body: MuteBody): Promise<void> {
      await restrict(by, userId, checkReason(body.reason ?? ""), endOf(body.untilMs));
    },

    /** Whoever muted, a moderator or the spam rule. */
    unmute: (by: string, userId: string): Promise<void> => restrict(by, userId, "", null),

    /** The user is shut out: every session ends, every socket closes, log-in is refused until then. */
    async ban(by: string, userId: string, body: BanBody): Promise<void> {
      const reason = checkReason(body.reason ?? "");
      const until = endOf(body.untilMs);
      const { done: ended, version } = await actOn(by, userId, "admin", async (tx) => {
        await setBan(tx, userId, reason, until);
        const detail = { until: until === Number.POSITIVE_INFINITY ? null : until, reason };
        await addAct(tx, { act: "ban", by, user: userId, detail });
        return endSessionsOf(tx, userId, null);
      });
      // Before the sessions: their sockets are to learn that it is a ban, and not to come back. Both are tried, whatever
      // becomes of the first: what Redis does not take now is told later.
      try {
        await control.banned(userId, until, { reason, version });
      } finally {
        await sessions.end(ended);
      }
    },

    async unban(by: string, userId: string): Promise<void> {
      const { version } = await actOn(by, userId, "admin", async (tx) => {
        await setBan(tx, userId, "", null);
        await addAct(tx, { act: "unban", by, user: userId });
      });
      await control.banned(userId, 0, { reason: "", version });
    },

    /** Holds at once, also for sockets that are open. */
    async setRole(by: string, userId: string, role: Role): Promise<void> {
      const { done, version } = await actOn(by, userId, "admin", async (tx, target) => {
        await setRole(tx, userId, role);
        await addAct(tx, { act: "role", by, user: userId, detail: { role, before: target.role } });
        return target;
      });
      const { id, nickname } = done;
      await control.userChanged({ id, nickname, role }, { version });
    },
  };
}
