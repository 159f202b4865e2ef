/**
 * A process whose transaction loses its connection. Arguments: URL, `library` or `ours`, `statement` or `commit` for
 * the next step.
 */
import { once } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import postgres from "postgres";
import { connectPostgres } from "../pool.ts";

const [url = "", way, next] = process.argv.slice(2);
const sql = way === "ours" ? connectPostgres(url, { name: "test", max: 1 }) : postgres(url, { max: 1 });
const goOn = once(process, "message");
const loss = Promise.withResolvers<void>();
const lost = loss.promise;
try {
  await sql.begin(async (tx) => {
    await tx`select 1`;
    process.send?.("begun");
    await goOn;
    // From here on the loss is known: the transaction has failed, and its work goes on.
    await lost;
    if (next === "statement") await tx`select 2`;
  });
} catch {
  // The transaction should fail, but the process must survive, also the next step of the work.
}
// The loss may be noticed before the message that starts the next step.
await goOn;
loss.resolve();
// The library writes the next statement in the next turn of the event loop.
for (let n = 0; n < 10; n++) await turn();
process.exit(0);
