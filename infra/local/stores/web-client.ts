/** The client is the only thing that is built; nginx serves the result. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../cli/options.ts";
import { run } from "../supervise/run.ts";
import { WEB_ROOT } from "./nginx.ts";

/** Builds the client when any of its sources is newer than what was built last. */
export async function buildWebClient(say: (line: string) => void): Promise<void> {
  const built = join(WEB_ROOT, "index.html");
  if (existsSync(built) && statSync(built).mtimeMs > newestSource()) return;
  say("Building the client");
  await run({ command: process.execPath, args: [join(ROOT, "web/build.ts")] });
}

function newestSource(): number {
  const ofWeb = readdirSync(join(ROOT, "web"), { recursive: true, withFileTypes: true });
  const ofShared = readdirSync(join(ROOT, "shared"), { withFileTypes: true });
  const files = [...ofWeb, ...ofShared]
    .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(WEB_ROOT))
    .map((entry) => join(entry.parentPath, entry.name));
  return Math.max(...[...files, join(ROOT, "package-lock.json")].map((file) => statSync(file).mtimeMs));
}
