/** Free ports for tests. A claim is a file, since test files, clones and users run at the same moment. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FIRST = 20_000;
const COUNT = 12_000;
const claims = join(tmpdir(), "suda-test-ports");

/** A port of 20000..31999 that nobody listens on and no other test process may take while this process lives. */
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
  process.once("exit", () => release(port));
  return true;
}

/** The claim of a dead process is dropped; the port may be had at a later try. */
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
