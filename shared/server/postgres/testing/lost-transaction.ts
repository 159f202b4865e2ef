/** A process whose transaction loses its connection. Arguments: URL, `library` or `ours`, `statement` or `commit` for what comes next. */
import { once } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import postgres from "postgres";
import { connectPostgres } from "../pool.ts";

const [url = "", way, next] = process.argv.slice(2);
const sql = way === "ours" ? connectPostgres(url, { name: "test", max: 1 }) : postgres(url, { max: 1 });
const loss = Promise.withResolvers<void>();
const lost = loss.promise;
try {
  await sql.begin(async (tx) => {
    await tx`select 1`;
    const goOn = once(process, "message");
    process.send?.("begun");
    await goOn;
    // The loss is known by then: the transaction has failed, and its work goes on.
    await lost;
    if (next === "statement") await tx`select 2`;
  });
} catch {
  // A transaction that fails is right; only the process must go on, also after what its work asks for next.
}
loss.resolve();
// What the library would write next it writes in the next turn.
for (let n = 0; n < 10; n++) await turn();
process.exit(0);
