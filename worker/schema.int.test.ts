/**
 * Compares the schema after all migrations with worker/schema.sql, so that a review sees a change of the schema itself.
 * After a new migration, `vitest run worker/schema.int.test.ts -u` updates the file.
 */
import { expect, test } from "vitest";
import { connectPostgres } from "../shared/server/postgres/pool.ts";
import { createLog } from "../shared/server/process/logger.ts";
import { createDatabase } from "../test/support/postgres.ts";
import { dumpSchema } from "../test/support/schema-queries.ts";
import { migrate } from "./migrate.ts";

test("the migrations lead to the schema that worker/schema.sql shows", async () => {
  const database = await createDatabase();
  const sql = connectPostgres(database.url, { name: "schema", max: 1 });
  try {
    await migrate(sql, createLog("schema", "silent"));
    await expect(await dumpSchema(sql)).toMatchFileSnapshot("./schema.sql");
  } finally {
    await sql.end({ timeout: 1 });
    await database.drop();
  }
});
