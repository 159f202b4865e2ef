/** Asks for the password again before an act that cannot be undone. Only wrong ones use up tries. */
import { Refusal } from "../../errors.ts";
import type { HttpLimits } from "../../limits/http-rate-limits.ts";
import type { AccountQueries } from "../account-queries.ts";
import type { Passwords } from "./hasher.ts";
import { toNfc } from "./policy.ts";

/**
 * @returns the hash of this password.
 * @throws Refusal `bad_credentials` or `too_many_attempts`.
 */
export type ConfirmPassword = (userId: string, password: string, ip: string) => Promise<string>;

type ConfirmationDeps = {
  queries: Pick<AccountQueries, "findPasswordHash">;
  passwords: Pick<Passwords, "verify">;
  limits: Pick<HttpLimits, "confirm">;
};

export function createConfirmation({ queries, passwords, limits }: ConfirmationDeps): ConfirmPassword {
  return async (userId, password, ip) => {
    const attempt = await limits.confirm(userId, ip);
    let wrong = false;
    try {
      const hash = await queries.findPasswordHash(userId);
      wrong = !(await passwords.verify(hash, toNfc(password)));
      if (wrong || hash === undefined) throw new Refusal("bad_credentials");
      return hash;
    } finally {
      if (!wrong) await attempt.forgive();
    }
  };
}
