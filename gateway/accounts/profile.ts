/** Changes by users to their own account: another name, another password, closing it. */
import type { ChangePasswordBody } from "../../shared/http-api.ts";
import type { Subject } from "../../shared/server/identity/access-tokens.ts";
import type { Sql } from "../../shared/server/postgres/pool.ts";
import type { OwnUser } from "../../shared/server-frames.ts";
import type { Control } from "../control/control-log.ts";
import { Refusal } from "../errors.ts";
import type { HttpLimits } from "../limits/http-rate-limits.ts";
import { createSessionQueries } from "../sessions/session-queries.ts";
import type { Sessions } from "../sessions/sessions.ts";
import { type AccountQueries, createAccountQueries, takenName } from "./account-queries.ts";
import type { Accounts } from "./accounts.ts";
import type { Mutes } from "./mutes.ts";
import { checkNickname, type Nickname } from "./nickname.ts";
import type { Passwords } from "./passwords/hasher.ts";
import { checkPassword, toNfc } from "./passwords/policy.ts";
import type { ChangeUser } from "./user-changes.ts";

export type Profile = ReturnType<typeof createProfile>;

type ProfileDeps = {
  sql: Sql;
  changeUser: ChangeUser;
  mutes: Mutes;
  queries: Pick<AccountQueries, "findPasswordHash">;
  accounts: Pick<Accounts, "find">;
  passwords: Pick<Passwords, "hash" | "verify">;
  sessions: Pick<Sessions, "end">;
  limits: Pick<HttpLimits, "confirm" | "rename">;
  control: Pick<Control, "userChanged" | "accountClosed">;
};

export function createProfile(deps: ProfileDeps) {
  const { sql, changeUser, mutes, queries, accounts, passwords, sessions, limits, control } = deps;

  return {
    /**
     * Gives the user another nickname, at once and everywhere; the rooms they are in are told.
     * @throws Refusal `invalid` with fields, `muted`, `nickname_taken`, `too_many_attempts`.
     */
    async rename(userId: string, raw: string): Promise<OwnUser> {
      const name = checkNickname(raw);
      if (!name.ok) throw new Refusal("invalid", { fields: { nickname: name.code } });
      await mutes.refuse(userId);
      const attempt = await limits.rename(userId);
      const { done: before, version } = await attempt.spend(() => giveName(userId, name.value));
      const user: OwnUser = { ...before, nickname: name.value.nickname };
      const { id, nickname, role } = user;
      if (before.nickname !== nickname)
        await control.userChanged({ id, nickname, role }, { version, before: before.nickname });
      return user;
    },

    /**
     * From here on only the new password counts, and only the session that changed it goes on.
     * @throws Refusal `invalid` with fields, `bad_credentials`, `too_many_attempts`.
     */
    async changePassword(
      { userId, sessionId }: Subject,
      body: ChangePasswordBody,
      ip: string,
    ): Promise<void> {
      const { email, nickname } = await accounts.find(userId);
      const next = checkPassword(body.next, [email, nickname]);
      if (!next.ok) throw new Refusal("invalid", { fields: { next: next.code } });
      const old = await confirm(userId, body.current, ip);
      const hash = await passwords.hash(next.value);
      const others = await sql.begin(async (tx) => {
        if (!(await createAccountQueries(tx).replaceHash(userId, old, hash)))
          throw new Refusal("bad_credentials");
        return createSessionQueries(tx).endOf(userId, sessionId);
      });
      await sessions.end(others);
    },

    /**
     * Closes the account for good: address and nickname are free again, its messages stay under a neutral name.
     * @throws Refusal `bad_credentials`, `too_many_attempts`.
     */
    async close({ userId }: Subject, password: string, ip: string): Promise<void> {
      const hash = await confirm(userId, password, ip);
      const { done: ended } = await changeUser(userId, async (change, tx) => {
        if (!(await change.close(hash))) throw new Refusal("bad_credentials");
        return createSessionQueries(tx).endOf(userId);
      });
      // Both are tried, whatever becomes of the first: what Redis does not take now is told later.
      try {
        await sessions.end(ended);
      } finally {
        await control.accountClosed(userId);
      }
    },
  };

  /** The hash that this password leads to. Only a wrong one uses up tries. @throws Refusal `bad_credentials`. */
  async function confirm(userId: string, password: string, ip: string): Promise<string> {
    const attempt = await limits.confirm(userId, ip);
    let wrong = false;
    try {
      const hash = await queries.findPasswordHash(userId);
      wrong = !(await passwords.verify(hash ?? null, toNfc(password)));
      if (wrong || hash === undefined) throw new Refusal("bad_credentials");
      return hash;
    } finally {
      if (!wrong) await attempt.forgive();
    }
  }

  /** @returns the user as before, and the version of what they are now. */
  async function giveName(userId: string, name: Nickname): Promise<{ done: OwnUser; version: number }> {
    try {
      return await changeUser(userId, async (change, tx) => {
        const before = await change.lockActive();
        if (before === undefined) throw new Refusal("unauthenticated");
        await mutes.refuseHeld(tx, userId);
        await change.setNickname(name);
        return before;
      });
    } catch (error) {
      takenName(error);
      throw new Refusal("nickname_taken");
    }
  }
}
