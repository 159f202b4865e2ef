/** Servers of one contender: started on ports of their own, listening when they are returned, and ended together. */
import type { ChildProcess } from "node:child_process";
import { connect } from "node:net";
import { join } from "node:path";
import { until } from "../../shared/until.ts";
import { freePort } from "../support/free-port.ts";
import { askRedis } from "../support/redis-command.ts";
import { spawnChild } from "../support/spawn.ts";
import type { Tree } from "./processes.ts";

const SERVERS = join(import.meta.dirname, "servers");
/** As in a cluster of Suda. */
const REDIS_SETTINGS = {
  bind: "127.0.0.1",
  save: "",
  appendonly: "yes",
  appendfsync: "everysec",
  "maxmemory-policy": "noeviction",
  loglevel: "warning",
};
const LISTENS_WITHIN_MS = 30_000;
const ENDED_WITHIN_MS = 5_000;

export function createOwnServers() {
  const children: ChildProcess[] = [];
  const processes: Tree[] = [];

  return {
    processes,
    start,
    /** Runs a script of `servers/` with this Node, and gives it its port before the other arguments. */
    async startScript(name: string, script: string, args: string[]): Promise<number> {
      const port = await freePort();
      await start(name, port, process.execPath, [join(SERVERS, script), String(port), ...args]);
      return port;
    },
    /** @returns its port, and its version for the document. */
    async startRedis(folder: string): Promise<{ port: number; version: string }> {
      const port = await freePort();
      const settings = { ...REDIS_SETTINGS, port: String(port), dir: folder };
      const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
      await start("redis", port, "redis-server", args);
      const told = await askRedis(`redis://127.0.0.1:${port}`, "INFO", "server");
      return { port, version: `Redis ${/redis_version:([\d.]+)/.exec(told)?.[1]}` };
    },
    stop,
  };

  async function stop(): Promise<void> {
    const gone = children.map(
      (child) => child.exitCode ?? child.signalCode ?? new Promise((resolve) => child.once("exit", resolve)),
    );
    for (const child of children.toReversed()) child.kill("SIGTERM");
    const timer = setTimeout(() => {
      for (const child of children) child.kill("SIGKILL");
    }, ENDED_WITHIN_MS);
    await Promise.all(gone);
    clearTimeout(timer);
  }

  /** Resolves when it takes connections. @throws Error with its output when it ends instead; then all others are ended too. */
  async function start(name: string, port: number, command: string, args: string[]): Promise<void> {
    const child = spawnChild({}, command, args, ["ignore", "pipe", "pipe"]);
    children.push(child);
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (text) => {
        said = (said + text).slice(-2_000);
      });
    const hasEnded = (): boolean => typeof child.exitCode === "number" || Boolean(child.signalCode);
    try {
      const check = async (): Promise<boolean> => hasEnded() || (await takesConnections(port));
      await until(`${name} listens`, check, { withinMs: LISTENS_WITHIN_MS });
      if (hasEnded()) throw new Error(`${name} ended: ${said}`);
    } catch (error) {
      await stop();
      throw error;
    }
    processes.push({ name, pid: child.pid ?? 0 });
  }
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
