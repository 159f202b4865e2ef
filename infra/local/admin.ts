/** `npm run admin -- grant <email> <role>` and `reset-password <email>`, on a running cluster. */
import { randomBytes } from "node:crypto";
import { hash } from "@node-rs/argon2";
import { readCommandOptions } from "./options.ts";
import { Problem, runCommand } from "./problem.ts";
import { setPassword, setRole } from "./queries.ts";
import { withPostgres, withRedis } from "./with-stores.ts";

const USAGE = "npm run admin -- grant <email> user|moderator|admin\nnpm run admin -- reset-password <email>";
const ROLES = ["user", "moderator", "admin"];
/** The gateways keep what they know of a user here; a hash without the other fields would be worse than none. */
const SET_ROLE =
  "if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'role', ARGV[1]) end";

await runCommand(async () => {
  const { data, words } = readCommandOptions(process.argv.slice(2), USAGE);
  const [verb, email, role] = words;
  if (verb === "grant" && email && role && ROLES.includes(role)) await grant(data, email, role);
  else if (verb === "reset-password" && email) await resetPassword(data, email);
  else throw new Problem(USAGE);
});

async function grant(data: string, email: string, role: string): Promise<void> {
  const id = known(email, await withPostgres(data, (sql) => setRole(sql, email.trim().toLowerCase(), role)));
  await withRedis(data, (redis, keys) => redis.eval(SET_ROLE, 1, keys.user(id), role));
  process.stdout.write(`${email} is ${role} now\n`);
}

async function resetPassword(data: string, email: string): Promise<void> {
  const password = randomBytes(12).toString("base64url");
  // The library's defaults are argon2id at the OWASP minimum, as everywhere in Suda.
  const hashed = await hash(password);
  known(email, await withPostgres(data, (sql) => setPassword(sql, email.trim().toLowerCase(), hashed)));
  process.stdout.write(
    `The new password of ${email}: ${password}\nEvery session of the account has ended.\n`,
  );
}

function known(email: string, id: string | undefined): string {
  if (id === undefined) throw new Problem(`No account has the address ${email}`);
  return id;
}
