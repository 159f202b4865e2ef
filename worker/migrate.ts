/** Migrates the database to the schema of this release: forward only, each file once, by the first process to start. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { Sql } from "../shared/server/postgres/pool.ts";
import type { Log } from "../shared/server/process/logger.ts";
import { Refused } from "../shared/server/process/refused.ts";
import { createMigrationQueries, type Migration } from "./migration-queries.ts";

const FOLDER = new URL("./migrations/", import.meta.url);
const NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;

/**
 * Applies the files of worker/migrations in order, each in one transaction together with its number. Processes that start at
 * the same time wait for one another. Idempotent.
 * @throws Refused if the database is newer than this code, Error if a file changed after it was applied.
 */
export async function migrate(sql: Sql, log: Log, folder: URL = FOLDER): Promise<void> {
  const migrations = await readMigrations(folder);
  for (;;) {
    const applied = await applyNext(sql, migrations);
    if (applied === undefined) return;
    log.info({ migration: applied.name }, "migration applied");
  }
}

/** @returns the migration that was applied; undefined if none was left. */
function applyNext(sql: Sql, migrations: Migration[]): Promise<Migration | undefined> {
  return sql.begin(async (tx) => {
    const { lockMigrations, findMigrations, addMigration } = createMigrationQueries(tx);
    await lockMigrations();
    const done = await findMigrations();
    for (const { number, name, checksum } of done) {
      const ours = migrations.find((migration) => migration.number === number);
      if (!ours)
        throw new Refused(
          `The database is newer than this release: it has migration ${name}. Start a newer release.`,
        );
      if (ours.checksum !== checksum)
        throw new Error(
          `Migration ${ours.name} changed after it was applied. Restore the file and add a new one instead.`,
        );
    }
    const next = migrations[done.length];
    if (!next) return undefined;
    await tx.unsafe(next.statements);
    await addMigration(next);
    return next;
  });
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const number = Number(NAME.exec(name)?.[1]);
      if (number !== index + 1)
        throw new Error(`Migration ${name} should be called NNNN_words.sql, in order from 0001.`);
      const statements = await readFile(new URL(name, folder), "utf8");
      return { number, name, statements, checksum: createHash("sha256").update(statements).digest("hex") };
    }),
  );
}
