/** Keeps one process running: restarts it whenever it ends, kills it when it hangs, stops it when asked. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { REFUSED_EXIT_CODE } from "../../../shared/server/process/refused.ts";
import { until } from "../../../shared/until.ts";
import { lineOf, Problem } from "../cli/problem.ts";
import type { Recorder } from "../data/orphans.ts";
import { watchHealth } from "./health-check.ts";
import { rotateLog } from "./logs.ts";
import type { ProcessSpec } from "./process-spec.ts";
import { refusalIn, type ServerProcess, spawnServer, tailOf } from "./server-process.ts";

/** An exit sooner than this after the start counts as part of a crash loop; from the second one on restarts back off. */
const CRASH_LOOP_MS = 10_000;
const MIN_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 10_000;
const START_WITHIN_MS = 30_000;
const MAX_START_CRASHES = 3;

export type ManagedProcess = {
  readonly spec: ProcessSpec;
  pid(): number | undefined;
  ready(): boolean;
  restarts(): number;
  /** Resolves when the process serves. @throws Problem with the end of its log when it crash-loops or takes too long. */
  start(): Promise<void>;
  /** Stops the process and resolves when its replacement serves. */
  restart(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  stop(): Promise<void>;
  /** SIGKILL, and no restart. */
  kill(): void;
};

export type SupervisorContext = { logs: string; recorder: Recorder; say: (line: string) => void };

export function supervise(spec: ProcessSpec, { logs, recorder, say }: SupervisorContext): ManagedProcess {
  const { name } = spec;
  const logFile = join(logs, `${name}.log`);
  const stopped = new AbortController();
  let current: ServerProcess | undefined;
  let shouldRun = false;
  let ready = false;
  let starts = 0;
  let restartRequested = false;
  let earlyExits = 0;
  let startError = "";
  let running: Promise<void> = Promise.resolve();

  return {
    spec,
    pid: () => current?.pid,
    ready: () => ready,
    restarts: () => Math.max(0, starts - 1),
    start,
    async restart() {
      const before = starts;
      restartRequested = current !== undefined;
      await current?.stop(spec.stopSignal, spec.stopWithinMs);
      await until(`${name} comes back`, () => starts > before && ready, { withinMs: START_WITHIN_MS });
    },
    signal: (signalName) => current?.signal(signalName),
    async stop() {
      shouldRun = false;
      stopped.abort();
      await current?.stop(spec.stopSignal, spec.stopWithinMs);
      await running;
    },
    kill() {
      shouldRun = false;
      stopped.abort();
      current?.signal("SIGKILL");
    },
  };

  async function start(): Promise<void> {
    shouldRun = true;
    running = runUntilStopped();
    const deadline = performance.now() + START_WITHIN_MS;
    const hopeless = (): boolean => !shouldRun || startError !== "" || earlyExits >= MAX_START_CRASHES;
    while (!ready && !hopeless() && performance.now() < deadline) await delay(20);
    if (ready) return;
    if (!shouldRun) throw new Problem(`${name} was stopped`);
    const why = startError || `its log ${logFile} ends with:\n${tailOf(logFile)}`;
    throw new Problem(`${name} does not start: ${why}`);
  }

  async function runUntilStopped(): Promise<void> {
    while (shouldRun) {
      try {
        await runOnce();
      } catch (error) {
        startError = lineOf(error);
        // A command that never started is not retried.
        if (starts === 0) return;
        say(`${name} could not be started: ${startError}`);
        await pause(MAX_BACKOFF_MS / 4);
      }
    }
  }

  async function runOnce(): Promise<void> {
    rotateLog(logFile);
    const startedAt = performance.now();
    const server = await spawnServer(await spec.command(), {
      logFile,
      ...(spec.env ? { env: spec.env() } : {}),
      pipeStdin: spec.diesWithStdin ?? false,
    });
    current = server;
    starts += 1;
    recorder.add(name, server.pid);
    // `kill` may have come during the start.
    if (!shouldRun) server.signal("SIGKILL");
    const how = await watchUntilGone(server);
    ready = false;
    startError = how === `code ${REFUSED_EXIT_CODE}` ? refusalIn(logFile) : "";
    current = undefined;
    recorder.remove(name);
    if (shouldRun) await beforeRestart(how, performance.now() - startedAt);
  }

  async function watchUntilGone(server: ServerProcess): Promise<string> {
    const ended = new AbortController();
    void watchHealth(spec, ended.signal, {
      onReady: (now) => {
        ready = now;
      },
      onHang: () => {
        say(`${name} does not answer: killed`);
        server.signal("SIGKILL");
      },
    });
    const how = await server.gone;
    ended.abort();
    return how;
  }

  async function beforeRestart(how: string, uptimeMs: number): Promise<void> {
    earlyExits = !restartRequested && uptimeMs < CRASH_LOOP_MS ? earlyExits + 1 : 0;
    if (!restartRequested) say(`${name} ended (${startError || how}): starting it again`);
    restartRequested = false;
    if (startError) await pause(MAX_BACKOFF_MS / 4);
    else if (earlyExits > 1) await pause(Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** (earlyExits - 2)));
  }

  function pause(ms: number): Promise<void> {
    // It fails only when the process is to stop, which ends the pause.
    return delay(ms, undefined, { signal: stopped.signal }).catch(() => undefined);
  }
}
