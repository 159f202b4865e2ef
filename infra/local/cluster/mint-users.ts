/** Users with a token each, for tests and load tests. Prints nothing and reads no command line. */
import { randomBytes } from "node:crypto";
import { uuidv7 } from "uuidv7";
import { createTokens } from "../../../shared/server/identity/access-tokens.ts";
import { openSecrets } from "../data/secrets.ts";
import { addUsers } from "../stores/queries.ts";
import { withPostgres } from "./with-stores.ts";

type Minted = { user: { id: string; nickname: string; role: "user" }; accessToken: string };

const BATCH = 5_000;
/** The life of a session; longer than any load test. */
const SESSION_MS = 24 * 3_600_000;

/** Creates users without hashing a password. @param data folder of a running cluster. */
export async function mintUsers(data: string, count: number): Promise<Minted[]> {
  // Part of the names, because the names of two overlapping runs must differ.
  const runId = randomBytes(3).toString("hex");
  const users = Array.from({ length: count }, (_, i) => ({
    id: uuidv7(),
    sessionId: uuidv7(),
    name: `load-${runId}-${i + 1}`,
  }));
  await withPostgres(data, async (sql) => {
    for (let from = 0; from < count; from += BATCH)
      await addUsers(sql, users.slice(from, from + BATCH), SESSION_MS);
  });

  const tokens = createTokens([openSecrets(data).jwtKey], SESSION_MS);
  return users.map(({ id, sessionId, name }) => {
    const user = { id, nickname: name, role: "user" } as const;
    return { user, accessToken: tokens.sign({ userId: id, sessionId, as: user }).token };
  });
}
