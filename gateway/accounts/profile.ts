/** Changes to the own account that ask for its password: another password, and closing it. */
import type { ChangePasswordBody } from "../../shared/http-api.ts";
import type { Subject } from "../../shared/server/identity/access-tokens.ts";
import type { Sql } from "../../shared/server/postgres/pool.ts";
import type { Control } from "../control/control-log.ts";
import { Refusal } from "../errors.ts";
import { createSessionQueries } from "../sessions/session-queries.ts";
import type { Sessions } from "../sessions/sessions.ts";
import { createAccountQueries } from "./account-queries.ts";
import type { Accounts } from "./accounts.ts";
import type { ConfirmPassword } from "./passwords/confirmation.ts";
import type { Passwords } from "./passwords/hasher.ts";
import { checkPassword } from "./passwords/policy.ts";
import type { ChangeUser } from "./user-changes.ts";

export type Profile = ReturnType<typeof createProfile>;

type ProfileDeps = {
  sql: Sql;
  changeUser: ChangeUser;
  confirm: ConfirmPassword;
  accounts: Pick<Accounts, "find">;
  passwords: Pick<Passwords, "hash">;
  sessions: Pick<Sessions, "end">;
  control: Pick<Control, "accountClosed">;
  /** Takes the closed account out of everything that it was a member of. */
  onClosed: (userId: string) => Promise<void>;
};

export function createProfile({
  sql,
  changeUser,
  confirm,
  accounts,
  passwords,
  sessions,
  control,
  onClosed,
}: ProfileDeps) {
  return {
    /**
     * From then on only the new password counts, and every other session has ended.
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
      // The second is tried also if the first fails: the control log publishes the rest when Redis is back.
      try {
        await sessions.end(ended);
      } finally {
        await control.accountClosed(userId);
      }
      await onClosed(userId);
    },
  };
}
