/** An earlier release of Suda from this repository's history, to upgrade from and to run beside this one. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../load-tests/support/free-port.ts";
import { until } from "../../shared/until.ts";

const root = join(import.meta.dirname, "../..");
/** The first release that every later one must be compatible with, in data and processes. */
export const FIRST_RELEASE = "392efc7";
/**
 * Earlier releases with gateways that run beside those of this one during an upgrade, and with pages that stay open through it: the first that
 * may, the last one before group chats, and one in which people react and what they have read is known.
 */
export const RELEASES_BEFORE = ["8d736e2", "f62a094", "15801b6"] as const;
/** The settings that a gateway of any release needs. Others have a default, or are unknown to an older release. */
const NEEDED = ["PATH", "REDIS_URL", "DATABASE_URL", "SUDA_KEY_PREFIX", "SUDA_JWT_KEYS", "SUDA_LIMITS"];

/** Whether the cloned history has the release. */
export function hasRelease(commit: string): boolean {
  try {
    execFileSync("git", ["cat-file", "-e", `${commit}^{commit}`], { cwd: root, stdio: "ignore" });
    return true;
  } catch {
    // A shallow clone, or not a clone.
    return false;
  }
}

/** @returns a folder with the release, which uses the packages of this one. Remove it at the end. */
export function checkOut(commit: string): string {
  const folder = mkdtempSync(join(tmpdir(), "suda-release-"));
  const archive = execFileSync("git", ["archive", commit], { cwd: root, maxBuffer: 256 << 20 });
  execFileSync("tar", ["-x", "-C", folder], { input: archive });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** @returns the folder with the built pages of a release. */
export function buildPages(release: string): string {
  execFileSync(process.execPath, [join(release, "web/build.ts")], { cwd: release, stdio: "ignore" });
  return join(release, "web/dist");
}

export const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** Starts a gateway of the release in the cluster of the gateway with this pid. */
export async function startGateway(release: string, { beside }: { beside: number }) {
  const theirs = new Map(
    readFileSync(`/proc/${beside}/environ`, "utf8")
      .split("\0")
      .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)] as const),
  );
  const [port, internalPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [join(release, "gateway/main.ts")], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...Object.fromEntries(NEEDED.map((name) => [name, theirs.get(name) ?? ""])),
      SUDA_NAME: "gateway-of-old",
      SUDA_PORT: String(port),
      SUDA_INTERNAL_PORT: String(internalPort),
    },
  });
  const said = listen(child);
  const url = `http://127.0.0.1:${port}`;
  await until("the older gateway serves", () => isReady(url), { withinMs: 30_000 }).catch((error) => {
    child.kill("SIGKILL");
    throw new Error(`${(error as Error).message}: ${said()}`);
  });
  return {
    url,
    said,
    /** Whether it ended by itself. */
    ended: (): boolean => child.exitCode !== null || child.signalCode !== null,
    kill: (): void => void child.kill("SIGKILL"),
  };
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`).catch(() => null);
  return answer?.status === 200;
}

function listen(child: ChildProcess): () => string {
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (data) => {
      said += String(data);
    });
  }
  return () => said;
}
