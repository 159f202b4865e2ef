/** Moderation: muting, banning, roles. Each act and its record are one transaction; then every gateway is notified. */
import type { BanBody, MuteBody } from "../../shared/http-api.ts";
import type { Transaction } from "../../shared/server/postgres/pool.ts";
import type { Ban, PublicUser, Restriction, Role } from "../../shared/server-frames.ts";
import { actorOf, isAbove } from "../accounts/authorization.ts";
import type { Mutes } from "../accounts/mutes.ts";
import type { ChangeUser, UserChange } from "../accounts/user-changes.ts";
import type { Control } from "../control/control-log.ts";
import { Refusal } from "../errors.ts";
import { isUuid } from "../id.ts";
import { createSessionQueries } from "../sessions/session-queries.ts";
import type { Sessions } from "../sessions/sessions.ts";
import { recordAct } from "./audit.ts";
import { checkReason } from "./reason.ts";

export type Moderation = ReturnType<typeof createModeration>;

export type ModerationDeps = {
  changeUser: ChangeUser;
  mutes: Pick<Mutes, "refuse">;
  control: Pick<Control, "restricted" | "banned" | "userChanged">;
  sessions: Pick<Sessions, "end">;
  /** Removes what a user said in the last hour. */
  removeLately: (by: string, userId: string, room?: string) => Promise<unknown>;
};
/**
 * For an act that may be asked for again: called in its transaction. @returns false if it was done before: then it changes nothing, and
 * the gateways are told of the present state, in case they were not.
 */
export type IsFirst = (tx: Transaction) => Promise<boolean>;
type Act<T> = (change: UserChange, tx: Transaction, target: PublicUser) => Promise<T>;

const always: IsFirst = async () => true;

export function createModeration({ changeUser, mutes, control, sessions, removeLately }: ModerationDeps) {
  return {
    /** The user may read but not write until then. Notifies their sockets and rooms. */
    async mute(by: string, userId: string, body: MuteBody, isFirst = always): Promise<void> {
      const kept = { reason: checkReason(body.reason ?? ""), until: endOf(body.untilMs) };
      await restrict(by, userId, kept, isFirst);
      await removeAfter(by, userId, body);
    },

    /** Lifts a mute, by a moderator or by the spam rule. */
    unmute: (by: string, userId: string): Promise<void> => restrict(by, userId, undefined),

    /** Ends every session, closes every socket, and refuses log-ins until then. */
    async ban(by: string, userId: string, body: BanBody, isFirst = always): Promise<void> {
      const asked = { reason: checkReason(body.reason ?? ""), until: endOf(body.untilMs) };
      const { done, version } = await actOn(by, userId, "admin", async (change, tx) => {
        if (!(await isFirst(tx))) return { ended: [], ...endless((await change.findBan()) ?? LIFTED) };
        const { reason, until } = asked;
        await change.setBan(reason, until);
        const detail = { until: until === Number.POSITIVE_INFINITY ? null : until, reason };
        await recordAct(tx, { act: "ban", by, user: userId, detail });
        return { ended: await createSessionQueries(tx).endOf(userId), ...asked };
      });
      const { ended, reason, until } = done;
      // The ban before the sessions: sockets must learn that it is a ban, and must not reconnect. The second is tried
      // also if the first fails: the control log publishes the rest when Redis is back.
      try {
        await control.banned(userId, until, { reason, version });
      } finally {
        await sessions.end(ended);
      }
      await removeAfter(by, userId, body);
    },

    async unban(by: string, userId: string): Promise<void> {
      const { version } = await actOn(by, userId, "admin", async (change, tx) => {
        await change.setBan("", undefined);
        await recordAct(tx, { act: "unban", by, user: userId });
      });
      await control.banned(userId, 0, { reason: "", version });
    },

    /** Takes effect at once, also for open sockets. */
    async setRole(by: string, userId: string, role: Role): Promise<void> {
      const { done, version } = await actOn(by, userId, "admin", async (change, tx, target) => {
        await change.setRole(role);
        await recordAct(tx, { act: "role", by, user: userId, detail: { role, before: target.role } });
        return target;
      });
      const { id, nickname } = done;
      await control.userChanged({ id, nickname, role }, { version });
    },
  };

  /** Last, so that nothing new is said in between. A request that fails here can be repeated. */
  async function removeAfter(
    by: string,
    userId: string,
    { removeMessages, room }: MuteBody | BanBody,
  ): Promise<void> {
    if (removeMessages) await removeLately(by, userId, room);
  }

  /**
   * Nobody acts on themselves or while muted, and only admins on users of their own rank or above. The roles are read
   * while the user's row is locked, so that the decision still holds when it is written.
   */
  async function actOn<T>(
    by: string,
    userId: string,
    min: Role,
    act: Act<T>,
  ): Promise<{ done: T; version: number }> {
    await mutes.refuse(by);
    return changeUser(userId, async (change, tx) => {
      const actor = await actorOf(tx, by, min);
      const target = isUuid(userId) ? await change.lock() : undefined;
      if (target === undefined) throw new Refusal("no_such_user");
      const mayAct = actor.role === "admin" || isAbove(actor, target);
      if (target.id === actor.id || !mayAct) throw new Refusal("forbidden");
      return act(change, tx, target);
    });
  }

  /** @param asked undefined: the user may write again. */
  async function restrict(
    by: string,
    user: string,
    asked: Restriction | undefined,
    isFirst = always,
  ): Promise<void> {
    const { done, version } = await actOn(by, user, "moderator", async (change, tx, { nickname }) => {
      if (!(await isFirst(tx))) return { nickname, kept: await change.findRestriction() };
      await change.setRestriction(asked?.reason ?? "", asked?.until);
      await recordAct(tx, { act: asked ? "mute" : "unmute", by, user, detail: asked ?? {} });
      return { nickname, kept: asked };
    });
    const { kept, nickname } = done;
    await control.restricted(user, kept?.reason ?? "", kept?.until, { version, by, nickname });
  }
}

const LIFTED: Ban = { reason: "", until: 0 };
/** The end of a ban in PostgreSQL as the control log has it. */
const endless = ({ reason, until }: Ban): Restriction => ({
  reason,
  until: until ?? Number.POSITIVE_INFINITY,
});

/**
 * @returns the end as a time; infinite without one.
 * @throws Refusal `invalid` for a time in the past.
 */
function endOf(untilMs: BanBody["untilMs"]): number {
  const until = untilMs ?? Number.POSITIVE_INFINITY;
  if (until <= Date.now()) throw new Refusal("invalid", { fields: { untilMs: "not_allowed" } });
  return until;
}
