/** A new database behind a relay that a test can break. */
import { type Relay, startRelay } from "../../load-tests/support/relay.ts";
import { createDatabase } from "./postgres.ts";

export type RelayedDatabase = { url: string; relay: Relay; close(): Promise<void> };

/** An empty database, without migrations. Call `close` after every pool that uses `url`. */
export async function createRelayedDatabase(): Promise<RelayedDatabase> {
  const database = await createDatabase();
  const relay = await startRelay(Number(new URL(database.url).port));
  return {
    url: relay.through(database.url),
    relay,
    async close() {
      await relay.close();
      await database.drop();
    },
  };
}
