/** Accounts: signing up and logging in. */
import { createHash } from "node:crypto";
import { uuidv7 } from "uuidv7";
import { parseEmail } from "../../shared/email.ts";
import type { LoginBody, SignupBody } from "../../shared/http-api.ts";
import type { OwnUser } from "../../shared/server-frames.ts";
import { bannedProblem } from "../control/ban-list.ts";
import { type FieldProblems, Refusal } from "../errors.ts";
import type { HttpLimits } from "../limits/http-rate-limits.ts";
import type { Device } from "../sessions/device.ts";
import type { OpenedSession, Sessions } from "../sessions/sessions.ts";
import type { AccountQueries } from "./account-queries.ts";
import { checkNickname } from "./nickname.ts";
import type { Passwords } from "./passwords/hasher.ts";
import { checkPassword, toNfc } from "./passwords/policy.ts";
import type { UserQueries } from "./user-queries.ts";

export type Accounts = ReturnType<typeof createAccounts>;

type AccountsDeps = {
  queries: Pick<AccountQueries, "add" | "find" | "replaceHash">;
  users: Pick<UserQueries, "find" | "findBan">;
  passwords: Pick<Passwords, "hash" | "verify" | "isWeaker" | "refuseWhenFull">;
  sessions: Pick<Sessions, "open" | "begin">;
  limits: Pick<HttpLimits, "signUp" | "logIn">;
};

export function createAccounts({ queries, users, passwords, sessions, limits }: AccountsDeps) {
  return {
    /**
     * Creates an account and its first session atomically.
     * @throws Refusal `invalid` with fields, `email_taken`, `nickname_taken`, `too_many_attempts`.
     */
    async signUp(body: SignupBody, device: Device): Promise<OpenedSession> {
      const { email, nickname, password } = checkSignup(body);
      passwords.refuseWhenFull();
      const attempt = await limits.signUp(device.ip);
      return attempt.spend(async () => {
        const passwordHash = await passwords.hash(password);
        const user: OwnUser = { id: uuidv7(), email: email.email, nickname: nickname.nickname, role: "user" };
        const keys = { emailKey: email.key, nicknameKey: nickname.key, nicknameSkeleton: nickname.skeleton };
        return sessions.open(user, device, async (session) => {
          const taken = await queries.add({ ...user, ...keys, passwordHash }, session);
          if (taken !== undefined) throw new Refusal(taken === "email" ? "email_taken" : "nickname_taken");
        });
      });
    },

    /**
     * Begins a session. An unknown address costs the same work and gives the same answer as a wrong password.
     * @throws Refusal `bad_credentials`, `banned` (only with the right password), `too_many_attempts`.
     */
    async logIn(body: LoginBody, device: Device): Promise<OpenedSession> {
      passwords.refuseWhenFull();
      const email = parseEmail(body.email);
      const attempt = await limits.logIn(hashIdentifier(email.ok ? email.value.key : body.email), device.ip);
      let wrong = false;
      try {
        const account = email.ok ? await queries.find(email.value.key) : undefined;
        const right = await passwords.verify(account?.passwordHash, toNfc(body.password));
        wrong = !right;
        if (!account || !right) throw new Refusal("bad_credentials");
        if (account.banned) throw bannedProblem(await users.findBan(account.id));
        const { passwordHash, banned: _, ...user } = account;
        if (passwordHash && passwords.isWeaker(passwordHash)) await strengthen(user.id, passwordHash, body);
        return await sessions.begin(user, device);
      } finally {
        // Only a wrong password counts: successful and rate-limited attempts do not use up tries.
        if (!wrong) await attempt.forgive();
      }
    },

    /** @throws Refusal `unauthenticated` when the user is gone or banned. */
    async find(userId: string): Promise<OwnUser> {
      const user = await users.find(userId);
      if (user === undefined) throw new Refusal("unauthenticated");
      return user;
    },
  };

  /**
   * Hashes the password again when the parameters were raised, because only a log-in knows it. Skipped while the thread
   * is busy.
   */
  async function strengthen(userId: string, old: string, { password }: LoginBody): Promise<void> {
    try {
      await queries.replaceHash(userId, old, await passwords.hash(toNfc(password)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
}

/** Checks all fields before any is refused, so that a form can mark each. */
function checkSignup(body: SignupBody) {
  const email = parseEmail(body.email);
  const nickname = checkNickname(body.nickname);
  const password = checkPassword(body.password, [email.ok ? email.value.email : body.email, body.nickname]);
  if (email.ok && nickname.ok && password.ok) {
    return { email: email.value, nickname: nickname.value, password: password.value };
  }
  const fields: FieldProblems = {};
  for (const [name, field] of Object.entries({ email, nickname, password })) {
    if (!field.ok) fields[name] = field.code;
  }
  throw new Refusal("invalid", { fields });
}

/** Hashed, because addresses of people stay out of Redis. */
const hashIdentifier = (key: string): string =>
  createHash("sha256").update(key).digest("base64url").slice(0, 22);
