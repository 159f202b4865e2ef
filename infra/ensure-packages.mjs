// The step before every npm script. Any Node can run it, also one that is too old for everything else: it installs the
// npm packages, the right Node among them, when the lock file is newer than what is installed.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const claim = join(root, ".installing");
const STALE_CLAIM_MS = 10 * 60_000;

const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const isCurrent = () =>
  changedAt(join(root, "node_modules/.package-lock.json")) >= changedAt(join(root, "package-lock.json"));

// Two scripts may start at once in a fresh clone; a second `npm ci` would pull the packages from under the first.
function claimInstall() {
  try {
    mkdirSync(claim);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (Date.now() - changedAt(claim) > STALE_CLAIM_MS) rmSync(claim, { recursive: true, force: true });
    return false;
  }
}

function install() {
  process.stderr.write("Installing npm packages (once, about a minute)\n");
  const { status, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status === 0) return;
  process.stderr.write(`npm ci failed${error ? ` (${error.message})` : ""}: run it by hand in ${root}\n`);
  process.exitCode = 1;
}

while (!isCurrent() && !process.exitCode) {
  if (claimInstall()) {
    const release = () => rmSync(claim, { recursive: true, force: true });
    process.once("SIGINT", () => {
      release();
      process.exit(130);
    });
    try {
      if (!isCurrent()) install();
    } finally {
      release();
    }
  } else {
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
