/** A whole cluster of its own for end to end tests: the real runner, real processes, ports and a folder that nobody else has. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { childEnvironment } from "../../infra/local/cli/environment.ts";
import type { Status } from "../../infra/local/cluster/cluster.ts";
import { askStatus } from "../../infra/local/cluster/control-client.ts";
import { until } from "../../shared/until.ts";
import { freePort } from "./ports.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

/** Whatever the shell names, a test cluster has stores of its own. */
const NONE_GIVEN = { REDIS_URL: "", DATABASE_URL: "", SUDA_KEY_PREFIX: "" };

/** The runner takes a second signal for the first one, passed on twice, until then. */
const AGAIN_MS = 500;

export type Minted = { user: { id: string; nickname: string; role: string }; accessToken: string };
export type TestCluster = Awaited<ReturnType<typeof startCluster>>;

export type ClusterOptions = {
  gateways?: number;
  /** Rate limits, connection caps and the spam rule. Off unless asked for. */
  limits?: boolean;
  /** Settings of the processes, for instance `{ SUDA_ARCHIVE_MS: "500" }`. */
  env?: Record<string, string>;
  /** A folder with data already, which `stop` leaves there. */
  data?: string;
  /** Another release of the repository than this one. */
  release?: string;
};

/** Starts a cluster and waits until it serves. `stop` it in `afterAll`. */
export async function startCluster(options: ClusterOptions = {}) {
  const { gateways = 3, limits = false, env = {}, release = root } = options;
  const dir = options.data ?? mkdtempSync(join(tmpdir(), "suda-cluster-"));
  const removeOwn = (): void => {
    // Who was killed may take a moment to let go of its files.
    if (!options.data) rmSync(dir, { recursive: true, force: true, maxRetries: 10 });
  };
  const port = await freePort();
  const args = ["--port", String(port), "--data", dir, "--gateways", String(gateways)];
  const runner = startRunner([...args, ...(limits ? [] : ["--limits", "off"])], env, release);
  try {
    await runner.ready();
  } catch (error) {
    removeOwn();
    throw error;
  }

  const command = async (name: string, ...words: string[]): Promise<string> => {
    const file = join(release, "infra/local", `${name}.ts`);
    const { stdout } = await run(process.execPath, [file, ...words, "--data", dir], { maxBuffer: 64 << 20 });
    return stdout;
  };
  /** Without the price of a process each time: it is asked again and again. */
  const status = (): Promise<Status> => askStatus(dir);

  return {
    url: `http://127.0.0.1:${port}`,
    dir,
    runner,
    command,
    status,
    /** Addresses of the gateways, past nginx. */
    gateways: async (): Promise<string[]> =>
      (await status()).processes
        .filter(({ name }) => name.startsWith("gateway-"))
        .map(({ port }) => `http://127.0.0.1:${port}`),
    /** The status of one process. */
    async find(name: string) {
      const found = (await status()).processes.find((each) => each.name === name);
      if (!found) throw new Error(`the cluster has no ${name}`);
      return found;
    },
    /** Of PostgreSQL, for a look at the rows. */
    databaseUrl: (): string =>
      JSON.parse(readFileSync(join(dir, "runner.json"), "utf8")).backends.databaseUrl,
    scale: (to: number) => command("scale", String(to)),
    roll: () => command("roll"),
    async mint(count: number): Promise<Minted[]> {
      const lines = (await command("mint", "--count", String(count))).trimEnd().split("\n");
      return lines.map((line) => JSON.parse(line) as Minted);
    },
    /** A folder that was given is left as an orderly end leaves it; otherwise nobody is waited for, and nothing is left. */
    async stop(): Promise<void> {
      await (options.data ? runner.stop("SIGTERM") : runner.end());
      removeOwn();
    },
  };
}

/** The runner in a child process, with all that it said. */
export function startRunner(args: string[], env: Record<string, string> = {}, release = root) {
  const child = spawn(process.execPath, [join(release, "infra/local/main.ts"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: childEnvironment({ ...NONE_GIVEN, ...env }),
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      said += String(data);
    });
  }
  const gone = endOf(child);
  let code: number | string | undefined;
  void gone.then((how) => {
    code = how;
  });
  return {
    pid: child.pid ?? 0,
    said: () => said,
    gone,
    /** @throws Error with what it said when it ends instead. */
    async ready(): Promise<void> {
      await until("the cluster starts", () => code !== undefined || said.includes("Ready after"), {
        withinMs: 60_000,
      });
      if (code !== undefined) throw new Error(`the runner ended (${code}): ${said}`);
    },
    stop(signal: NodeJS.Signals): Promise<number | string> {
      child.kill(signal);
      return gone;
    },
    /** Everything ends at once. */
    async end(): Promise<number | string> {
      child.kill("SIGTERM");
      await Promise.race([gone, delay(AGAIN_MS)]);
      child.kill("SIGTERM");
      return await gone;
    },
  };
}

function endOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal ?? "?")));
}
