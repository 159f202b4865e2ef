/** A database of its own behind a line that a test can cut. */
import { createDatabase } from "./postgres.ts";
import { startProxy } from "./proxy.ts";

export type DatabaseLine = Awaited<ReturnType<typeof openDatabaseLine>>;

/** Empty: no migration is applied. `close` after every pool that uses `url`. */
export async function openDatabaseLine() {
  const database = await createDatabase();
  const url = new URL(database.url);
  const line = await startProxy(Number(url.port));
  url.port = String(line.port);
  return {
    url: url.href,
    line,
    async close(): Promise<void> {
      await line.close();
      await database.drop();
    },
  };
}
