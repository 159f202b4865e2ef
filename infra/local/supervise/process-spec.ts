/** The specification of a managed process: its command, its health checks, its stop signal. */
import { ask } from "./ask.ts";
import type { Command } from "./die-with-parent.ts";

export type ProcessSpec = {
  readonly name: string;
  /** The port as of its last start. */
  readonly port: number;
  command(): Command | Promise<Command>;
  /** Read at each start, after `command`. */
  env?(): NodeJS.ProcessEnv;
  /** Gets a pipe as standard input and ends when the pipe ends, so it ends with the runner. */
  readonly diesWithStdin?: boolean;
  /** Whether it serves. */
  ready(): Promise<boolean>;
  /** Whether it answers. Killed after `HANG_MS` without an answer. Without this function only its exit is noticed. */
  alive?(): Promise<boolean>;
  readonly stopSignal: NodeJS.Signals;
  /** Time between `stopSignal` and SIGKILL. */
  readonly stopWithinMs: number;
  readonly checkEveryMs: number;
};

/** @returns whether the answer to this GET is a 200. Any other answer or an error is false. */
export async function answers(port: number, path: string): Promise<boolean> {
  try {
    return (await ask(port, path, 2_000)).status === 200;
  } catch {
    return false;
  }
}
