// Runs before every npm script, on any Node, even one too old for everything else. Installs the npm packages, the right
// Node among them, if the lock file is newer than the installed packages.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const claim = join(root, ".installing");
const WRITTEN_WITHIN_MS = 10_000;

const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const isCurrent = () =>
  changedAt(join(root, "node_modules/.package-lock.json")) >= changedAt(join(root, "package-lock.json"));

// Two scripts may start at once in a fresh clone, and a second `npm ci` would delete the packages of the first.
function claimInstall() {
  try {
    writeFileSync(claim, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (isStale()) rmSync(claim, { force: true });
    return false;
  }
}

function isStale() {
  try {
    const writer = Number(readFileSync(claim, "utf8"));
    if (writer === 0) return Date.now() - changedAt(claim) > WRITTEN_WITHIN_MS;
    process.kill(writer, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
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

// npm gets the signal too and ends; the claim must still be released.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

while (!isCurrent() && !process.exitCode) {
  if (claimInstall()) {
    try {
      if (!isCurrent()) install();
    } finally {
      rmSync(claim, { force: true });
    }
  } else {
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

if (!existsSync(join(root, "node_modules/.bin/node")) && Number(process.versions.node.split(".")[0]) !== 22) {
  process.stderr.write(
    `npm has no Node for this platform: install Node 22 (this is ${process.versions.node})\n`,
  );
  process.exitCode = 1;
}
