/** Free ports for tests and load tests. A claim is a file, because other processes choose ports at the same moment. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FIRST = 20_000;
const COUNT = 12_000;
const claims = join(tmpdir(), "suda-test-ports");
/** The ports that this process has claimed. */
const held = new Set<number>();

/** A port of 20000..31999, below those of outgoing connections, that no other test process takes while this one lives. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 1_000; tries++) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (!claim(port)) continue;
    if (await isFree(port)) return port;
    release(port);
  }
  throw new Error("no free port between 20000 and 31999");
}

function claim(port: number): boolean {
  mkdirSync(claims, { recursive: true, mode: 0o777 });
  const file = join(claims, String(port));
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    dropIfStale(file);
    return false;
  }
  if (held.size === 0) process.once("exit", () => held.forEach(release));
  held.add(port);
  return true;
}

/** Removes the claim of a dead process, so that a later try may take the port. */
function dropIfStale(file: string): void {
  try {
    process.kill(Number(readFileSync(file, "utf8")), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") rmSync(file, { force: true });
  }
}

function release(port: number): void {
  rmSync(join(claims, String(port)), { force: true });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
