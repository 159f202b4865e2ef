/** One child process in a session of its own, so that Ctrl-C in a terminal reaches only the runner. Restarts nothing. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "./die-with-parent.ts";

export type ServerProcess = {
  readonly pid: number;
  /** Resolves with a phrase ("code 1", "SIGKILL") once the process is gone. */
  readonly gone: Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** Sends `name`, then SIGKILL after `withinMs`; resolves when the process is gone. */
  stop(name: NodeJS.Signals, withinMs: number): Promise<void>;
};

export type SpawnOptions = {
  logFile: string;
  env?: NodeJS.ProcessEnv;
  /** Gives it a pipe as standard input that ends when this process does. */
  pipeStdin?: boolean;
};

/** @throws Error when the command cannot be started at all. */
export async function spawnServer(
  { command, args }: Command,
  { logFile, env, pipeStdin }: SpawnOptions,
): Promise<ServerProcess> {
  const log = openSync(logFile, "a", 0o600);
  const child = spawn(command, args, {
    detached: true,
    stdio: [pipeStdin ? "pipe" : "ignore", log, log],
    ...(env ? { env } : {}),
  });
  closeSync(log);
  // A write to the pipe of a child that has exited fails.
  child.stdin?.on("error", () => undefined);
  const gone = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => {
      endGroup(child.pid);
      resolve(signal ?? `code ${code}`);
    });
  });
  const pid = await started(child);
  return {
    pid,
    gone,
    signal,
    async stop(name, withinMs) {
      signal(name);
      const timer = new AbortController();
      const timedOut = delay(withinMs, true, { signal: timer.signal, ref: false }).catch(() => false);
      if ((await Promise.race([gone, timedOut])) === true) signal("SIGKILL");
      await gone;
      timer.abort();
    },
  };

  /** SIGKILL gives a process no time to end its helpers, so it goes to the whole group. */
  function signal(name: NodeJS.Signals): void {
    if (name === "SIGKILL") endGroup(pid);
    else child.kill(name);
  }
}

/** The end of a log, for a message about a server that would not start. */
export function tailOf(logFile: string, lines = 5): string {
  return readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
}

/** The reason in the last line of the log of a process that refused to run (shared/server/process/lifecycle.ts); empty without one. */
export function refusalIn(logFile: string): string {
  try {
    return String((JSON.parse(tailOf(logFile, 1)) as { reason?: unknown }).reason ?? "");
  } catch {
    return "";
  }
}

/** SIGKILL for a process and its helpers: the workers of a killed nginx are of its group, and would go on serving. */
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
