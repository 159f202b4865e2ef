/** `npm run admin -- grant <email> <role>` and `reset-password <email>`, on a running cluster. */

import { randomBytes } from "node:crypto";
import { hash } from "@node-rs/argon2";
import { parseEmail } from "../../shared/email.ts";
import { ARGON2 } from "../../shared/server/identity/password-parameters.ts";
import { ACCESS_TOKEN_MAX_MS } from "../../shared/server/process/settings.ts";
import type { Commands } from "../../shared/server/redis/connect.ts";
import { type ControlEvent, controlKeepMs } from "../../shared/server/redis/control-events.ts";
import { openControlLogStore } from "../../shared/server/redis/control-log-store.ts";
import type { RedisKeys } from "../../shared/server/redis/keys.ts";
import { openForgetUser } from "../../shared/server/redis/user-store.ts";
import type { Role } from "../../shared/server-frames.ts";
import { readCommandOptions } from "./cli/options.ts";
import { Problem, runCommand } from "./cli/problem.ts";
import { withPostgres, withRedis } from "./cluster/with-stores.ts";
import { setPassword, setRole } from "./stores/queries.ts";

const USAGE = "npm run admin -- grant <email> user|moderator|admin\nnpm run admin -- reset-password <email>";
const ROLES = ["user", "moderator", "admin"];
/** The longest allowed life, because each gateway has its own setting and drops entries that are too old for it. */
const CONTROL_KEEP_MS = controlKeepMs(ACCESS_TOKEN_MAX_MS);

await runCommand(async () => {
  const { data, words } = readCommandOptions(process.argv.slice(2), USAGE, { words: 3 });
  const [verb, email, role] = words;
  if (verb === "grant" && email && role && ROLES.includes(role)) await grant(data, email, role);
  else if (verb === "reset-password" && email) await resetPassword(data, email);
  else throw new Problem(USAGE);
});

/** Takes effect at once: Redis forgets the user before PostgreSQL releases the row, and all gateways are notified. */
function grant(data: string, email: string, role: string): Promise<void> {
  return withRedis(data, async (redis, keys) => {
    const change = { role: role as Role };
    const forget = openForgetUser(redis, keys);
    const found = await withPostgres(data, (sql) => setRole(sql, keyOf(email), role, forget));
    const { version, ...user } = known(email, found);
    await tell(redis, keys, { kind: "user_changed", user: { ...user, ...change }, version });
    process.stdout.write(`${email} is ${role} now\n`);
  });
}

function resetPassword(data: string, email: string): Promise<void> {
  return withRedis(data, async (redis, keys) => {
    const password = randomBytes(12).toString("base64url");
    const hashed = await hash(password, ARGON2);
    const sessions = await withPostgres(data, (sql) => setPassword(sql, keyOf(email), hashed));
    await tell(redis, keys, { kind: "sessions_ended", sessions: known(email, sessions) });
    process.stdout.write(
      `The new password of ${email}: ${password}\nEvery session of the account has ended.\n`,
    );
  });
}

async function tell(redis: Commands, keys: RedisKeys, event: ControlEvent): Promise<void> {
  await openControlLogStore(redis, keys).append(JSON.stringify(event), CONTROL_KEEP_MS);
}

function keyOf(email: string): string {
  const parsed = parseEmail(email);
  if (!parsed.ok) throw new Problem(`${email} is no address`);
  return parsed.value.key;
}

function known<T>(email: string, found: T | undefined): T {
  if (found === undefined) throw new Problem(`No account has the address ${email}`);
  return found;
}
