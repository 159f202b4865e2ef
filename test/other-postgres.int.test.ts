/** PostgreSQL of Debian, older than the one that all tests use: the checker plays on it. Skipped where it is not installed. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { holds } from "../load-tests/faults/judge/judge.ts";
import { freePort } from "../load-tests/support/free-port.ts";
import { connectPostgres } from "../shared/server/postgres/pool.ts";
import { until } from "../shared/until.ts";
import { playBroken } from "./support/broken-run.ts";
import { hasDebianPostgres, openDebianPostgres } from "./support/debian-postgres.ts";
import { comeBack, redisLosesItsTail } from "./support/plays.ts";

describe.skipIf(!hasDebianPostgres)("PostgreSQL 15", () => {
  const { initialise, start, close } = openDebianPostgres();
  let postgres = "";
  beforeAll(async () => {
    await initialise("data");
    postgres = await start("data", await freePort());
    const sql = connectPostgres(postgres, { name: "test", max: 1 });
    await until("PostgreSQL answers", () =>
      sql`select 1`.then(
        () => true,
        () => false,
      ),
    );
    await sql.end();
  });
  afterAll(close);

  it.each([
    ["when everybody comes back", comeBack],
    ["when Redis loses the end of its log", redisLosesItsTail],
  ])("takes all migrations, and every promise is kept %s", async (_, play) => {
    const verdict = await playBroken({}, play, { postgres });
    expect(verdict.evidence).toEqual([]);
    expect(holds(verdict)).toBe(true);
  });
});
