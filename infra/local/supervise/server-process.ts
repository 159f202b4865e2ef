/** One foreign server in a child process of its own session, so that Ctrl-C in a terminal reaches only the runner. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "./die-with-parent.ts";

export type ServerProcess = {
  readonly pid: number;
  /** Resolves with a phrase ("code 1", "SIGKILL") once the process is gone. */
  readonly gone: Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** Asks with `name`, ends with SIGKILL after `withinMs`; resolves when it is gone. */
  stop(name: NodeJS.Signals, withinMs: number): Promise<void>;
};

export type SpawnOptions = {
  logFile: string;
  env?: NodeJS.ProcessEnv;
  /** Give it a pipe as standard input that ends when this process does. */
  tied?: boolean;
};

/** @throws Error when the command cannot be started at all. */
export async function spawnServer(
  { command, args }: Command,
  { logFile, env, tied }: SpawnOptions,
): Promise<ServerProcess> {
  const log = openSync(logFile, "a", 0o600);
  const child = spawn(command, args, {
    detached: true,
    stdio: [tied ? "pipe" : "ignore", log, log],
    ...(env ? { env } : {}),
  });
  closeSync(log);
  // A child that died no longer reads its tie.
  child.stdin?.on("error", () => undefined);
  const gone = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => {
      endGroup(child.pid);
      resolve(signal ?? `code ${code}`);
    });
  });
  const pid = await started(child);
  // SIGKILL leaves no time to end one's helpers: it goes to all of them.
  const signal = (name: NodeJS.Signals): void => {
    if (name === "SIGKILL") endGroup(pid);
    else child.kill(name);
  };
  return {
    pid,
    gone,
    signal,
    stop: async (name, withinMs) => {
      signal(name);
      const timer = new AbortController();
      const late = delay(withinMs, "late" as const, { signal: timer.signal, ref: false }).catch(
        () => "gone" as const,
      );
      if ((await Promise.race([gone, late])) === "late") signal("SIGKILL");
      await gone;
      timer.abort();
    },
  };
}

/** The end of a log, for a message about a server that would not start. */
export function tailOf(logFile: string, lines = 5): string {
  return readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
}

/** Ends a process with its helpers: a killed nginx leaves workers that would go on serving. They are of its group. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function started(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("spawn", () => (child.pid === undefined ? reject(new Error("no pid")) : resolve(child.pid)));
  });
}
