/** The life of every process of the cluster: starts parts in order, stops them in reverse within a deadline, and crashes on unhandled errors. */
import { type Config, loadOwnConfig } from "./config.ts";
import { createLog, type Log } from "./logger.ts";
import { REFUSED_EXIT_CODE, Refused } from "./refused.ts";

type OnClose = (name: string, close: () => unknown) => void;
export type Life = { config: Config; log: Log; onClose: OnClose };

/** Added to the drain time; a process that has not stopped by then exits. */
const GRACE_MS = 10_000;

/**
 * Runs a process until SIGTERM, SIGINT or, with SUDA_TIED, the end of standard input. `start` registers close functions with
 * `onClose`; they run in reverse order. A second signal, or a shutdown past its deadline, exits at once with code 1. An
 * uncaught error is a bug: it is logged and exits with code 1. A process that must not run as it was started (`Refused`) logs one
 * line and exits with code 78.
 */
export async function runProcess(start: (life: Life) => Promise<void>): Promise<void> {
  let config: Config;
  try {
    config = loadOwnConfig();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(2);
  }
  const log = createLog(config.name, config.logLevel);
  const releases: { name: string; close: () => unknown }[] = [];
  let stopping = false;

  const crash = (error: unknown): never => {
    if (error instanceof Refused) {
      log.fatal({ reason: error.message }, "refused");
      process.exit(REFUSED_EXIT_CODE);
    }
    log.fatal({ err: error }, "crashed");
    process.exit(1);
  };
  const stop = async (reason: string): Promise<void> => {
    if (stopping) {
      log.warn({ reason }, "stopped at once");
      process.exit(1);
    }
    stopping = true;
    log.info({ reason }, "stopping");
    setTimeout(() => {
      log.error("could not stop in time");
      process.exit(1);
    }, config.drainMs + GRACE_MS).unref();
    for (const { name, close } of releases.reverse()) {
      try {
        await close();
      } catch (error) {
        log.warn({ err: error, part: name }, "part did not close cleanly");
      }
    }
    log.info("stopped");
    process.exit(0);
  };

  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
  process.on("SIGTERM", () => void stop("SIGTERM"));
  process.on("SIGINT", () => void stop("SIGINT"));
  if (config.tied) {
    process.stdin.on("end", () => void stop("runner ended"));
    process.stdin.on("error", () => void stop("runner ended"));
    process.stdin.resume();
  }
  try {
    await start({ config, log, onClose: (name, close) => releases.push({ name, close }) });
    log.info("started");
  } catch (error) {
    crash(error);
  }
}
