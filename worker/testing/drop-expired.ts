/** `node worker/testing/drop-expired.ts DATABASE_URL NOW_MS DAYS`: a process of the retention's work and nothing else, to be killed in the middle. */
import { setTimeout as wait } from "node:timers/promises";
import { connectPostgres } from "../../shared/server/postgres/pool.ts";
import { createLog } from "../../shared/server/process/logger.ts";
import { createRetention } from "../retention.ts";

const [url = "", now, days] = process.argv.slice(2);
const sql = connectPostgres(url, { name: "dropping", max: 1 });
const retention = createRetention(() => Number(now), Number(days), createLog("dropping", "info"));
// Until it is killed: a day that somebody reads is dropped with a later try.
for (;;) if (!(await retention(sql))) await wait(50);
