/** Builds the web client, which nginx serves. Nothing else of Suda is built. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../cli/options.ts";
import { run } from "../supervise/run.ts";
import { WEB_ROOT } from "./nginx.ts";

/** Builds the client if any of its sources is newer than the last build. */
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
