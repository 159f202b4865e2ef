/**
 * A data folder right after `initdb`, made once for a run. Each cluster gets a copy, because `initdb` takes several times
 * as long. A cluster in a folder that is given, as in test/ordinary-life.e2e.test.ts, begins with an empty one.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { writeJson } from "../../infra/local/data/json-file.ts";
import { openSecrets } from "../../infra/local/data/secrets.ts";
import { postgresCommand } from "../../infra/local/stores/postgres.ts";
import { freePort } from "../../load-tests/support/free-port.ts";

const copy = promisify(execFile);
let template: string | undefined;

/** @returns the folder, and a function that removes it. */
export async function makeTemplate(): Promise<{ folder: string; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), "suda-template-"));
  const { postgresPassword: password } = openSecrets(folder);
  await postgresCommand({ folder: join(folder, "postgres"), port: await freePort(), password, fast: true });
  // PostgreSQL keeps its password in its files. All other secrets of a cluster are its own.
  writeJson(join(folder, "secrets.json"), { postgresPassword: password });
  writeFileSync(join(folder, "suda.json"), "{}\n");
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** From now on `fillData` copies this folder. */
export function useTemplate(folder: string): void {
  template = folder;
}

/** Fills the empty data folder of a cluster; outside of a run of tests it stays empty. */
export async function fillData(data: string): Promise<void> {
  if (template !== undefined) await copy("cp", ["-a", `${template}/.`, data]);
}
