/** `npm run -s mint -- --count N [--data DIR]`: users for load tests, one JSON line each, without hashing a password. */
import { randomBytes } from "node:crypto";
import { uuidv7 } from "uuidv7";
import { createTokens } from "../../shared/server/identity/access-tokens.ts";
import { readCommandOptions, wholeNumber } from "./cli/options.ts";
import { runCommand } from "./cli/problem.ts";
import { withPostgres } from "./cluster/with-stores.ts";
import { openSecrets } from "./data/secrets.ts";
import { addUsers } from "./stores/queries.ts";

const MAX_COUNT = 100_000;
const BATCH = 5_000;
/** The life of a session; longer than any load test. */
const SESSION_MS = 24 * 3_600_000;

await runCommand(async () => {
  const options = readCommandOptions(process.argv.slice(2), "npm run -s mint -- --count N --data DIR", {
    more: "count",
  });
  const count = wholeNumber("--count", options.count, 1, MAX_COUNT);
  // Part of the names, because the names of two overlapping runs must differ.
  const runId = randomBytes(3).toString("hex");
  const users = Array.from({ length: count }, (_, i) => ({
    id: uuidv7(),
    sessionId: uuidv7(),
    name: `load-${runId}-${i + 1}`,
  }));
  await withPostgres(options.data, async (sql) => {
    for (let from = 0; from < count; from += BATCH)
      await addUsers(sql, users.slice(from, from + BATCH), SESSION_MS);
  });

  const tokens = createTokens([openSecrets(options.data).jwtKey], SESSION_MS);
  const lines = users.map(({ id, sessionId, name }) => {
    const user = { id, nickname: name, role: "user" } as const;
    const { token } = tokens.sign({ userId: id, sessionId, as: user });
    return `${JSON.stringify({ user, accessToken: token })}\n`;
  });
  process.stdout.write(lines.join(""));
});
