/** The data folder of a cluster: made, checked, locked, wiped. Only a folder with Suda's mark is ever used or wiped. */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { StartOptions } from "../cli/options.ts";
import { Problem } from "../cli/problem.ts";
import { writeJson } from "./json-file.ts";
import { endOrphans } from "./orphans.ts";
import { lockFolder, type Runner } from "./runner-file.ts";

const MARK = "suda.json";
const MIN_FREE_BYTES = 256 << 20;
/** These characters would end a string in nginx.conf or redis.conf. */
const FORBIDDEN = /["\\$\n;{}]/;

/**
 * Makes or checks the folder, locks it for this process, ends the orphans of an earlier runner, wipes it if `fresh`.
 * @throws Problem when the folder belongs to something else, is in use, cannot be written or has no space.
 */
export async function openDataFolder(
  { data, fresh }: Pick<StartOptions, "data" | "fresh">,
  url: string,
  say: (line: string) => void,
): Promise<Runner> {
  if (FORBIDDEN.test(data)) throw new Problem(`${data}: choose a folder without any of " \\ $ ; { }`);
  if (existsSync(data) && !existsSync(join(data, MARK)) && readdirSync(data).length > 0)
    throw new Problem(
      `${data} holds other files and carries no mark of Suda: choose an empty folder with --data`,
    );
  makeFolder(data);
  accessSync(data, constants.R_OK | constants.W_OK | constants.X_OK);
  requireSpace(data);
  if (!existsSync(join(data, MARK))) writeJson(join(data, MARK), { madeAt: new Date().toISOString() });

  const runner = lockFolder(data, url);
  const orphans = await endOrphans(data);
  if (orphans.length > 0) say(`Ended what an earlier run left: ${orphans.join(", ")}`);
  if (fresh) wipe(data);
  return runner;
}

/** Level by level, because Node's own recursion never ends if a parent cannot be made (as below /proc). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

function wipe(data: string): void {
  for (const name of readdirSync(data)) {
    if (name !== MARK && name !== "runner.json") rmSync(join(data, name), { recursive: true, force: true });
  }
}

function requireSpace(data: string): void {
  const { bavail, bsize } = statfsSync(data);
  if (bavail * bsize < MIN_FREE_BYTES)
    throw new Problem(`${dirname(data)}: no space left on the disk (${MIN_FREE_BYTES >> 20} MiB are needed)`);
}
