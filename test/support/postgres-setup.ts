/** vitest global set-up of the integration tests: one PostgreSQL for the run, its URL handed to every test file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { postgresUrl, startPostgresServer } from "../../infra/local/stores/postgres.ts";
import { freePort } from "../../load-tests/support/free-port.ts";

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "suda-postgres-"));
  const settings = { folder, port: await freePort(), password: "test", fast: true };
  const server = await startPostgresServer(settings);
  project.provide("postgresUrl", postgresUrl(settings, "postgres"));
  return async () => {
    await server.stop("SIGINT", 5_000);
    rmSync(folder, { recursive: true, force: true });
  };
}
