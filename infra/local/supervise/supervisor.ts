/** Keeps one part running: started again whenever it ends, killed when it hangs, stopped when asked. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { lineOf, Problem } from "../cli/problem.ts";
import { until } from "../cli/until.ts";
import type { Recorder } from "../data/leftovers.ts";
import { watch } from "./health-check.ts";
import { rotateLog } from "./logs.ts";
import type { Part } from "./process-spec.ts";
import { type ServerProcess, spawnServer, tailOf } from "./server-process.ts";

/** What ends sooner than this died young: the next start waits. */
const YOUNG_MS = 10_000;
const FIRST_BACKOFF_MS = 250;
const MOST_BACKOFF_MS = 10_000;
const START_WITHIN_MS = 30_000;
const START_TRIES = 3;

export type Supervised = {
  readonly part: Part;
  pid(): number | null;
  ready(): boolean;
  restarts(): number;
  /** Resolves when the part serves. @throws Problem with the end of its log when it keeps dying or takes too long. */
  start(): Promise<void>;
  /** Asks it to leave and resolves when the one started in its place serves. */
  renew(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  stop(): Promise<void>;
  /** Ends it at once, for good. */
  kill(): void;
};

export type Surroundings = { logs: string; recorder: Recorder; say: (line: string) => void };

export function supervise(part: Part, { logs, recorder, say }: Surroundings): Supervised {
  const logFile = join(logs, `${part.name}.log`);
  let current: ServerProcess | undefined;
  let wanted = false;
  const unwanted = new AbortController();
  let ready = false;
  let starts = 0;
  let asked = false;
  let deaths = 0;
  let trouble = "";
  let running: Promise<void> = Promise.resolve();

  const live = async (): Promise<void> => {
    rotateLog(logFile);
    const born = performance.now();
    const server = await spawnServer(await part.command(), {
      logFile,
      ...(part.env ? { env: part.env() } : {}),
      tied: part.tied ?? false,
    });
    current = server;
    starts += 1;
    recorder.add(part.name, server.pid);
    // `kill` may have come while it was being started.
    if (!wanted) server.signal("SIGKILL");
    const ending = new AbortController();
    void watch(part, ending.signal, {
      onReady: (now) => {
        ready = now;
      },
      onHang: () => {
        say(`${part.name} does not answer: killed`);
        server.signal("SIGKILL");
      },
    });
    const how = await server.gone;
    ending.abort();
    ready = false;
    current = undefined;
    recorder.remove(part.name);
    if (!wanted) return;
    deaths = !asked && performance.now() - born < YOUNG_MS ? deaths + 1 : 0;
    if (!asked) say(`${part.name} ended (${how}): starting it again`);
    asked = false;
    if (deaths > 1) await pause(Math.min(MOST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (deaths - 2)));
  };

  const pause = (ms: number): Promise<void> =>
    delay(ms, undefined, { signal: unwanted.signal }).catch(() => undefined);

  const keep = async (): Promise<void> => {
    while (wanted) {
      try {
        await live();
      } catch (error) {
        trouble = lineOf(error);
        // What cannot even be run once will not be run by trying again.
        if (starts === 0) return;
        say(`${part.name} could not be started: ${trouble}`);
        await pause(MOST_BACKOFF_MS / 4);
      }
    }
  };

  return {
    part,
    pid: () => current?.pid ?? null,
    ready: () => ready,
    restarts: () => Math.max(0, starts - 1),
    async start() {
      wanted = true;
      running = keep();
      const deadline = performance.now() + START_WITHIN_MS;
      const hopeless = (): boolean => !wanted || trouble !== "" || deaths >= START_TRIES;
      while (!ready && !hopeless() && performance.now() < deadline) await delay(20);
      if (ready) return;
      if (!wanted) throw new Problem(`${part.name} was stopped`);
      const why = trouble || `its log ${logFile} ends with:\n${tailOf(logFile)}`;
      throw new Problem(`${part.name} does not start: ${why}`);
    },
    async renew() {
      const before = starts;
      asked = current !== undefined;
      await current?.stop(part.stopSignal, part.stopWithinMs);
      await until(`${part.name} comes back`, () => starts > before && ready, { withinMs: START_WITHIN_MS });
    },
    signal: (name) => current?.signal(name),
    async stop() {
      wanted = false;
      unwanted.abort();
      await current?.stop(part.stopSignal, part.stopWithinMs);
      await running;
    },
    kill() {
      wanted = false;
      unwanted.abort();
      current?.signal("SIGKILL");
    },
  };
}
